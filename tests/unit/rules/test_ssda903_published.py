"""Every published rule of SSDA903 is carried, or listed with the reason why it is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lgdp.contracts.contract import Contract
from tests.unit.rules.trial import contract_of

ROOT = Path(__file__).parents[3]
PUBLISHED = Path(__file__).parent / "published" / "ssda903.txt"
PAGE = ROOT / "docs" / "returns" / "ssda903.md"
OWN = {"KEY", "PARENT", "ORDER"}
"""Codes of the platform's own rules on keys and parents."""


@pytest.fixture(scope="module")
def contract() -> Contract:
    return contract_of("ssda903")


def published() -> set[str]:
    lines = PUBLISHED.read_text(encoding="utf-8").splitlines()
    return {code for line in lines if not line.startswith("#") for code in line.split()}


def listed() -> dict[str, str]:
    """Codes that the page calls not carried, with the reason."""
    _, _, section = PAGE.read_text(encoding="utf-8").partition("## Rules that are not carried")
    rows = re.findall(r"^\| (\w+) \| (.+) \|$", section, re.MULTILINE)
    return {code: reason for code, reason in rows if code != "code"}


def carried(contract: Contract) -> set[str]:
    """The codes of the suites, and those that a contract's own checks have, for 2025-26."""
    ruleset = contract.ruleset(contract.read_period("2025-26"))
    columns = [column for table in ruleset.spec.tables for column in table.columns]
    checks = {code for column in columns for code in column.published.values()}
    rules = {rule.meta.code for suite in ruleset.suites.values() for rule in suite.expectations}
    return (checks | rules) - OWN


def test_there_are_as_many_codes_as_the_source_has() -> None:
    assert len(published()) == 311


def test_a_published_rule_is_carried_or_listed(contract: Contract) -> None:
    assert carried(contract) | set(listed()) == published()


def test_no_rule_is_both_carried_and_listed(contract: Contract) -> None:
    assert carried(contract) & set(listed()) == set()


def test_a_rule_that_is_not_carried_has_its_reason() -> None:
    assert all(len(reason.split()) > 4 for reason in listed().values())
