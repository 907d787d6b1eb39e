"""Superset `collection_status`: who owes what, what came, and whether it was on time."""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 (its usual name)

PARTITION_BY = ("return", "period")
COLLECTION = ["return", "period", "council"]

COUNCILS_TIME = "Europe/London"
"""Due dates are days where the councils are; the ledger's times are UTC."""


def collection_status(collections: DataFrame, standings: DataFrame, as_at: date) -> DataFrame:
    """One row per return, period and council, for every collection and for every submission.

    `collections`: `return`, `period`, `council`, `council_name`, `due` DATE, `closes` DATE,
    `locked` DATE, `owed` BOOLEAN. `standings`, one row per collection and council: the submission
    that stands, as `return`, `period`, `council`, `submission`, `state`, `verdict`, `received`
    TIMESTAMP, `rows`, `errors`, `queries`.

    The result has the columns of both but `closes` and `locked`, and `on_time` BOOLEAN. Without a
    submission the state is `awaited` until the due date has passed and `overdue` from then on
    (`not owed` where nothing is), and the counts are null. `on_time` is null while awaited or not
    owed, and false for a rejected submission, whenever it came.
    """
    is_sent = F.col("submission").isNotNull()
    is_owed = F.coalesce(F.col("owed"), F.lit(False))
    is_past = F.lit(as_at) > F.col("due")
    state = (
        F.when(is_sent, F.col("state"))
        .when(~is_owed, F.lit("not owed"))
        .when(is_past, F.lit("overdue"))
        .otherwise(F.lit("awaited"))
    )
    on_time = F.when(is_sent, _came_in_time()).when(is_owed & is_past, F.lit(False))
    return collections.join(standings, on=COLLECTION, how="full").select(
        *COLLECTION,
        "council_name",
        is_owed.alias("owed"),
        "due",
        "submission",
        "received",
        state.alias("state"),
        "verdict",
        on_time.alias("on_time"),
        "rows",
        "errors",
        "queries",
    )


def _came_in_time() -> Column:
    day = F.to_date(F.convert_timezone(None, F.lit(COUNCILS_TIME), F.col("received")))
    return (day <= F.col("due")) & (F.col("verdict") != "rejected")
