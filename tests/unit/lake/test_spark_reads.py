"""What delta-rs writes is read by Spark, and what Spark writes by the lake."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from lgdp.lake.current import Current
from lgdp.lake.door import Door
from lgdp.lake.query import query
from lgdp.lake.schemas import (
    EVENTS,
    EVENTS_SCHEMA,
    RETURN_PARTITION,
    quarantine_schema,
)
from lgdp.lake.serial_log import EVERY, SerialLog
from lgdp.lake.table import LakeTable

pytestmark = pytest.mark.slow


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door.open(tmp_path / "my lake #1")


def test_spark_reads_a_log_that_was_merged_and_cannot_delete_from_it(
    spark: SparkSession, door: Door
) -> None:
    log = SerialLog(door, EVENTS, EVENTS_SCHEMA)
    names = [str(number) for number in range(EVERY + 2)]
    for name in names:
        log.append(pa.table({"id": [name]}), log.version())
    events = spark.read.format("delta").load(door.spark_uri(EVENTS))
    assert [row.id for row in events.orderBy("seq", "ordinal").collect()] == names
    with pytest.raises(Exception, match="DELTA_CANNOT_MODIFY_APPEND_ONLY"):
        spark.sql(f"delete from delta.`{door.spark_uri(EVENTS)}`")


def test_spark_reads_a_table_that_was_widened(spark: SparkSession, door: Door) -> None:
    table = LakeTable(door, "quarantine/r/t")
    table.ensure(quarantine_schema(["CHILD"]), RETURN_PARTITION)
    extra = pa.array([[("k", "v")]], pa.map_(pa.string(), pa.string()))
    own = {"_submission": ["s1"], "period": ["50%20 é"]}
    table.append_rows(pa.table({"CHILD": ["a"], "_extra": extra, "_codes": [["X"]], **own}))
    table.ensure(quarantine_schema(["CHILD", "DOB"]), RETURN_PARTITION)
    table.append_rows(pa.table({"CHILD": ["b"], "DOB": ["2018"], **own}))
    rows = spark.read.format("delta").load(door.spark_uri(table.name))
    found = rows.where("period = '50%20 é' and _submission = 's1'").orderBy("CHILD").collect()
    assert [(row.CHILD, row.DOB, row._extra, row._codes) for row in found] == [
        ("a", None, {"k": "v"}, ["X"]),
        ("b", "2018", None, None),
    ]


def test_the_lake_reads_what_spark_wrote(spark: SparkSession, door: Door) -> None:
    rows = spark.sql(
        "select 'x' a, timestamp'1600-01-01 00:00:00' t, date'2020-01-01' d, 1 p "
        "union all select 'y', null, null, null"
    )
    rows.write.format("delta").partitionBy("p").save(door.spark_uri("gold/g"))
    assert query(door, "select * from gold.g order by a", Current([])).to_pylist() == [
        {"a": "x", "t": datetime(1600, 1, 1, tzinfo=UTC), "d": date(2020, 1, 1), "p": 1},
        {"a": "y", "t": None, "d": None, "p": None},
    ]
