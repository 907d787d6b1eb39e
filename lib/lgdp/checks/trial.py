"""Binding rules to empty tables, so that a wrong column or function is found before any data is."""

from __future__ import annotations

from pathlib import Path

import duckdb

from lgdp.checks.compiled_rule import CompiledRule, CompiledRules, suite_file
from lgdp.checks.rule_run import reason_of
from lgdp.checks.sql_text import quoted
from lgdp.checks.workspace import Workspace
from lgdp.contracts.ruleset import Collection, Ruleset
from lgdp.errors import ConfigurationError, Problem
from lgdp.scratch import scratch_folder


def bind_rules(ruleset: Ruleset, rules: CompiledRules, collection: Collection) -> None:
    """Let DuckDB plan every suite rule over empty tables of the ruleset.

    Raises ConfigurationError: for each rule that can't be planned, DuckDB's reason.
    """
    problems = []
    with (
        scratch_folder("bind") as folder,
        Workspace(
            ruleset,
            collection,
            [("", "")],
            {},
            {table.name: () for table in ruleset.spec.tables},
            Path(folder),
            "256MB",
        ) as space,
    ):
        for rule in rules.rules:
            if rule.origin == "suite" and rule.kind != "count":
                reason = _refusal(space, rule)
                if reason:
                    file = suite_file(ruleset.return_name, rule.table)
                    problems.append(Problem(file, rule.code, reason))
    if problems:
        raise ConfigurationError(problems)


def _refusal(space: Workspace, rule: CompiledRule) -> str | None:
    """Why DuckDB can't plan a rule; null if it can."""
    sql = space.settled(rule.sql)
    if rule.kind == "row":
        sql = f"SELECT _rid FROM {quoted(rule.table)} WHERE {sql}"
    try:
        # An EXPLAIN would cost as much again, for a drawing of the plan.
        space.db.execute(f"PREPARE rule AS SELECT _rid FROM ({sql})")
    except duckdb.Error as error:
        return reason_of(error)
    return None
