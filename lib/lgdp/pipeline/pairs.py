"""Submissions with the rulesets they count under, as a frame to join rows with."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

PAIRS = pa.schema([("_submission", pa.string()), ("_ruleset", pa.string())])


def frame_of(spark: SparkSession, pairs: Sequence[tuple[str, str]]) -> DataFrame:
    """One row per pair; by Arrow, since a frame of Python values is made by Python workers."""
    columns = zip(*pairs, strict=True) if pairs else ((), ())
    return spark.createDataFrame(pa.table(list(map(list, columns)), schema=PAIRS))
