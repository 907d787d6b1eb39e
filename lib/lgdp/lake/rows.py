"""Small tables of rows to Parquet files of a table."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lgdp.errors import LakeError
from lgdp.lake.data_file import DataFile, bounds_of, data_path
from lgdp.lake.door import Door


def split(
    name: str, rows: pa.Table, schema: pa.Schema, partition_by: Sequence[str]
) -> Iterator[tuple[dict[str, str], pa.Table]]:
    """The rows of each partition, in the table's columns, and the partition's values.

    LakeError names the columns that the table does not have, or that do not fit its types.
    """
    whole = fitted(name, rows, schema)
    if not partition_by:
        yield {}, whole
        return
    keys = whole.select(list(partition_by)).group_by(list(partition_by)).aggregate([])
    for values in keys.to_pylist():
        if None in values.values():
            raise LakeError(f"rows for table {name} have no {' and '.join(partition_by)}")
        mask = reduce(pc.and_, (pc.equal(whole[key], value) for key, value in values.items()))
        yield values, whole.filter(mask)


def fitted(name: str, rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """The rows with exactly the columns of a schema, in its order; null where none was given."""
    strange = [column for column in rows.column_names if column not in schema.names]
    if strange:
        raise LakeError(f"table {name} has no column {', '.join(strange)}")
    try:
        return pa.table(
            [
                rows[column.name].cast(column.type)
                if column.name in rows.column_names
                else pa.nulls(rows.num_rows, column.type)
                for column in schema
            ],
            schema=schema,
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as cause:
        raise LakeError(f"rows do not fit the table {name}: {cause}") from cause


def write_rows(
    door: Door, name: str, rows: pa.Table, partition: Mapping[str, str], key: str | None = None
) -> DataFile:
    """Write rows into a table's folder, without adding them to it yet."""
    path = data_path(partition, key or uuid.uuid4().hex)
    with door.staging(door.join(name, path)) as staged:
        pq.write_table(rows.drop_columns(list(partition)), staged.local, compression="zstd")
    return DataFile(path, staged.size, rows.num_rows, partition, bounds_of(rows))
