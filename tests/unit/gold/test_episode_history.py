"""Each repair rule: a history that breaks it, and one that just does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from pyspark.sql import Row, SparkSession

from lgdp.gold.episode_history import repaired_episodes
from tests.frames import frame_of

pytestmark = pytest.mark.slow

EPISODE = "_council string, period string, child_id string, episode_start date, episode_end date"
CHILD = "_council string, period string, child_id string"
COUNCIL = "S12000005"

Told = tuple[str, date, date | None]
"""Period, start and end of an episode as a return tells it."""
Repaired = tuple[str, date, date | None, str | None]


def march(day: int) -> date:
    return date(2023, 3, 1) + timedelta(days=day - 1)


MAY_1, MAY_2 = date(2023, 5, 1), date(2023, 5, 2)


@dataclass(frozen=True)
class Case:
    """What the returns tell of one child, and what is left. `seen` are further returns with it."""

    told: list[Told]
    expected: list[Repaired]
    seen: tuple[str, ...] = ()


def untouched(*told: Told, seen: tuple[str, ...] = ()) -> Case:
    return Case(list(told), [(*row, None) for row in told], seen)


CASES = {
    "the latest period tells how an episode ended": Case(
        [("2022-23", march(1), None), ("2023-24", march(1), MAY_1)],
        [("2023-24", march(1), MAY_1, None)],
    ),
    "the latest period wins even if it opens the episode again": Case(
        [("2022-23", march(1), MAY_1), ("2023-24", march(1), None)],
        [("2023-24", march(1), None, None)],
    ),
    "a start moved on by a week is a correction": Case(
        [("2022-23", march(1), MAY_1), ("2023-24", march(8), MAY_1)],
        [("2023-24", march(8), MAY_1, "start_corrected")],
    ),
    "a start moved back by a week is a correction": Case(
        [("2022-23", march(8), MAY_1), ("2023-24", march(1), MAY_1)],
        [("2023-24", march(1), MAY_1, "start_corrected")],
    ),
    "a start eight days off is another episode": untouched(
        ("2022-23", march(1), march(3)), ("2023-24", march(9), MAY_1)
    ),
    "two starts in one return are two episodes": untouched(
        ("2023-24", march(1), march(3)), ("2023-24", march(4), MAY_1)
    ),
    "a start that the later return repeats is not corrected": Case(
        [
            ("2022-23", march(1), march(3)),
            ("2023-24", march(1), march(3)),
            ("2023-24", march(6), MAY_1),
        ],
        [("2023-24", march(1), march(3), None), ("2023-24", march(6), MAY_1, None)],
    ),
    "of a start corrected twice the last is left": Case(
        [("2021-22", march(1), None), ("2022-23", march(6), None), ("2023-24", march(11), None)],
        [("2023-24", march(11), None, "start_corrected")],
    ),
    "an open episode that a later return with the child leaves out": Case(
        [("2022-23", march(1), None)],
        [("2022-23", march(1), None, "not_repeated")],
        seen=("2023-24",),
    ),
    "an open episode of a child that no later return has": untouched(("2022-23", march(1), None)),
    "an ended episode need not be repeated": untouched(
        ("2022-23", march(1), MAY_1), seen=("2023-24",)
    ),
    "an open episode ends when the next one starts": Case(
        [("2023-24", march(1), None), ("2023-24", MAY_1, None)],
        [("2023-24", march(1), MAY_1, "end_cut"), ("2023-24", MAY_1, None, None)],
    ),
    "an end after the start of the next is cut": Case(
        [("2023-24", march(1), MAY_2), ("2023-24", MAY_1, None)],
        [("2023-24", march(1), MAY_1, "end_cut"), ("2023-24", MAY_1, None, None)],
    ),
    "an end on the day of the next start is left alone": untouched(
        ("2023-24", march(1), MAY_1), ("2023-24", MAY_1, None)
    ),
    "an unrepeated episode is cut by the next one and says both": Case(
        [("2022-23", march(1), None), ("2023-24", MAY_1, None)],
        [("2022-23", march(1), MAY_1, "not_repeated,end_cut"), ("2023-24", MAY_1, None, None)],
    ),
    "a corrected episode is cut by the next one and says both": Case(
        [("2022-23", march(1), None), ("2023-24", march(2), None), ("2023-24", MAY_1, None)],
        [
            ("2023-24", march(2), MAY_1, "start_corrected,end_cut"),
            ("2023-24", MAY_1, None, None),
        ],
    ),
}
BY_COUNCIL = {
    "S12000005": ("2022-23", march(1), None),
    "S12000006": ("2023-24", march(5), None),
}


@pytest.fixture(scope="module")
def repaired(spark_jvm: SparkSession) -> list[Row]:
    """All cases at once, each a child of its own."""
    episodes = [
        (COUNCIL, period, name, start, end)
        for name, case in CASES.items()
        for period, start, end in case.told
    ]
    episodes += [
        (council, period, "in two councils", start, end)
        for council, (period, start, end) in BY_COUNCIL.items()
    ]
    children = {(council, period, child) for council, period, child, _, _ in episodes}
    children |= {(COUNCIL, period, name) for name, case in CASES.items() for period in case.seen}
    return repaired_episodes(
        frame_of(spark_jvm, episodes, EPISODE),
        frame_of(spark_jvm, sorted(children), CHILD),
    ).collect()


def history(repaired: list[Row], child: str) -> list[Repaired]:
    rows = [
        (row["period"], row["episode_start"], row["episode_end"], row["repair"])
        for row in repaired
        if row["child_id"] == child
    ]
    return sorted(rows, key=lambda row: row[1])


@pytest.mark.parametrize("name", CASES)
def test_history_of_one_child(repaired: list[Row], name: str) -> None:
    assert history(repaired, name) == CASES[name].expected


def test_the_same_identifier_in_two_councils_is_two_children(repaired: list[Row]) -> None:
    assert history(repaired, "in two councils") == [(*row, None) for row in BY_COUNCIL.values()]


def test_the_columns_are_those_of_the_episodes_and_the_repair(repaired: list[Row]) -> None:
    names = ["_council", "child_id", "episode_end", "episode_start", "period", "repair"]

    assert sorted(repaired[0].asDict()) == names
