"""Differences between truth and what was found are told one by one; none is passed over."""

from __future__ import annotations

from dataclasses import replace

from lgdp.demo.comparison import compare
from lgdp.demo.truth import (
    CollectionKey,
    FailureKey,
    GoldNumbers,
    Observed,
    RowCounts,
    Status,
    TableKey,
    Truth,
)

FIFE = CollectionKey("looked_after", "2024-25", "S12000047")
TO_COME = CollectionKey("looked_after", "2025-26", "S12000047")
CHILD = TableKey(FIFE, "child")
FAILURE = FailureKey(FIFE, "placement", "LAC302", True)
TRUTH = Truth(
    seed=1,
    waves=(),
    rows={CHILD: RowCounts(10, 9, 1)},
    failures={FAILURE: 3},
    statuses={FIFE: Status("published", "has errors", True)},
    gold=GoldNumbers(100, 90, 50, {"end_cut": 4}),
    seeded=(),
)
FOUND = Observed(TRUTH.rows, TRUTH.failures, TRUTH.statuses, TRUTH.gold)


def test_no_difference() -> None:
    assert compare(TRUTH, FOUND) == []


def test_rows_lost() -> None:
    found = replace(FOUND, rows={CHILD: RowCounts(10, 8, 2)})
    assert compare(TRUTH, found) == [
        "looked_after 2024-25 S12000047 child: expected rows rows 10, silver 9, quarantine 1, "
        "found rows 10, silver 8, quarantine 2"
    ]


def test_a_failure_that_was_not_raised_and_one_that_should_not_have_been() -> None:
    direct = replace(FAILURE, consequence=False)
    assert compare(TRUTH, replace(FOUND, failures={direct: 1})) == [
        "looked_after 2024-25 S12000047 placement LAC302: expected failures none, found 1",
        "looked_after 2024-25 S12000047 placement LAC302 as a consequence: "
        "expected failures 3, found none",
    ]


def test_another_status() -> None:
    found = replace(FOUND, statuses={FIFE: Status("rejected", "rejected", False)})
    assert compare(TRUTH, found) == [
        "looked_after 2024-25 S12000047: expected status state published, verdict has errors, "
        "on_time True, found state rejected, verdict rejected, on_time False"
    ]


def test_the_year_to_come_is_left_aside() -> None:
    statuses = {**FOUND.statuses, TO_COME: Status("awaited", None, False)}
    assert compare(TRUTH, replace(FOUND, statuses=statuses)) == []


def test_other_gold_numbers() -> None:
    found = replace(FOUND, gold=GoldNumbers(101, 90, 50, {"end_cut": 3, "not_repeated": 1}))
    assert compare(TRUTH, found) == [
        "gold looked_after_episodes: expected episodes 100, found 101",
        "gold looked_after_episodes: expected 4 rows with repair end_cut, found 3",
        "gold looked_after_episodes: expected 0 rows with repair not_repeated, found 1",
    ]
