"""The rule book of a return: every check of a period, from its contract and suites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lgdp.checks.compiled_rule import CompiledRule
from lgdp.checks.contract_rules import contract_rules
from lgdp.contracts.case import Case, Row
from lgdp.contracts.column import Severity
from lgdp.contracts.contract import Contract
from lgdp.contracts.expectation_form import QUERY
from lgdp.contracts.period import Period
from lgdp.contracts.suite import Rule, RuleMeta
from lgdp.contracts.table import TableSpec
from lgdp.reports.rule_words import in_words

VALUE = "{value}"
SHOWN_VALUE = "…"


@dataclass(frozen=True)
class ExampleTable:
    """Rows of one table of an example; `marks` is `!` for each row that fails, else `.`."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...]


@dataclass(frozen=True)
class BookRule:
    """One check, as a return officer reads it. `origin` is `contract` or `suite`.

    `checks` is what a row that keeps it is like; of a contract's check, what the column holds.
    `since` and `until` are periods; `until` is empty where the check still holds. `examples` has
    tables for each case.
    """

    code: str
    table: str
    severity: Severity
    origin: str
    columns: tuple[str, ...]
    checks: str
    message: str
    why: str
    source: str
    since: str
    until: str
    term: str
    needs: tuple[str, ...]
    query: str
    examples: tuple[tuple[ExampleTable, ...], ...]


@dataclass(frozen=True)
class RuleBook:
    """All checks of one return in one period, table by table in the contract's order."""

    return_name: str
    title: str
    body: str
    period: str
    tables: dict[str, str]
    rules: tuple[BookRule, ...]

    def as_json(self) -> dict[str, Any]:
        """What `lgdp rules RETURN --json` prints."""
        return asdict(self)


def make_book(contract: Contract, period: Period, cases: Sequence[Case]) -> RuleBook:
    """The book of a period; `cases` are those of the return's rules."""
    ruleset = contract.ruleset(period)
    rules: list[BookRule] = []
    for table in ruleset.spec.tables:
        rules += [_of_contract(contract, table, rule) for rule in contract_rules(table, ruleset)]
        suite = ruleset.suites.get(table.name)
        for rule in suite.expectations if suite else ():
            own = [
                case for case in cases if (case.table, case.code) == (table.name, rule.meta.code)
            ]
            rules.append(_of_suite(contract, table, rule, own))
    return RuleBook(
        return_name=contract.name,
        title=contract.statutory_return.title,
        body=contract.statutory_return.body,
        period=period.text,
        tables={table.name: table.title for table in ruleset.spec.tables},
        rules=tuple(rules),
    )


def _of_contract(contract: Contract, table: TableSpec, rule: CompiledRule) -> BookRule:
    columns = (rule.column,) if rule.column else ()
    description = table.column(rule.column).description if rule.column else ""
    return BookRule(
        code=rule.code,
        table=rule.table,
        severity=rule.severity,
        origin="contract",
        columns=columns,
        checks=description,
        message=rule.message.replace(f"'{VALUE}'", SHOWN_VALUE).replace(VALUE, SHOWN_VALUE),
        why="",
        source="",
        since=_since(contract, rule.table, columns, None),
        until="",
        term="",
        needs=(),
        query="",
        examples=(),
    )


def _of_suite(contract: Contract, table: TableSpec, rule: Rule, cases: Sequence[Case]) -> BookRule:
    meta = rule.meta
    columns = meta.columns or ((rule.column,) if rule.column else ())
    message = meta.message.replace("{column}", rule.column or "").replace(VALUE, SHOWN_VALUE)
    return BookRule(
        code=meta.code,
        table=table.name,
        severity=rule.severity,
        origin="suite",
        columns=columns,
        checks=in_words(rule),
        message=message,
        why=meta.why,
        source=meta.source,
        since=_since(contract, table.name, columns, meta),
        until=meta.until,
        term=meta.term,
        needs=meta.needs,
        query=str(rule.kwargs["unexpected_rows_query"]) if rule.type == QUERY else "",
        examples=tuple(_example(case, table.name, columns) for case in cases),
    )


def _since(contract: Contract, table: str, columns: Iterable[str], meta: RuleMeta | None) -> str:
    """The first period in which a rule holds and its columns are there."""
    wanted = set(columns)
    first = next(
        begins
        for (begins, _), spec in contract.specs.items()
        if any(item.name == table and wanted <= set(item.column_names) for item in spec.tables)
    )
    if meta is not None and meta.since:
        first = max(first, contract.read_period(meta.since))
    return first.text


def _example(case: Case, table: str, columns: Sequence[str]) -> tuple[ExampleTable, ...]:
    """The tables of a case, the rule's own first."""
    names = sorted(case.rows, key=lambda name: (name != table, name))
    failing = {table: set(case.failing)}
    return tuple(_example_table(name, case.rows[name], failing.get(name, set())) for name in names)


def _example_table(name: str, rows: Sequence[Row], failing: set[int]) -> ExampleTable:
    columns = tuple(rows[0]) if rows else ()
    return ExampleTable(
        table=name,
        columns=columns,
        rows=tuple(tuple(row[column] or "" for column in columns) for row in rows),
        marks=tuple("!" if number in failing else "." for number in range(1, len(rows) + 1)),
    )
