"""One table of a return: its columns, its key, and where it is found in XML and workbooks."""

from __future__ import annotations

from collections import Counter

from pydantic import Field, model_validator

from lgdp.contracts.column import Column
from lgdp.contracts.strict import Strict


class XmlTable(Strict):
    """How rows of a table are cut out of an XML unit (see `Spec.xml`).

    `record` is the path, below the unit, of the element that makes a row (empty: the unit itself).
    `columns` gives a column's path below the record; a leading `/` counts from the unit, `#Name`
    is the running number in the file of the enclosing element `Name`, `.` is the element's own
    text. A column not named here has its own name as path. `when_any` keeps a row only if one of
    these columns has a value; `when` only if the text at a path equals the given value.
    """

    unit: str
    record: str = ""
    columns: dict[str, str] = {}
    when_any: tuple[str, ...] = ()
    when: dict[str, str] = {}


class TableSpec(Strict):
    """A table in one year. `sheet` is its worksheet in a workbook, if it is not named like the table."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = ""
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    sheet: str | None = None
    xml: XmlTable | None = None

    @model_validator(mode="after")
    def _names_agree(self) -> TableSpec:
        names = Counter(column.name for column in self.columns)
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            raise ValueError(f"column {twice[0]} is declared twice")
        named = [
            *self.key,
            *(self.xml.columns if self.xml else ()),
            *(self.xml.when_any if self.xml else ()),
        ]
        for name in named:
            if name not in names:
                raise ValueError(f"{name} is not a column of the table")
        return self

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in declared order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)
