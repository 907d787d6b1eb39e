"""A small return for the tests of the audit: episodes with their placements."""

from __future__ import annotations

from typing import Any

from lgdp.contracts.column import Column, Severity
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.spec import Spec
from lgdp.contracts.suite import Rule, RuleMeta, Suite
from lgdp.contracts.table import TableSpec

QUERY = "unexpected_rows_expectation"


def rule(code: str, type_: str, severity: Severity = "warning", **kwargs: Any) -> Rule:
    meta = RuleMeta(code=code, message=f"Rule {code}")
    return Rule(type=type_, kwargs=kwargs, severity=severity, meta=meta)


def ruleset(episodes: list[Rule], placements: list[Rule] | None = None) -> Ruleset:
    """Tables `episodes(CHILD, DECOM, DEC, LS)` and `placements(CHILD, PL)`, and their rules."""
    tables = (
        TableSpec(
            name="episodes",
            key=("CHILD", "DECOM"),
            columns=(
                Column(name="CHILD", type="string"),
                Column(name="DECOM", type="date"),
                Column(name="DEC", type="date"),
                Column(name="LS", type="string"),
            ),
        ),
        TableSpec(
            name="placements",
            key=("CHILD",),
            columns=(Column(name="CHILD", type="string"), Column(name="PL", type="string")),
        ),
    )
    suites = {"episodes": Suite(name="episodes", expectations=tuple(episodes))}
    if placements:
        suites["placements"] = Suite(name="placements", expectations=tuple(placements))
    spec = Spec(first="2017-18", tables=tables)
    return Ruleset(return_name="ssda903", spec=spec, codes={}, suites=suites)
