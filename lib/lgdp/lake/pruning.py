"""Which files of a table need not be read, by the statistics in its log."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

# Comparing every file with every value: above this many values reading is cheaper than choosing.
MOST_VALUES = 1000


def narrowed(
    table: DeltaTable, column: str, values: Sequence[str]
) -> tuple[str, str, list[str]] | None:
    """The condition by which delta-rs leaves files out, None when it would not leave out any.

    A file without statistics on the column is always read.
    """
    wanted = set(values)
    held = _held(table, column)
    if held is not None:
        if held <= wanted:
            return None
        wanted &= held
    # delta-rs takes no empty list, and no file holds this value.
    return (column, "in", sorted(wanted) or [""]) if len(wanted) <= MOST_VALUES else None


def _held(table: DeltaTable, column: str) -> set[str] | None:
    """All values of a column, if every file says that it holds just one."""
    lowest, highest = (_extreme(table, side, column) for side in ("min", "max"))
    if lowest is None or highest is None or not lowest.equals(highest) or lowest.null_count:
        return None
    return set(lowest.to_pylist())


def _extreme(table: DeltaTable, side: str, column: str) -> pa.ChunkedArray | None:
    files = pa.table(table.get_add_actions())
    if side not in files.column_names:
        return None
    of_columns = files[side]
    names = {field.name for field in of_columns.type}
    return pc.struct_field(of_columns, column) if column in names else None
