"""Both engines count the same for every rule of every return, on the rows of all its cases."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lgdp.audit.batch import audit_batch
from lgdp.checks.compiled import compile_rules
from lgdp.config import locate
from lgdp.contracts.case import Case, read_cases
from lgdp.contracts.catalogue import load_catalogue
from lgdp.contracts.contract import Contract
from lgdp.contracts.ruleset import Ruleset
from tests.jobs.returns_batch import ReturnBatch, judged_by
from tests.unit.rules.test_looked_after_rules import gathered as looked_after
from tests.unit.rules.test_pupil_census_rules import gathered as pupil_census
from tests.unit.rules.trial import PREVIOUS, only, only_rules

pytestmark = pytest.mark.slow

PERIODS = {
    "annex_a": "2024-01",
    "children_in_need": "2021-22",
    "dog_control_notices": "2025-03",
    "homelessness_hl1": "2025-Q1",
    "local_benchmarking": "2024-25",
    "looked_after": "2024-25",
    "planning_applications": "2025-01",
    "pupil_census": "2024-25",
    "school_census": "2024-autumn",
    "scottish_welfare_fund": "2025-Q1",
    "ssda903": "2017-18",
}
"""The period of cases that name none."""
WRITTEN_IN_PYTHON = {"looked_after": looked_after, "pupil_census": pupil_census}
"""Rows of cases that are not in a file: of the year, or of the year before."""
HIT = 0.97
"""Share of the rules that find something: a rule without a hit agrees on nothing."""


def cases_of(name: str) -> list[Case]:
    cases = read_cases(locate(), name, PERIODS[name])
    if name in WRITTEN_IN_PYTHON:
        gathered = WRITTEN_IN_PYTHON[name]
        rows = {table: tuple(own) for table, own in gathered(False).items()}
        rows |= {f"previous_{table}": tuple(own) for table, own in gathered(True).items()}
        cases.append(Case("", "", PERIODS[name], rows, ()))
    return cases


def batches(contract: Contract, folder: Path) -> list[ReturnBatch]:
    """One of every rule of the period that most cases are of, and one for each other period."""
    cases = cases_of(contract.name)
    by_period = Counter(case.period for case in cases)
    made = []
    for period in by_period:
        own = [case for case in cases if case.period == period]
        ruleset = judged_by(contract, period)
        if period != PERIODS[contract.name]:
            ruleset = only_rules(ruleset, {case.code for case in own})
            ruleset = only(ruleset, _tables(ruleset, own))
        made.append(ReturnBatch(contract, period, ruleset, own, folder / period))
    return made


def _tables(ruleset: Ruleset, cases: list[Case]) -> set[str]:
    """The tables that rules are of or read, and those that cases have rows of."""
    names = {name.removeprefix(PREVIOUS) for case in cases for name in case.rows}
    for rule in compile_rules(ruleset).rules:
        if rule.origin == "suite":
            names |= {rule.table, *rule.reads, *rule.previous}
    return names


def test_every_return_with_rules_is_tried() -> None:
    contracts = load_catalogue(locate()).contracts
    assert set(PERIODS) == {name for name, contract in contracts.items() if contract.suites}


@pytest.mark.parametrize("name", PERIODS)
def test_both_engines_count_the_same(name: str, spark: SparkSession, tmp_path: Path) -> None:
    contract = load_catalogue(locate(), only=name).contract(name)
    found = Counter[tuple[str, str]]()
    for batch in batches(contract, tmp_path):
        counts = batch.kernel_counts()
        audit = audit_batch(spark, batch.batch(spark), counts, tmp_path / "docs")
        assert audit.held == ()
        for rule, count in counts.unexpected.items():
            found[rule] += count
    idle = sorted(rule for rule in found if not found[rule])
    assert len(idle) <= (1 - HIT) * len(found), idle
