"""One unit of a nested JSON document, flattened to rows of its tables with parent keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lgdp.contracts.json_table import JsonTable
from lgdp.contracts.spec import Spec
from lgdp.contracts.table import TableSpec
from lgdp.intake.json_value import is_nested, text_of

Row = dict[str, object]
MISSING = object()


@dataclass(frozen=True)
class _Place:
    """An object or item in a unit: what encloses it, nearest first, and running numbers."""

    value: object
    above: tuple[object, ...]
    numbers: dict[str, int]


class JsonShape:
    """How one kind of unit is cut into tables; made once per file."""

    def __init__(self, spec: Spec, unit: str) -> None:
        self._by_record: dict[str, list[tuple[TableSpec, JsonTable]]] = defaultdict(list)
        self._numbered: set[str] = set()
        for table in spec.tables:
            form = table.json_form
            if form is not None and form.unit == unit:
                self._by_record[form.record].append((table, form))
                paths = (form.columns.get(name, name) for name in table.column_names)
                self._numbered.update(path[1:] for path in paths if path.startswith("#"))
        self._counters: dict[str, int] = {}
        self._name = unit.rpartition("/")[2]

    def rows(self, unit: object) -> Iterator[tuple[TableSpec, Row]]:
        """Rows in document order. What no column was read from is in the `_extra` of a row."""
        top = _Place(unit, (), {})
        yield from self._walk(top, "", unit, self._name)

    def _walk(
        self, place: _Place, path: str, unit: object, name: str
    ) -> Iterator[tuple[TableSpec, Row]]:
        if name in self._numbered:
            self._counters[name] = self._counters.get(name, 0) + 1
            place = _Place(place.value, place.above, {**place.numbers, name: self._counters[name]})
        read: set[str] = set()
        made: list[tuple[TableSpec, Row]] = []
        for table, form in self._by_record.get(path, ()):
            made.append((table, self._row(table, form, place, unit, read)))
        if made:
            self._keep_rest(place.value, path, read, made[0][1])
        yield from made
        if isinstance(place.value, dict):
            for key, value in place.value.items():
                below = f"{path}/{key}" if path else str(key)
                if self._leads_to_records(below):
                    for item in value if isinstance(value, list) else [value]:
                        above = (place.value, *place.above)
                        yield from self._walk(
                            _Place(item, above, place.numbers), below, unit, str(key)
                        )

    def _row(
        self, table: TableSpec, form: JsonTable, place: _Place, unit: object, read: set[str]
    ) -> Row:
        row: Row = {}
        for column in table.column_names:
            path = form.columns.get(column, column)
            if path.startswith("#"):
                number = place.numbers.get(path[1:])
                row[column] = None if number is None else str(number)
                continue
            if not path.startswith(("/", "../")):
                read.add(path)
            value = _value_of(path, place, unit)
            if is_nested(value):
                row["_defect"] = "NESTED_VALUE"
            row[column] = None if value is MISSING else text_of(value)
        return row

    def _keep_rest(self, value: object, path: str, read: set[str], row: Row) -> None:
        """What is in the record's object and makes no column and no record of its own."""
        if not isinstance(value, dict):
            if "." not in read and value is not None:
                row["_extra"] = [(".", text_of(value))]
            return
        extra = []
        waiting = [(str(key), item) for key, item in reversed(value.items())]
        while waiting:
            key, item = waiting.pop()
            if key in read or self._leads_to_records(f"{path}/{key}" if path else key):
                continue
            if isinstance(item, dict) and any(name.startswith(f"{key}/") for name in read):
                waiting += [(f"{key}/{inside}", below) for inside, below in item.items()]
            elif item is not None:
                extra.append((key, text_of(item)))
        if extra:
            row["_extra"] = extra

    def _leads_to_records(self, path: str) -> bool:
        return any(
            record == path or record.startswith(f"{path}/") for record in self._by_record if record
        )


def _value_of(path: str, place: _Place, unit: object) -> object:
    if path == ".":
        return place.value
    if path.startswith("/"):
        return _at(unit, path[1:])
    level, value = 0, place.value
    while path.startswith("../"):
        path = path[3:]
        value = place.above[level] if level < len(place.above) else MISSING
        level += 1
    return _at(value, path)


def _at(value: object, path: str) -> object:
    for name in path.split("/"):
        if not isinstance(value, dict):
            return MISSING
        value = value.get(name, MISSING)
    return value
