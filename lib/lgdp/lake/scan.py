"""A Delta table as an Arrow dataset.

`DeltaTable.to_pyarrow_dataset` is not used: in deltalake 1.6.6 a file without statistics on a
column gets the guarantee `column >= null`, and every filter on that column silently drops it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.fs as pafs
from deltalake import DeltaTable

from lgdp.errors import LakeError

# Spark writes timestamps as INT96, which would overflow as nanoseconds before 1677.
_PARQUET = ds.ParquetFileFormat(
    read_options=ds.ParquetReadOptions(coerce_int96_timestamp_unit="us"),
    default_fragment_scan_options=ds.ParquetFragmentScanOptions(pre_buffer=True),
)
READER_VERSION = 1

Wanted = Callable[[Any, Any], bool]
"""Whether a file may have wanted rows, by the lowest and highest value of a column in it."""


def among(values: Iterable[str]) -> Wanted:
    """Files that may hold one of these values.

    >>> holds = among(["b", "f"])
    >>> holds("a", "c"), holds("c", "e"), holds("f", "f")
    (True, False, True)
    """
    ordered = sorted(values)
    return lambda low, high: bisect_left(ordered, low) < bisect_right(ordered, high)


def scan(
    table: DeltaTable,
    folder: pafs.FileSystem,
    column: str | None = None,
    wanted: Wanted | None = None,
) -> ds.Dataset:
    """The rows of a table at the version it was opened at, read from its folder.

    With `column` and `wanted`, files are left out whose statistics on the column say that they
    have nothing wanted; the others have rows that are not wanted, too. LakeError when reading
    takes more than the lowest protocol: deleted rows and renamed columns would be misread.
    """
    reader = table.protocol().min_reader_version
    if reader > READER_VERSION:
        raise LakeError(
            f"the table at {table.table_uri} wants Delta reader version {reader}, and tables of "
            f"a lake are kept at {READER_VERSION}"
        )
    schema = pa.schema(table.schema().to_arrow())
    files = pa.table(table.get_add_actions())
    if column is not None and wanted is not None:
        files = files.filter(_chosen(files, column, wanted))
    fragments = [
        _PARQUET.make_fragment(path, folder, partition_expression=_condition(values, schema))
        for path, values in _partitioned(files)
    ]
    return ds.FileSystemDataset(fragments, schema, _PARQUET, folder)


def paths(table: DeltaTable) -> list[str]:
    """The paths of the files that the version consists of, relative to the table."""
    # The log holds paths as they are in a URL.
    return [unquote(path) for path in pa.table(table.get_add_actions())["path"].to_pylist()]


def _partitioned(files: pa.Table) -> Iterator[tuple[str, Mapping[str, Any]]]:
    names = [unquote(path) for path in files["path"].to_pylist()]
    if "partition" not in files.column_names:
        return zip(names, [{}] * len(names), strict=True)
    return zip(names, files["partition"].to_pylist(), strict=True)


def _condition(values: Mapping[str, Any], schema: pa.Schema) -> pc.Expression | None:
    """What every row of a partition meets; Arrow fills in the columns from it."""
    each = [
        pc.field(name).is_null()
        if value is None
        else pc.field(name) == pa.scalar(value, schema.field(name).type)
        for name, value in values.items()
    ]
    return reduce(lambda left, right: left & right, each) if each else None


def _chosen(files: pa.Table, column: str, wanted: Wanted) -> pa.Array:
    # What a file without statistics holds is not known.
    extremes = zip(_side(files, "min", column), _side(files, "max", column), strict=True)
    return pa.array(
        [low is None or high is None or wanted(low, high) for low, high in extremes], pa.bool_()
    )


def _side(files: pa.Table, side: str, column: str) -> list[Any]:
    nothing: list[Any] = [None] * files.num_rows
    if side not in files.column_names:
        return nothing
    if column not in {field.name for field in files[side].type}:
        return nothing
    found: list[Any] = pc.struct_field(files[side], column).to_pylist()
    return found
