"""Rules compiled for the kernel: contract checks and suites of one ruleset as DuckDB SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from lgdp.checks.compiled_rule import PREVIOUS, CompiledRule, CompiledRules, suite_file
from lgdp.checks.contract_rules import contract_rules
from lgdp.checks.expectation import COLUMN_MAPS, predicate
from lgdp.checks.query_kinds import COLLECTION, Columns
from lgdp.checks.query_rule import QueryRule, read_query
from lgdp.checks.shared_parts import common_parts
from lgdp.checks.sql_text import quoted
from lgdp.contracts.contract import Contract
from lgdp.contracts.expectation_form import QUERY, ROW_COUNT, UNIQUE, check_form
from lgdp.contracts.reference import PREFIX
from lgdp.contracts.ruleset import Ruleset, collection_columns
from lgdp.contracts.suite import Rule
from lgdp.contracts.table import TableSpec
from lgdp.errors import ConfigurationError, Problem, RuleMistake


def compile_rules(ruleset: Ruleset) -> CompiledRules:
    """Compile every rule; ConfigurationError lists all that is wrong, with suite and code."""
    return _compiled(ruleset.id, _Hidden(ruleset))


def rule_problems(contract: Contract) -> Iterator[Problem]:
    """What compiling would find wrong with the rules of any period of a contract."""
    for period in contract.milestones():
        try:
            compile_rules(contract.ruleset(period))
        except ConfigurationError as error:
            yield from error.problems


class _Hidden:
    """Keeps the ruleset out of the cache key, which is its id alone."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hidden)


@lru_cache(maxsize=64)
def _compiled(ruleset_id: str, hidden: _Hidden) -> CompiledRules:
    ruleset = hidden.ruleset
    problems: list[Problem] = []
    rules: list[CompiledRule] = []
    parts: list[tuple[str, ...]] = []
    columns = readable_columns(ruleset)
    for spec in ruleset.spec.tables:
        rules += contract_rules(spec, ruleset)
        suite = ruleset.suites.get(spec.name)
        for rule in suite.expectations if suite else ():
            try:
                rules.append(compile_rule(rule, spec, columns, parts))
            except RuleMistake as error:
                file = suite_file(ruleset.return_name, spec.name)
                problems.append(Problem(file, rule.meta.code, str(error)))
    if problems:
        raise ConfigurationError(problems)
    return CompiledRules(ruleset=ruleset_id, rules=tuple(rules), parts=common_parts(parts))


def readable_columns(ruleset: Ruleset) -> Columns:
    """Every column that a query of a ruleset may read, by table, with its type."""
    return {
        **{
            table.name: {column.name: column.type for column in table.columns}
            for table in ruleset.spec.tables
        },
        COLLECTION: collection_columns(ruleset.spec.parameters),
        **{PREFIX + name: shape.columns for name, shape in ruleset.reference.items()},
    }


def compile_rule(
    rule: Rule, spec: TableSpec, columns: Columns, parts: list[tuple[str, ...]] | None = None
) -> CompiledRule:
    """One rule of a suite; RuleMistake says what is wrong with it, and where in its query.

    The derived tables of its query are added to `parts`, as one tuple.
    """
    check_form(rule.type, spec, rule.kwargs)
    _check_needs(rule, columns)
    return CompiledRule.model_validate(
        {
            "table": spec.name,
            "code": rule.meta.code,
            "severity": rule.severity,
            "origin": "suite",
            "column": rule.column,
            "message": rule.meta.message.replace("{column}", rule.column or ""),
            "needs": rule.meta.needs,
            **_compiled_kind(rule, spec, columns, parts),
        }
    )


def _check_needs(rule: Rule, columns: Columns) -> None:
    """Only a query can be kept from a submission: the audit can leave out rows by `_submission`."""
    if rule.meta.needs and rule.type != QUERY:
        raise RuleMistake("meta.needs is for an unexpected_rows_expectation")
    for name in rule.meta.needs:
        if name not in columns and name.removeprefix(PREVIOUS) not in columns:
            raise RuleMistake(f"meta.needs: there is no table {name} in this return")


def _compiled_kind(
    rule: Rule, spec: TableSpec, columns: Columns, parts: list[tuple[str, ...]] | None
) -> dict[str, Any]:
    if rule.type in COLUMN_MAPS:
        return {"kind": "row", "sql": predicate(rule.type, spec, rule.kwargs)}
    if rule.type == UNIQUE:
        names = [name for name in rule.kwargs["column_list"] if name != "_submission"]
        sql, together = _unique(names, spec), _unique(["_submission", *names], spec)
        return {
            "kind": "query",
            "sql": sql,
            "together": together,
            "idle_without": (spec.name,),
        }
    if rule.type == ROW_COUNT:
        bounds = (rule.kwargs.get("min_value"), rule.kwargs.get("max_value"))
        return {"kind": "count", "sql": "", "bounds": bounds, "column": None}
    if rule.type == QUERY:
        query = read_query(rule.kwargs["unexpected_rows_query"], spec.name, columns)
        if parts is not None:
            parts.append(query.parts)
        return _of_query(query)
    raise RuleMistake(f"'{rule.type}' is an expectation that can't be compiled")


def _of_query(query: QueryRule) -> dict[str, Any]:
    if query.predicate is not None:
        return {"kind": "row", "sql": query.predicate}
    links = tuple((link.column, link.table, link.other) for link in query.links)
    return {
        "kind": "query",
        "sql": query.sql,
        "reads": query.reads,
        "previous": query.previous,
        "reference": query.reference,
        "links": links,
        "idle_without": query.needed,
    }


def _unique(columns: Sequence[str], spec: TableSpec) -> str:
    """Rows whose key occurs more than once; rows with a null in the key are left out."""
    names = ", ".join(quoted(name) for name in columns)
    table = quoted(spec.name)
    complete = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in columns)
    twice = f"SELECT {names} FROM {table} WHERE {complete} GROUP BY ALL HAVING count(*) > 1"
    return f"SELECT b._rid FROM {table} AS b SEMI JOIN ({twice}) AS d USING ({names})"
