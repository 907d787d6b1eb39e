"""Rows made one by one (XML, workbooks), numbered within their table and sent on in batches."""

from __future__ import annotations

from typing import Any

from lgdp.config import Limits
from lgdp.contracts.table import TableSpec
from lgdp.intake.bronze import BronzeSink, row_batch
from lgdp.intake.refusal import too_long

ROWS_AT_ONCE = 20_000
BYTES_AT_ONCE = 16 << 20


class RowCollector:
    """Collects the rows of one file; `flush` at its end. Refuses values that are too long."""

    def __init__(self, file: str, limits: Limits, sink: BronzeSink) -> None:
        self._file, self._limits, self._sink = file, limits, sink
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._bytes: dict[str, int] = {}
        self._tables: dict[str, TableSpec] = {}
        self._count: dict[str, int] = {}

    def add(self, table: TableSpec, row: dict[str, Any]) -> None:
        """Take the next row of a table: text or null by column, and `_extra` pairs if any."""
        self.put(table, self.next_number(table), row)

    def next_number(self, table: TableSpec) -> int:
        """The number of the table's next record, which is counted by this."""
        self._count[table.name] = self._count.get(table.name, 0) + 1
        return self._count[table.name]

    def put(self, table: TableSpec, number: int, row: dict[str, Any]) -> None:
        """Take a row of record `number`, as `add` does; a record may have several, or none."""
        name = table.name
        self._tables[name] = table
        row["_row"], row["_file"] = number, self._file
        if any(isinstance(value, str) and "\0" in value for value in row.values()):
            row["_defect"] = "NUL_BYTE"
        self._bytes[name] = self._bytes.get(name, 0) + self._size(row)
        rows = self._rows.setdefault(name, [])
        rows.append(row)
        if len(rows) >= ROWS_AT_ONCE or self._bytes[name] >= BYTES_AT_ONCE:
            self.flush(name)

    def flush(self, only: str | None = None) -> None:
        """Send what is waiting to the sink, of one table or of all."""
        for name in [only] if only else list(self._rows):
            rows = self._rows.pop(name, [])
            self._bytes[name] = 0
            if rows:
                self._sink.write(self._tables[name], row_batch(self._tables[name], rows))

    def _size(self, row: dict[str, Any]) -> int:
        most, total = self._limits.field_bytes, 0
        pairs = [*row.items(), *(row.get("_extra") or ())]
        for heading, value in pairs:
            if not isinstance(value, str):
                continue
            total += len(value)
            # No character takes more than four bytes, so most values need no second look.
            if len(value) * 4 > most and len(value.encode()) > most:
                raise too_long(heading, len(value.encode()), self._limits, row["_row"])
        return total
