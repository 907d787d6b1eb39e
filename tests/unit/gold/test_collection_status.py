"""Who owes what, seen on a given day, and the five measures of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from lgdp.gold.collection_status import collection_status
from lgdp.gold.reporting_measures import reporting_measures
from tests.frames import frame_of

pytestmark = pytest.mark.slow

COLLECTIONS = (
    "return string, period string, council string, council_name string, due date, closes date, "
    "locked date, owed boolean"
)
STANDINGS = (
    "return string, period string, council string, submission string, state string, "
    "verdict string, received timestamp, rows bigint, errors bigint, queries bigint"
)
MEASURES = (
    "return string, period string, expected bigint, actual bigint, on_time bigint, "
    "rate double, rate_on_time double"
)
DUE = date(2024, 7, 31)
DATES = (DUE, date(2024, 8, 31), date(2024, 9, 30))
LAST_MINUTE = datetime(2024, 7, 31, 22, 59, tzinfo=UTC)
MINUTE_LATE = datetime(2024, 7, 31, 23, 0, tzinfo=UTC)
"""Midnight in Scotland, where it is summer time."""


def owed(council: str, is_owed: bool = True) -> tuple[Any, ...]:
    return ("hl1", "2023-24", council, council.title(), *DATES, is_owed)


def sent(council: str, received: datetime, verdict: str = "clean", state: str = "published") -> Any:
    return ("hl1", "2023-24", council, f"s-{council}", state, verdict, received, 10, 0, 2)


def status(
    spark: SparkSession, collections: list[Any], standings: list[Any], as_at: date = DUE
) -> DataFrame:
    return collection_status(
        frame_of(spark, collections, COLLECTIONS),
        frame_of(spark, standings, STANDINGS),
        as_at,
    )


def test_states_and_times_by_council(spark: SparkSession) -> None:
    collections = [owed("early"), owed("late"), owed("bad"), owed("none"), owed("free", False)]
    standings = [
        sent("early", LAST_MINUTE, "has queries"),
        sent("late", MINUTE_LATE),
        sent("bad", LAST_MINUTE, "rejected", "rejected"),
        sent("stranger", LAST_MINUTE),
    ]

    frame = status(spark, collections, standings, date(2024, 8, 1))

    assert frame.columns == [
        *("return", "period", "council", "council_name", "owed", "due", "submission"),
        *("received", "state", "verdict", "on_time", "rows", "errors", "queries"),
    ]
    rows = {row["council"]: row for row in frame.collect()}
    assert {name: (row["owed"], row["state"], row["on_time"]) for name, row in rows.items()} == {
        "early": (True, "published", True),
        "late": (True, "published", False),
        "bad": (True, "rejected", False),
        "none": (True, "overdue", False),
        "free": (False, "not owed", None),
        "stranger": (False, "published", None),
    }
    assert (rows["early"]["rows"], rows["early"]["queries"]) == (10, 2)
    assert rows["none"]["rows"] is None
    assert rows["early"]["due"] == DUE
    assert rows["late"]["council_name"] == "Late"


@pytest.mark.parametrize(
    ("as_at", "state", "on_time"),
    [(DUE, "awaited", None), (date(2024, 8, 1), "overdue", False)],
)
def test_a_return_is_overdue_from_the_day_after_its_due_date(
    spark: SparkSession, as_at: date, state: str, on_time: bool | None
) -> None:
    (row,) = status(spark, [owed("a")], [], as_at).collect()

    assert (row["state"], row["on_time"]) == (state, on_time)


def test_the_due_day_is_scotlands_whatever_the_session_thinks(spark: SparkSession) -> None:
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", "America/New_York")
    try:
        frame = status(
            spark, [owed("a"), owed("b")], [sent("a", LAST_MINUTE), sent("b", MINUTE_LATE)]
        )
        found = {row["council"]: row["on_time"] for row in frame.collect()}
    finally:
        spark.conf.set("spark.sql.session.timeZone", str(before))

    assert found == {"a": True, "b": False}


def test_five_measures_of_a_collection(spark: SparkSession) -> None:
    collections = [owed("early"), owed("late"), owed("bad"), owed("none"), owed("free", False)]
    standings = [
        sent("early", LAST_MINUTE),
        sent("late", MINUTE_LATE),
        sent("bad", LAST_MINUTE, "rejected", "rejected"),
        sent("free", LAST_MINUTE),
    ]

    measures = reporting_measures(status(spark, collections, standings))

    assert_df_equality(
        measures,
        frame_of(spark, [("hl1", "2023-24", 4, 2, 1, 0.5, 0.25)], MEASURES),
        ignore_nullable=True,
    )


def test_rates_are_null_where_nothing_is_expected(spark: SparkSession) -> None:
    frame = status(spark, [owed("free", False)], [sent("free", LAST_MINUTE)])

    assert [tuple(row) for row in reporting_measures(frame).collect()] == [
        ("hl1", "2023-24", 0, 0, 0, None, None)
    ]
