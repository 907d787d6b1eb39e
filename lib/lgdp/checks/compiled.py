"""Rules compiled for the kernel: contract checks and suites of one ruleset as DuckDB SQL."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Literal

from lgdp.checks.cast import raw
from lgdp.checks.expectation import COLUMN_MAPS, check_kwargs, predicate
from lgdp.checks.query_rule import QueryRule, read_query
from lgdp.checks.sql_text import listed, quoted
from lgdp.contracts.column import Column, Severity
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.strict import Strict
from lgdp.contracts.suite import Rule
from lgdp.contracts.table import TableSpec
from lgdp.errors import ConfigurationError, Problem, RuleMistake

UNIQUE = "expect_compound_columns_to_be_unique"
ROW_COUNT = "expect_table_row_count_to_be_between"
QUERY = "unexpected_rows_expectation"
SUPPORTED = COLUMN_MAPS | {UNIQUE, ROW_COUNT, QUERY}
EXPECTED = {
    "integer": "a whole number",
    "decimal": "a number with at most {scale} decimal places",
    "date": "a date written {formats}",
    "datetime": "a date and time written {formats}",
    "yes_no": "one of {words}",
    "postcode": "a full postcode",
    "string": "text of the form {pattern}",
}


class CompiledRule(Strict):
    """One rule in DuckDB SQL.

    `kind` row: `sql` is a predicate on a row. query: `sql` selects the failing rows. count: `sql`
    is empty, `bounds` holds the least and the most rows. `reads` are the tables that a query reads
    beside its own rows, `previous` those of the period before, `links` (column, table, other column) how. `origin` tells a contract's own
    check from a suite's rule.
    """

    table: str
    code: str
    severity: Severity
    origin: Literal["contract", "suite"]
    kind: Literal["row", "query", "count"]
    column: str | None
    message: str
    sql: str
    reads: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    bounds: tuple[int | None, int | None] = (None, None)


class CompiledRules(Strict):
    """All rules of a ruleset, contract checks before suites, in the order of tables."""

    ruleset: str
    rules: tuple[CompiledRule, ...]

    @cached_property
    def as_json(self) -> str:
        """All rules as JSON, made once."""
        return self.model_dump_json()

    def of(self, table: str) -> tuple[CompiledRule, ...]:
        """The rules of one table."""
        return tuple(rule for rule in self.rules if rule.table == table)


def compile_rules(ruleset: Ruleset) -> CompiledRules:
    """Compile every rule; ConfigurationError lists all that is wrong, with suite and code."""
    return _compiled(ruleset.id, _Hidden(ruleset))


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
    tables = frozenset(table.name for table in ruleset.spec.tables)
    for spec in ruleset.spec.tables:
        rules += contract_rules(spec, ruleset)
        suite = ruleset.suites.get(spec.name)
        file = f"expectations/{ruleset.return_name}/{spec.name}.json"
        for rule in suite.expectations if suite else ():
            try:
                rules.append(_suite_rule(rule, spec, tables))
            except RuleMistake as error:
                problems.append(Problem(file, rule.meta.code, str(error)))
    if problems:
        raise ConfigurationError(problems)
    return CompiledRules(ruleset=ruleset_id, rules=tuple(rules))


def _suite_rule(rule: Rule, spec: TableSpec, tables: frozenset[str]) -> CompiledRule:
    shared = {
        "table": spec.name,
        "code": rule.meta.code,
        "severity": rule.severity,
        "origin": "suite",
        "column": rule.column,
        "message": rule.meta.message.replace("{column}", rule.column or ""),
    }
    if rule.type in COLUMN_MAPS:
        sql = predicate(rule.type, spec, rule.kwargs)
        return CompiledRule.model_validate({**shared, "kind": "row", "sql": sql})
    if rule.type == UNIQUE:
        return CompiledRule.model_validate({**shared, "kind": "query", "sql": _unique(rule, spec)})
    if rule.type == ROW_COUNT:
        check_kwargs(rule.type, rule.kwargs, set(), {"min_value", "max_value"})
        bounds = (rule.kwargs.get("min_value"), rule.kwargs.get("max_value"))
        return CompiledRule.model_validate(
            {**shared, "kind": "count", "sql": "", "bounds": bounds, "column": None}
        )
    if rule.type == QUERY:
        check_kwargs(rule.type, rule.kwargs, {"unexpected_rows_query"}, set())
        query = read_query(rule.kwargs["unexpected_rows_query"], spec.name, tables)
        return CompiledRule.model_validate({**shared, **_of_query(query)})
    known = ", ".join(sorted(SUPPORTED))
    raise RuleMistake(f"'{rule.type}' is not an expectation that is known here; known are {known}")


def _of_query(query: QueryRule) -> dict[str, object]:
    if query.predicate is not None:
        return {"kind": "row", "sql": query.predicate}
    links = tuple((link.column, link.table, link.other) for link in query.links)
    return {
        "kind": "query",
        "sql": query.sql,
        "reads": query.reads,
        "previous": query.previous,
        "links": links,
    }


def _unique(rule: Rule, spec: TableSpec) -> str:
    """Rows whose key occurs more than once; rows with a null in the key are left out."""
    check_kwargs(rule.type, rule.kwargs, {"column_list", "ignore_row_if"}, set())
    columns = list(rule.kwargs["column_list"])
    if "_submission" not in columns:
        raise RuleMistake("column_list does not name _submission")
    if rule.kwargs["ignore_row_if"] != "any_value_is_missing":
        raise RuleMistake("needs ignore_row_if: any_value_is_missing")
    unknown = [
        name for name in columns if not name.startswith("_") and name not in spec.column_names
    ]
    if unknown:
        raise RuleMistake(f"{spec.name} has no column {unknown[0]}")
    names = ", ".join(quoted(name) for name in columns if name != "_submission")
    table = quoted(spec.name)
    complete = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in columns)
    twice = f"SELECT {names} FROM {table} WHERE {complete} GROUP BY ALL HAVING count(*) > 1"
    return f"SELECT b.* FROM {table} AS b SEMI JOIN ({twice}) AS d USING ({names})"


def contract_rules(spec: TableSpec, ruleset: Ruleset) -> list[CompiledRule]:
    """The checks that a contract makes by itself: type or format, required, code list."""
    rules = []
    for column in spec.columns:
        text, value = raw(column.name), quoted(column.name)
        if column.type != "code" and (column.type != "string" or column.pattern):
            default = (
                "FORMAT" if column.type in ("date", "datetime", "postcode", "string") else "TYPE"
            )
            message = f"'{{value}}' is not {_expected(column)}; write {column.name} as that."
            predicate_sql = f"{text} IS NOT NULL AND {value} IS NULL"
            rules.append(_contract_rule(spec, column, "type", default, predicate_sql, message))
        if column.required:
            message = f"{column.name} is blank; it must be filled in."
            rules.append(
                _contract_rule(spec, column, "required", "REQUIRED", f"{text} IS NULL", message)
            )
        if column.codes:
            codes = ruleset.codes[column.codes]
            shown = ", ".join(list(codes)[:12]) + (", …" if len(codes) > 12 else "")
            message = (
                f"'{{value}}' is not a code of {column.name} for this period; use one of {shown}."
            )
            predicate_sql = f"{text} NOT IN {listed(codes)}"
            rules.append(_contract_rule(spec, column, "codes", "CODE_LIST", predicate_sql, message))
    return rules


def _contract_rule(
    spec: TableSpec,
    column: Column,
    check: Literal["type", "required", "codes"],
    default: str,
    sql: str,
    message: str,
) -> CompiledRule:
    return CompiledRule(
        table=spec.name,
        code=column.published.get(check, default),
        severity="critical" if check == "type" else column.severity.get(check, "critical"),
        origin="contract",
        kind="row",
        column=column.name,
        message=message,
        sql=sql,
    )


def _expected(column: Column) -> str:
    words = EXPECTED[column.type.partition("(")[0]]
    return words.format(
        scale=column.decimal[1] if column.decimal else 0,
        formats=" or ".join(column.accepted_formats),
        words=", ".join((*column.words.yes, *column.words.no)),
        pattern=column.pattern,
    )
