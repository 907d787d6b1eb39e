"""The silver files of submissions that were looked at together and are clean."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lgdp.checks.sql_text import literal, quoted
from lgdp.checks.workspace import Workspace


def write_apart(
    space: Workspace, clean: Container[str], scratch: Path
) -> dict[str, dict[str, Path]]:
    """Write the rows of each table of `space`, a file in `scratch` for each clean submission.

    The files come back by table and submission; there is none where it has no row.
    """
    files: dict[str, dict[str, Path]] = {}
    for table in space.ruleset.spec.tables:
        if table.name not in space.bronze:
            continue
        rows = space.db.sql(
            f"SELECT {space.typed_columns(table)}, {literal(space.ruleset.id)} AS _ruleset "
            f"FROM {quoted(table.name)}"
        ).to_arrow_table()
        files[table.name] = {
            name: _write(rows.slice(start, count), scratch / f"{table.name}.{name}.silver.parquet")
            for name, start, count in _runs(rows.column("_submission"))
            if name in clean
        }
    return files


def _write(rows: pa.Table, path: Path) -> Path:
    with pq.ParquetWriter(
        path, rows.schema, compression="zstd", compression_level=1, write_statistics=False
    ) as writer:
        writer.write_table(rows)
    return path


def _runs(names: pa.ChunkedArray) -> Iterator[tuple[str, int, int]]:
    """Each value with the place where it begins and how often it comes; equal ones are together."""
    encoded = pc.run_end_encode(names.combine_chunks())
    start = 0
    for name, end in zip(encoded.values.to_pylist(), encoded.run_ends.to_pylist(), strict=True):
        yield name, start, end - start
        start = end
