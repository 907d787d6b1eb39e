"""JSON objects that are rows as they stand: each key is a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lgdp.contracts.heading import fold
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.table import TableSpec
from lgdp.intake.finding import Finding
from lgdp.intake.header import match_of, require_match
from lgdp.intake.header_search import HeaderPlace, header_notes
from lgdp.intake.json_value import defect_of, is_nested, text_of
from lgdp.intake.json_walk import not_an_object
from lgdp.intake.json_window import Decoded
from lgdp.intake.row_collector import RowCollector

KNOWN_AFTER = 100
"""Records of a table by which its columns are known; a key may be left out of any one of them."""


class FlatRows:
    """Takes the records of one table; `flush` at the end.

    `table` is null if the records' keys have to say which it is.
    """

    def __init__(
        self,
        file: str,
        ruleset: Ruleset,
        table: TableSpec | None,
        collector: RowCollector,
        damaged: bool,
    ) -> None:
        self._file, self._ruleset, self._collector = file, ruleset, collector
        self._damaged, self._table = damaged, table
        self._columns: dict[str, str] = {}
        self._waiting: list[Decoded] = []
        self._is_known = False
        self._unknown: Counter[str] = Counter()
        self._notes: list[Finding] = []

    def add(self, record: Decoded) -> None:
        """Take the next record. FileRejected NOT_RECORDS if it is no object."""
        if not isinstance(record.value, dict):
            raise not_an_object(record)
        if self._is_known:
            self._put(record)
            return
        self._waiting.append(record)
        if len(self._waiting) >= KNOWN_AFTER:
            self._know()

    def flush(self) -> Iterator[Finding]:
        """Take what waits; notes on keys that are no columns, and columns that are no keys."""
        if self._waiting:
            self._know()
        yield from self._notes
        table = self._table.name if self._table else None
        for heading, count in self._unknown.items():
            message = f"The key '{heading}' is not part of {table}; kept, and not used ({count:,})."
            yield Finding(self._file, "UNKNOWN_COLUMN", "info", message, table, heading)

    def _know(self) -> None:
        keys = list(dict.fromkeys(str(key) for item in self._waiting for key in _keys(item)))
        # Two spellings of one key are a matter of the record that has both.
        keys = list({fold(key): key for key in reversed(keys)}.values())[::-1]
        if self._table is None:
            match = require_match(keys, self._ruleset, self._file)
        else:
            match = match_of(self._table, keys)
        self._table, self._is_known = match.table, True
        # Keys that are no column are told at the end, with those that come later.
        told = header_notes(self._file, HeaderPlace(match))
        self._notes = [note for note in told if note.code == "ABSENT_COLUMN"]
        waiting, self._waiting = self._waiting, []
        for record in waiting:
            self._put(record)

    def _put(self, record: Decoded) -> None:
        if self._table is None or not isinstance(record.value, dict):
            return
        row: dict[str, object] = {}
        extra: list[tuple[str, str]] = []
        defect = defect_of(record.value, self._damaged)
        for key, value in record.value.items():
            column = self._table.headings.get(fold(key))
            text = text_of(value)
            if column is None:
                self._unknown[key] += 1
                extra += [(key, text)] if text is not None else []
                continue
            if column in row:
                defect = defect or "DUPLICATE_KEY"
            elif is_nested(value):
                defect = defect or "NESTED_VALUE"
            row[column] = text
        if extra:
            row["_extra"] = extra
        if defect:
            row |= {"_defect": defect, "_raw": record.text}
        self._collector.add(self._table, row)


def _keys(record: Decoded) -> Iterator[object]:
    if isinstance(record.value, dict):
        yield from record.value
