"""One history per child out of the overlapping histories that yearly returns tell.

A child looked after for three years is in three returns of a council, and they do not always agree.
An episode is known by council, child and start. The rules, in the order in which they apply:

1. `latest version`: of an episode in several periods, the latest period's version is kept.
2. `start_corrected`: an episode that starts within 7 days of another of the child's, and comes from
   a later period, is the same episode with its start put right: the earlier period's version goes.
3. `not_repeated`: an episode still open in the period it comes from, which a later return of the
   council with that child does not repeat, is kept; its end is not known.
4. `end_cut`: an episode that has no end before the child's next episode starts ends on that day.

The rules are the platform's own: no published rule says how years are reconciled.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 (its usual name)

CORRECTION_DAYS = 7
"""How far a start may be moved and still be a correction."""

EPISODE = ("_council", "child_id", "episode_start")
CHILD = ("_council", "child_id")


def repaired_episodes(episodes: DataFrame, children: DataFrame) -> DataFrame:
    """Every episode once, with its end repaired and `repair` saying how.

    `episodes` and `children` are silver rows of all periods with `_council` and `period`; periods
    sort by their text. The columns of `episodes` come back, `episode_end` repaired, and `repair`
    STRING: null, or the names of the rules that changed or flagged the row, joined by commas.
    """
    latest = latest_versions(episodes)
    corrected = with_corrected_starts(latest)
    flagged = with_unrepeated_flagged(corrected, children)
    cut = with_ends_cut(flagged)
    repairs = F.concat_ws(",", *(_name_if(flag) for flag in FLAGS))
    return cut.withColumn("repair", F.nullif(repairs, F.lit(""))).drop(*FLAGS)


FLAGS = ("start_corrected", "not_repeated", "end_cut")


def latest_versions(episodes: DataFrame) -> DataFrame:
    """Rule 1: one row per council, child and start, from the latest period that has it."""
    newest_first = Window.partitionBy(*EPISODE).orderBy(F.col("period").desc())
    return (
        episodes.withColumn("_version", F.row_number().over(newest_first))
        .where(F.col("_version") == 1)
        .drop("_version")
    )


def with_corrected_starts(episodes: DataFrame) -> DataFrame:
    """Rule 2: drop rows whose start a later period moved; the kept row is `start_corrected`.

    Of a start moved twice the last version is left, whatever the distance from the first.
    """
    nearby = (
        Window.partitionBy(*CHILD).orderBy("_day").rangeBetween(-CORRECTION_DAYS, CORRECTION_DAYS)
    )
    return (
        # A column of its own, so that both windows are computed in one sort.
        episodes.withColumn("_day", F.unix_date("episode_start").cast("long"))
        .withColumn("_first", F.min("period").over(nearby))
        .withColumn("_last", F.max("period").over(nearby))
        .where(F.col("_last") == F.col("period"))
        .withColumn("start_corrected", F.col("_first") < F.col("period"))
        .drop("_day", "_first", "_last")
    )


def with_unrepeated_flagged(episodes: DataFrame, children: DataFrame) -> DataFrame:
    """Rule 3: `not_repeated` where the child is in a later return and the open episode is not."""
    last_seen = children.groupBy(*CHILD).agg(F.max("period").alias("_last_seen"))
    is_open = F.col("episode_end").isNull()
    seen_later = F.coalesce(F.col("_last_seen") > F.col("period"), F.lit(False))
    return (
        episodes.join(last_seen, on=list(CHILD), how="left")
        .withColumn("not_repeated", is_open & seen_later)
        .drop("_last_seen")
    )


def with_ends_cut(episodes: DataFrame) -> DataFrame:
    """Rule 4: end an episode on the day on which the child's next one starts, if not before."""
    in_order = Window.partitionBy(*CHILD).orderBy("episode_start")
    next_start = F.lead("episode_start").over(in_order)
    overlaps = F.col("episode_end").isNull() | (F.col("episode_end") > F.col("_next"))
    return (
        episodes.withColumn("_next", next_start)
        .withColumn("end_cut", F.col("_next").isNotNull() & overlaps)
        .withColumn(
            "episode_end",
            F.when(F.col("end_cut"), F.col("_next")).otherwise(F.col("episode_end")),
        )
        .drop("_next")
    )


def _name_if(flag: str) -> Column:
    return F.when(F.col(flag), F.lit(flag))
