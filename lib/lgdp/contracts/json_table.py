"""How rows of a table are cut out of JSON."""

from __future__ import annotations

from lgdp.contracts.strict import Strict


class JsonTable(Strict):
    """The JSON form of a table, in the spirit of `XmlTable`.

    `unit` is the path, from the top of the document, of the objects that are read one at a time
    (empty: the document itself, the items of its array, or its lines). `record` is the path below
    the unit of the objects that make rows; arrays on the way are gone through. `columns` gives a
    column's path below the record: a leading `/` counts from the unit, `../` from the enclosing
    object (once for each level), `#name` is the running number in the file of the enclosing item of
    `name`, `.` is the item itself (of an array of plain values). A column not named here has its
    own name as path.
    """

    unit: str = ""
    record: str = ""
    columns: dict[str, str] = {}
