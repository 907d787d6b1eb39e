"""One unit of an XML return, flattened to rows of its tables with parent keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from lgdp.contracts.spec import Spec
from lgdp.contracts.table import TableSpec

Row = dict[str, object]


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(element).localname


class UnitShape:
    """How one kind of unit is cut into tables; made once per file."""

    def __init__(self, spec: Spec, unit: str) -> None:
        self.unit = unit
        self.by_record: dict[str, list[TableSpec]] = defaultdict(list)
        self.numbered: set[str] = set()
        self._used: set[str] = set()
        for table in spec.tables:
            if table.xml is not None and table.xml.unit == unit:
                self.by_record[table.xml.record].append(table)
                self._use(table)

    def _use(self, table: TableSpec) -> None:
        assert table.xml is not None
        for column in table.column_names:
            path = table.xml.columns.get(column, column)
            if path.startswith("#"):
                self.numbered.add(path[1:])
            elif path.startswith("/"):
                self._used.add(path[1:])
            else:
                self._used.add(_joined(table.xml.record, "" if path == "." else path))

    def rows(
        self, unit: etree._Element, counters: dict[str, int]
    ) -> Iterator[tuple[TableSpec, Row]]:
        """Rows in document order; `counters` holds the running numbers of the file."""
        yield from self._walk(unit, unit, "", {}, None, counters)

    def _walk(
        self,
        unit: etree._Element,
        element: etree._Element,
        path: str,
        numbers: dict[str, int],
        owner: tuple[str, dict[str, str]] | None,
        counters: dict[str, int],
    ) -> Iterator[tuple[TableSpec, Row]]:
        name = local_name(element)
        if name in self.numbered:
            counters[name] = counters.get(name, 0) + 1
            numbers = {**numbers, name: counters[name]}
        made: list[tuple[TableSpec, Row]] = []
        extra: dict[str, str] = {}
        for table in self.by_record.get(path, ()):
            row = self._row(table, unit, element, numbers)
            if row is not None:
                made.append((table, row))
        if made:
            owner = (path, extra)
        yield from made
        for child in element:
            child_path = _joined(path, local_name(child))
            self._keep_unused(child, child_path, owner)
            yield from self._walk(unit, child, child_path, numbers, owner, counters)
        self._keep_stray_text(element, path, owner)
        if made and extra:
            made[0][1]["_extra"] = list(extra.items())

    def _row(
        self,
        table: TableSpec,
        unit: etree._Element,
        record: etree._Element,
        numbers: dict[str, int],
    ) -> Row | None:
        form = table.xml
        assert form is not None
        if any(_text(unit, path) != value for path, value in form.when.items()):
            return None
        row: Row = {}
        for column in table.column_names:
            path = form.columns.get(column, column)
            if path.startswith("#"):
                number = numbers.get(path[1:])
                row[column] = None if number is None else str(number)
            elif path.startswith("/"):
                row[column] = _text(unit, path[1:])
            else:
                row[column] = _text(record, path)
        if form.when_any and not any(row[column] for column in form.when_any):
            return None
        return row

    def _keep_unused(
        self, child: etree._Element, path: str, owner: tuple[str, dict[str, str]] | None
    ) -> None:
        if owner is None or len(child) or path in self._used or path in self.by_record:
            return
        if child.text and child.text.strip():
            key = path.removeprefix(owner[0]).lstrip("/")
            owner[1][_free(owner[1], key)] = child.text

    def _keep_stray_text(
        self, element: etree._Element, path: str, owner: tuple[str, dict[str, str]] | None
    ) -> None:
        if owner is None or not len(element):
            return
        pieces = [element.text, *(child.tail for child in element)]
        stray = " ".join(piece.strip() for piece in pieces if piece and piece.strip())
        if stray:
            key = _joined(path.removeprefix(owner[0]).lstrip("/"), "text()")
            owner[1][_free(owner[1], key)] = stray


def _joined(*parts: str) -> str:
    return "/".join(part for part in parts if part)


def _free(taken: dict[str, str], key: str) -> str:
    name, number = key, 2
    while name in taken:
        name, number = f"{key}#{number}", number + 1
    return name


def _text(element: etree._Element, path: str) -> str | None:
    found: etree._Element | None = element
    for name in path.split("/"):
        if name != "." and found is not None:
            found = next((child for child in found if local_name(child) == name), None)
    return found.text if found is not None and found.text else None
