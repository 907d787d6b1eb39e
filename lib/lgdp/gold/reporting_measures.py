"""Superset `reporting_measures`: the five measures of how well a collection is reported."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 (its usual name)

PARTITION_BY = ("return",)


def reporting_measures(status: DataFrame) -> DataFrame:
    """One row per return and period of `collection_status`.

    `expected` BIGINT: councils that owe it; `actual`: those whose submission stands and is not
    rejected; `on_time`: those of them in time; `rate` and `rate_on_time` DOUBLE between 0 and 1,
    null where nothing is expected. Councils that sent without owing are in none of them.
    """
    is_sent = F.col("submission").isNotNull() & (F.col("verdict") != "rejected")
    counted = status.groupBy("return", "period").agg(
        F.count_if(F.col("owed")).alias("expected"),
        F.count_if(F.col("owed") & is_sent).alias("actual"),
        F.count_if(F.col("owed") & F.col("on_time")).alias("on_time"),
    )
    return counted.withColumn("rate", F.try_divide("actual", "expected")).withColumn(
        "rate_on_time", F.try_divide("on_time", "expected")
    )
