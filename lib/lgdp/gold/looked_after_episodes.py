"""Superset `looked_after_episodes`: every time a child was looked after, by council and year."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 (its usual name)

from lgdp.gold.episode_history import repaired_episodes

PARTITION_BY = ("council", "period")

# The submission alone says whose a row is; with the council among the keys, a refresh of one
# council reads no other's rows.
CHILD = ["_council", "_submission", "child_id"]
EPISODE = [*CHILD, "episode_start"]


def looked_after_episodes(
    child: DataFrame, episode: DataFrame, placement: DataFrame, legal_reason: DataFrame
) -> DataFrame:
    """One row per council, child and start of episode.

    Takes silver rows of the current submissions of `looked_after`, all councils and periods, with
    `_submission`, `_council` and `period`. Histories are repaired by the rules of
    `lgdp.gold.episode_history`; what is said of an episode comes from the submission that told the
    version kept. Columns:

    * `council`, `period` STRING: who sent it and in which return;
    * `child_id`, `birth_month` DATE (first day of the month), `gender`;
    * `episode_start`, `episode_end` DATE, `days` INT between them; both null while it lasts;
    * `destination`: accommodation on leaving;
    * `legal_reason`: the one in force on the first day; of several the last to begin, then the
      first by code;
    * `placement_type`: of the first placement; `placements` INT: how many there were;
    * `repair`: how the row was repaired, null if it was not.
    """
    episodes = repaired_episodes(episode, child)
    return (
        episodes.join(_about_children(child), on=CHILD, how="left")
        .join(_first_placements(placement), on=EPISODE, how="left")
        .join(_reasons_at_start(legal_reason), on=EPISODE, how="left")
        .select(
            F.col("_council").alias("council"),
            F.col("period"),
            F.col("child_id"),
            F.col("birth_month"),
            F.col("gender"),
            F.col("episode_start"),
            F.col("episode_end"),
            F.date_diff("episode_end", "episode_start").alias("days"),
            F.col("destination"),
            F.col("legal_reason"),
            F.col("placement_type"),
            F.coalesce(F.col("placements"), F.lit(0)).alias("placements"),
            F.col("repair"),
        )
    )


def _about_children(child: DataFrame) -> DataFrame:
    return child.select(
        *CHILD,
        F.trunc("date_of_birth", "month").alias("birth_month"),
        "gender",
    )


def _first_placements(placement: DataFrame) -> DataFrame:
    """One row per episode of a submission: type of the first placement, number of placements."""
    return placement.groupBy(*EPISODE).agg(
        F.min_by("placement_type", "placement_start").alias("placement_type"),
        F.count("placement_start").cast("int").alias("placements"),
    )


def _reasons_at_start(legal_reason: DataFrame) -> DataFrame:
    """One row per episode of a submission that has a reason in force on its first day."""
    began = F.col("reason_start") <= F.col("episode_start")
    not_over = F.col("reason_end").isNull() | (F.col("reason_end") >= F.col("episode_start"))
    best_first = Window.partitionBy(*EPISODE).orderBy(
        F.col("reason_start").desc(), F.col("legal_reason").asc()
    )
    return (
        legal_reason.where(began & not_over)
        .withColumn("_rank", F.row_number().over(best_first))
        .where(F.col("_rank") == 1)
        .select(*EPISODE, "legal_reason")
    )
