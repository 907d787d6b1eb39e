"""Bronze rows: every column as a string, as sent, with the place each row came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lgdp.contracts.table import TableSpec
from lgdp.intake.arrays import EXTRA, constant, extras, integers, strings
from lgdp.intake.tidy import TidyWatch

PLACE = (
    ("_raw", pa.string()),
    ("_defect", pa.string()),
    ("_row", pa.int64()),
    ("_file", pa.string()),
)
SENDER = (("_submission", pa.string()), ("_council", pa.string()))
ROWS_PER_GROUP = 122_880
BYTES_PER_GROUP = 64 << 20
"""Rows wait in memory until there are so many of them, or so much of them."""
DICTIONARY_BYTES = 128 << 10
"""A column with more different values is written plain: a dictionary of them costs more than it
saves (1M rows of 20 columns: 1.7 CPU-s and 46 MB with a dictionary of 1 MB, 1.0 and 41 with this).
"""


def bronze_schema(columns: Sequence[str]) -> pa.Schema:
    """The bronze schema of a table with these contract columns, in this order."""
    own = [(name, pa.string()) for name in columns]
    return pa.schema([*own, ("_extra", EXTRA), *PLACE, *SENDER])


def row_batch(table: TableSpec, rows: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    """Rows given as mappings (absent keys are null) as a batch without the sender's columns.

    `_row` is an integer, `_extra` pairs of strings, everything else a string.
    """
    schema = bronze_schema(table.column_names)
    names = schema.names[: -len(SENDER)]
    texts = {
        name: strings([row.get(name) for row in rows])
        for name in names
        if name not in ("_extra", "_row")
    }
    numbers = np.fromiter((row["_row"] for row in rows), np.int64, len(rows))
    others = {"_extra": extras([row.get("_extra") for row in rows]), "_row": integers(numbers)}
    return pa.RecordBatch.from_arrays([{**texts, **others}[name] for name in names], names=names)


class BronzeSink:
    """Writes one Parquet file per table, in constant memory; `close` gives paths and row counts."""

    def __init__(self, folder: Path, submission: str, council: str) -> None:
        self._folder = folder
        self._sender = (submission, council)
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._pending: dict[str, list[pa.RecordBatch]] = {}
        self._watches: dict[str, TidyWatch] = {}
        self.rows: dict[str, int] = {}

    def write(self, table: TableSpec, batch: pa.RecordBatch) -> None:
        """Add rows of a table; they reach the file a row group at a time."""
        submission, council = self._sender
        full = batch.append_column("_submission", constant(submission, len(batch)))
        full = full.append_column("_council", constant(council, len(batch)))
        if table.name not in self._writers:
            schema = bronze_schema(table.column_names)
            self._writers[table.name] = pq.ParquetWriter(
                self.path(table.name),
                schema,
                compression="zstd",
                compression_level=1,
                dictionary_pagesize_limit=DICTIONARY_BYTES,
                # Nobody looks for a value in bronze; least and greatest of a name are personal.
                write_statistics=["_row", "_defect"],
            )
            self._watches[table.name] = TidyWatch(table.column_names)
        self._watches[table.name].look(batch)
        pending = self._pending.setdefault(table.name, [])
        pending.append(full)
        self.rows[table.name] = self.rows.get(table.name, 0) + len(batch)
        rows, size = sum(map(len, pending)), sum(item.nbytes for item in pending)
        if rows >= ROWS_PER_GROUP or size >= BYTES_PER_GROUP:
            self._flush(table.name)

    def path(self, table: str) -> Path:
        """Where the rows of a table are."""
        return self._folder / f"{table}.bronze.parquet"

    def close(self) -> dict[str, int]:
        """Finish all files; rows by table."""
        for table, writer in self._writers.items():
            self._flush(table)
            writer.add_key_value_metadata(self._watches[table].metadata)
            writer.close()
        return dict(self.rows)

    def _flush(self, table: str) -> None:
        pending = self._pending.pop(table, [])
        if pending:
            rows = pa.Table.from_batches(pending)
            # One group, however many: what is over would be a group of its own, and a tiny one.
            self._writers[table].write_table(rows, len(rows))
