"""One unit of an XML return, flattened to rows of its tables with parent keys."""

from __future__ import annotations

from collections import defaultdict

from lxml import etree

from lgdp.contracts.spec import Spec
from lgdp.contracts.table import TableSpec, XmlTable
from lgdp.intake.xml_rest import Rest, joined, local_name

Row = dict[str, object]
Rows = list[tuple[TableSpec, Row]]


class UnitShape:
    """How one kind of unit is cut into tables; made once per file."""

    def __init__(self, spec: Spec, unit: str) -> None:
        self.by_record: dict[str, list[tuple[TableSpec, XmlTable]]] = defaultdict(list)
        self.numbered: set[str] = set()
        for table in spec.tables:
            if table.xml is not None and table.xml.unit == unit:
                self.by_record[table.xml.record].append((table, table.xml))
                paths = (table.xml.columns.get(name, name) for name in table.column_names)
                self.numbered.update(path[1:] for path in paths if path.startswith("#"))

    def rows(self, unit: etree._Element, counters: dict[str, int]) -> tuple[Rows, dict[str, str]]:
        """Rows in document order, and what is in the unit although it made no row.

        `counters` holds the running numbers of the file.
        """
        reading = _UnitReading(self, unit, counters)
        reading.walk(unit, "", {})
        rest = Rest(reading.read, reading.records)
        rest.walk(unit)
        return reading.rows, rest.unowned


class _UnitReading:
    """`read` are the elements whose text became a value, `records` the first row of each record."""

    def __init__(self, shape: UnitShape, unit: etree._Element, counters: dict[str, int]) -> None:
        self._shape, self._unit, self._counters = shape, unit, counters
        self.rows: Rows = []
        self.read: set[etree._Element] = set()
        self.records: dict[etree._Element, Row] = {}

    def walk(self, element: etree._Element, path: str, numbers: dict[str, int]) -> None:
        name = local_name(element)
        if name in self._shape.numbered:
            self._counters[name] = self._counters.get(name, 0) + 1
            numbers = {**numbers, name: self._counters[name]}
        for table, form in self._shape.by_record.get(path, ()):
            row = self._row(table, form, element, numbers)
            if row is not None:
                self.rows.append((table, row))
                self.records.setdefault(element, row)
        for child in element:
            self.walk(child, joined(path, local_name(child)), numbers)

    def _row(
        self,
        table: TableSpec,
        form: XmlTable,
        record: etree._Element,
        numbers: dict[str, int],
    ) -> Row | None:
        row: Row = {}
        read: list[etree._Element] = []
        for path, wanted in form.when.items():
            found = _at(self._unit, path)
            if found is None or found.text != wanted:
                return None
            read.append(found)
        for column in table.column_names:
            path = form.columns.get(column, column)
            if path.startswith("#"):
                number = numbers.get(path[1:])
                row[column] = None if number is None else str(number)
                continue
            above = path.startswith("/")
            found = _at(self._unit, path[1:]) if above else _at(record, path)
            row[column] = found.text or None if found is not None else None
            if found is not None:
                read.append(found)
        if form.when_any and not any(_is_filled(row[column]) for column in form.when_any):
            return None
        self.read.update(read)
        return row


def _is_filled(value: object) -> bool:
    return value is not None and bool(str(value).strip())


def _at(element: etree._Element, path: str) -> etree._Element | None:
    """The first element at a path of local names; `.` is the element itself."""
    if path == ".":
        return element
    found: etree._Element | None = element
    for name in path.split("/"):
        if found is None:
            return None
        found = next((child for child in found if local_name(child) == name), None)
    return found
