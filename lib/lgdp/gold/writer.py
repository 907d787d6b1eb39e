"""Writing a superset: whole the first time, afterwards only the partitions that changed.

Written by Spark as plain Delta, so that every engine reads it: no deletion vectors, no column
mapping, reader 1 and writer 2. The log holds no statistics of columns: the smallest and largest
value of a column is somebody's data. One writer at a time; the caller holds the lease.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 (its usual name)

from lgdp.lake.table import LakeTable

_TIMES = "_times"
PROPERTIES = {
    "delta.minReaderVersion": "1",
    "delta.minWriterVersion": "2",
    "delta.enableDeletionVectors": "false",
    "delta.columnMapping.mode": "none",
    "delta.dataSkippingNumIndexedCols": "0",
}


@dataclass(frozen=True)
class Written:
    """The table's version after writing, and the partitions that were rewritten, sorted.

    Each partition is its values in the order of `partition_by`. Empty if nothing had changed, in
    which case there is no new version.
    """

    version: int
    rewritten: tuple[tuple[str, ...], ...]


def write_superset(
    spark: SparkSession,
    frame: DataFrame,
    table: LakeTable,
    partition_by: Sequence[str],
    touched: Mapping[str, Collection[str]] | None = None,
) -> Written:
    """Bring a superset to what `frame` holds, in at most one commit.

    `touched` limits what is compared to partitions with these values of a partition column, such as
    `{"council": ["S12000005"]}`; the caller knows that no other can have changed. Partition columns
    are strings and never null. A table that is not there, or has other columns, is built whole.
    """
    path = table.door.spark_uri(table.name)
    if table.opened() is None:
        return _build(frame, table, path, partition_by)
    present = spark.read.format("delta").load(path)
    if _columns(present) != _columns(frame):
        return _build(frame, table, path, partition_by)
    if touched is not None and not all(touched.values()):
        return Written(table.version(), ())
    within = _within(touched or {})
    wanted = frame.where(within).persist()
    try:
        changed = _changed(present.where(within), wanted, partition_by)
        if changed:
            condition = _any_of(changed, partition_by)
            rows = wanted.where(condition).repartition(*partition_by)
            replacing = rows.write.format("delta").mode("overwrite")
            replacing.option("replaceWhere", condition).save(path)
        return Written(table.version(), changed)
    finally:
        wanted.unpersist()


def _build(frame: DataFrame, table: LakeTable, path: str, partition_by: Sequence[str]) -> Written:
    writing = frame.repartition(*partition_by).write.format("delta").mode("overwrite")
    writing = writing.option("overwriteSchema", "true").partitionBy(*partition_by)
    writing.options(**PROPERTIES).save(path)
    return Written(table.version(), table.partitions(partition_by))


def _columns(frame: DataFrame) -> list[tuple[str, str]]:
    return [(field.name, field.dataType.simpleString()) for field in frame.schema.fields]


def _within(touched: Mapping[str, Collection[str]]) -> Column:
    conditions = [F.col(name).isin(*values) for name, values in touched.items()]
    return reduce(lambda both, condition: both & condition, conditions, F.lit(True))


def _changed(
    present: DataFrame, wanted: DataFrame, partition_by: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """The partitions, sorted, in which some row is there more or fewer times than is wanted."""
    was, is_ = present.withColumn(_TIMES, F.lit(-1)), wanted.withColumn(_TIMES, F.lit(1))
    rows = was.unionAll(is_).groupBy(*present.columns).agg(F.sum(_TIMES).alias(_TIMES))
    found = rows.where(F.col(_TIMES) != 0).select(*partition_by).distinct().collect()
    return tuple(sorted(tuple(row) for row in found))


def _any_of(partitions: Sequence[Sequence[str]], partition_by: Sequence[str]) -> str:
    """The partitions as a SQL condition, as `replaceWhere` wants it."""
    return " OR ".join(
        "("
        + " AND ".join(
            f"`{name}` = {_literal(value)}"
            for name, value in zip(partition_by, values, strict=True)
        )
        + ")"
        for values in partitions
    )


def _literal(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
