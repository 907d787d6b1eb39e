"""Each rule of HL1 finds the rows that break it, and no row that just does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from lgdp.contracts.contract import Contract
from tests.unit.rules.trial import (
    Case,
    Trial,
    contract_of,
    read_cases,
    rules_of,
    tried_both_ways,
)

RETURN = "homelessness_hl1"
CASES = read_cases(RETURN, period="2025-Q1")
COUNTED = {("application", "HL100")}
"""Judges the table as a whole; see test_hl1_files."""


@pytest.fixture(scope="module")
def contract() -> Contract:
    return contract_of(RETURN)


@pytest.fixture(scope="module")
def trial(contract: Contract) -> Trial:
    return Trial(contract, CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.table}-{case.code}")
def test_rule_finds_the_marked_rows(case: Case, trial: Trial, tmp_path: Path) -> None:
    assert trial.failing_rows(case, tmp_path) == case.failing


def test_every_rule_has_a_row_that_breaks_it_beside_one_that_does_not(contract: Contract) -> None:
    assert tried_both_ways(CASES) == rules_of(contract) - COUNTED
