"""The superset of two councils' returns of two years."""

from __future__ import annotations

from datetime import date

import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from lgdp.gold.looked_after_episodes import looked_after_episodes
from tests.frames import frame_of

pytestmark = pytest.mark.slow

SENT = "_submission string, _council string, period string"
EXPECTED = (
    "council string, period string, child_id string, birth_month date, gender string, "
    "episode_start date, episode_end date, days int, destination string, legal_reason string, "
    "placement_type string, placements int, repair string"
)
CLK_22 = ("clk22", "S12000005", "2022-23")
CLK_23 = ("clk23", "S12000005", "2023-24")
DGY_23 = ("dgy23", "S12000006", "2023-24")
BORN = date(2010, 4, 17)
MARCH_1, MARCH_4 = date(2023, 3, 1), date(2023, 3, 4)
MAY_1, JUNE_1 = date(2023, 5, 1), date(2023, 6, 1)


@pytest.fixture
def episodes(spark: SparkSession) -> DataFrame:
    child = [
        (*CLK_22, "c1", BORN, "1"),
        (*CLK_23, "c1", BORN, "2"),
        (*CLK_22, "c2", None, "1"),
        (*DGY_23, "c1", BORN, "1"),
    ]
    episode = [
        (*CLK_22, "c1", MARCH_1, None, None),
        (*CLK_23, "c1", MARCH_1, MAY_1, "D1"),
        (*CLK_22, "c2", MARCH_1, None, None),
        (*DGY_23, "c1", MARCH_1, JUNE_1, "D2"),
    ]
    placement = [
        (*CLK_22, "c1", MARCH_1, MARCH_1, "old"),
        (*CLK_23, "c1", MARCH_1, MARCH_4, "second"),
        (*CLK_23, "c1", MARCH_1, MARCH_1, "first"),
        (*DGY_23, "c1", MARCH_1, MARCH_4, "only"),
    ]
    reason = [
        (*CLK_23, "c1", MARCH_1, date(2022, 1, 1), date(2023, 2, 28), "over the day before"),
        (*CLK_23, "c1", MARCH_1, date(2022, 2, 1), None, "longest"),
        (*CLK_23, "c1", MARCH_1, date(2023, 2, 1), MARCH_1, "Z, over on the day"),
        (*CLK_23, "c1", MARCH_1, date(2023, 2, 1), None, "A"),
        (*CLK_23, "c1", MARCH_1, MARCH_4, None, "later"),
        (*DGY_23, "c1", MARCH_1, MARCH_4, None, "not yet in force"),
    ]
    return looked_after_episodes(
        frame_of(spark, child, f"{SENT}, child_id string, date_of_birth date, gender string"),
        frame_of(
            spark,
            episode,
            f"{SENT}, child_id string, episode_start date, episode_end date, destination string",
        ),
        frame_of(
            spark,
            placement,
            f"{SENT}, child_id string, episode_start date, placement_start date, "
            "placement_type string",
        ),
        frame_of(
            spark,
            reason,
            f"{SENT}, child_id string, episode_start date, reason_start date, reason_end date, "
            "legal_reason string",
        ),
    )


def test_each_episode_is_told_by_the_submission_that_its_version_is_from(
    spark: SparkSession, episodes: DataFrame
) -> None:
    month = date(2010, 4, 1)
    clk, dgy = "S12000005", "S12000006"
    rows = [
        (clk, "2023-24", "c1", month, "2", MARCH_1, MAY_1, 61, "D1", "A", "first", 2, None),
        (clk, "2022-23", "c2", None, "1", MARCH_1, None, None, None, None, None, 0, None),
        (dgy, "2023-24", "c1", month, "1", MARCH_1, JUNE_1, 92, "D2", None, "only", 1, None),
    ]

    assert_df_equality(
        episodes,
        frame_of(spark, rows, EXPECTED),
        ignore_row_order=True,
        ignore_nullable=True,
    )


def test_no_episode_is_multiplied_by_what_is_joined_to_it(episodes: DataFrame) -> None:
    assert episodes.count() == 3
