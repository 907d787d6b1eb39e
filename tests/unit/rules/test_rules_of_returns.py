"""Each rule of every return finds the rows that break it, and no row that just does not."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from lgdp.config import locate
from lgdp.contracts.catalogue import load_catalogue
from tests.unit.rules.trial import (
    Case,
    Trial,
    contract_of,
    read_cases,
    rules_of,
    tried_both_ways,
)

RETURNS = {
    "ssda903": "2017-18",
    "children_in_need": "2021-22",
    "school_census": "2024-autumn",
    "homelessness_hl1": "2025-Q1",
    "dog_control_notices": "2025-03",
    "planning_applications": "2025-01",
    "scottish_welfare_fund": "2025-Q1",
    "annex_a": "2024-01",
    "local_benchmarking": "2024-25",
    "pupil_census": "2024-25",
    "looked_after": "2024-25",
}
"""The period of the cases, for those that name none."""
PARTLY = ("pupil_census", "looked_after")
"""Returns that have a test of their own, which tries the other rules."""
CASES = [
    (name, case) for name, period in RETURNS.items() for case in read_cases(name, period=period)
]


@cache
def trial_of(return_name: str) -> Trial:
    own = [case for name, case in CASES if name == return_name]
    return Trial(contract_of(return_name), own)


@pytest.mark.parametrize(
    ("return_name", "case"), CASES, ids=[f"{name}-{case.table}-{case.code}" for name, case in CASES]
)
def test_rule_finds_the_marked_rows(return_name: str, case: Case, tmp_path: Path) -> None:
    assert trial_of(return_name).failing_rows(case, tmp_path) == case.failing


@pytest.mark.parametrize("return_name", [name for name in RETURNS if name not in PARTLY])
def test_every_rule_has_a_row_that_breaks_it_beside_one_that_does_not(return_name: str) -> None:
    contract = contract_of(return_name)
    counting = {
        (table, rule.meta.code)
        for table, suite in contract.suites.items()
        for rule in suite.expectations
        if rule.type == "expect_table_row_count_to_be_between"
    }
    own = [case for name, case in CASES if name == return_name]
    assert tried_both_ways(own) - counting == rules_of(contract) - counting


def test_every_return_with_rules_is_tried() -> None:
    contracts = load_catalogue(locate()).contracts
    assert set(RETURNS) == {name for name, contract in contracts.items() if contract.suites}
