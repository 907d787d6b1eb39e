"""Small frames from rows, for tests of what runs on Spark: `frame_of`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType


def frame_of(spark: SparkSession, rows: Sequence[tuple[Any, ...]], columns: str) -> DataFrame:
    """Rows as a frame with columns as in `child string, born date`.

    By way of Arrow: from tuples, Spark makes a frame in a Python process of its own.
    """
    schema = StructType.fromDDL(columns)
    records = [dict(zip(schema.names, row, strict=True)) for row in rows]
    return spark.createDataFrame(pa.Table.from_pylist(records, to_arrow_schema(schema)), schema)
