"""Trying the cases of a return's rules on the kernel; `lgdp.contracts.case` has their form."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from lgdp.checks.compiled import CompiledRule, CompiledRules, compile_rules
from lgdp.checks.kernel import check
from lgdp.checks.outcome import Outcome
from lgdp.checks.task import CheckTask
from lgdp.config import load_settings, locate
from lgdp.contracts.case import Case
from lgdp.contracts.case import read_cases as cases_of
from lgdp.contracts.catalogue import load_catalogue
from lgdp.contracts.column import Column
from lgdp.contracts.contract import Contract
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.table import TableSpec
from lgdp.intake.bronze import BronzeSink, bronze_schema, row_batch
from tests.reference_files import reference_files

SUBMISSION, COUNCIL = "0" * 32, "EX0000975"
PREVIOUS = "previous_"
LIMITS = load_settings(locate().conf / "platform.yaml").limits


def read_cases(return_name: str, period: str) -> list[Case]:
    """The cases of a return, which lie beside its suites."""
    return cases_of(locate(), return_name, period)


def rules_of(contract: Contract) -> set[tuple[str, str]]:
    """Table and code of every rule of a return's suites."""
    return {
        (table, rule.meta.code)
        for table, suite in contract.suites.items()
        for rule in suite.expectations
    }


def tried_both_ways(cases: list[Case]) -> set[tuple[str, str]]:
    """Table and code of the rules that have a row that breaks them beside one that does not."""
    return {
        (case.table, case.code)
        for case in cases
        if 0 < len(case.failing) < len(case.rows[case.table])
    }


def contract_of(return_name: str) -> Contract:
    """The contract of the project's own configuration."""
    return load_catalogue(locate(), only=return_name).contract(return_name)


class Trial:
    """Runs the cases of one return on the kernel.

    Rules that judge each row by itself are tried together, table by table; every other rule alone
    with the rows of its case.
    """

    def __init__(self, contract: Contract, cases: list[Case]) -> None:
        self._contract, self._cases = contract, cases
        self._known: dict[str, tuple[Ruleset, CompiledRules]] = {}
        self._together: dict[tuple[str, str], list[tuple[str, int]]] = {}

    def failing_rows(self, case: Case, scratch: Path) -> tuple[int, ...]:
        """Numbers of the rows of the case's table that its rule finds."""
        if self._rule(case).kind == "row":
            return self._found_together(case, scratch)
        found = self._found((self._rule(case),), case, scratch)
        return tuple(sorted({row for code, row in found if code == case.code}))

    def _found_together(self, case: Case, scratch: Path) -> tuple[int, ...]:
        place = case.table, case.period
        group = [
            other
            for other in self._cases
            if (other.table, other.period) == place and self._rule(other).kind == "row"
        ]
        if place not in self._together:
            rows = tuple(row for other in group for row in other.rows[case.table])
            everything = Case(case.table, "", case.period, {case.table: rows}, ())
            rules = {rule.code: rule for rule in map(self._rule, group)}
            self._together[place] = self._found(tuple(rules.values()), everything, scratch)
        sizes = [len(other.rows[case.table]) for other in group]
        before = sum(sizes[: next(at for at, other in enumerate(group) if other is case)])
        own = range(before + 1, before + len(case.rows[case.table]) + 1)
        found = sorted(self._together[place])
        return tuple(row - before for code, row in found if code == case.code and row in own)

    def _found(
        self, rules: tuple[CompiledRule, ...], case: Case, scratch: Path
    ) -> list[tuple[str, int]]:
        ruleset, _ = self._rules(case.period)
        case = _with_all_needed(case, rules)
        needed = {case.table, *case.rows}
        for rule in rules:
            needed |= {*rule.reads, *rule.previous}
        small = only(ruleset, {name.removeprefix(PREVIOUS) for name in needed} | needed)
        outcome = self._check(small, case, rules, scratch)
        return [(row["code"], row["row"]) for row in pq.read_table(outcome.failures).to_pylist()]

    def _rule(self, case: Case) -> CompiledRule:
        _, compiled = self._rules(case.period)
        return next(
            rule
            for rule in compiled.of(case.table)
            if rule.code == case.code and rule.origin == "suite"
        )

    def _rules(self, period: str) -> tuple[Ruleset, CompiledRules]:
        if period not in self._known:
            ruleset = self._contract.ruleset(self._contract.read_period(period))
            # Of the rules that cases of the period are of: compiling takes time.
            codes = {case.code for case in self._cases if case.period == period}
            self._known[period] = ruleset, compile_rules(only_rules(ruleset, codes))
        return self._known[period]

    def _check(
        self, ruleset: Ruleset, case: Case, rules: tuple[CompiledRule, ...], scratch: Path
    ) -> Outcome:
        previous = {}
        before = {
            name.removeprefix(PREVIOUS): rows
            for name, rows in case.rows.items()
            if name.startswith(PREVIOUS) and name not in self._contract.table_names
        }
        if before:
            (scratch / "previous").mkdir()
            earlier = self._task(ruleset, case, before, (), {}, scratch / "previous")
            silver = check(earlier, scratch / "previous").silver
            previous = {name: (path,) for name, path in silver.items()}
        now = {name: rows for name, rows in case.rows.items() if name in self._contract.table_names}
        task = self._task(ruleset, case, now, rules, previous, scratch)
        return check(task, scratch, files_wanted=False)

    def _task(
        self,
        ruleset: Ruleset,
        case: Case,
        rows: Mapping[str, tuple[dict[str, str | None], ...]],
        rules: tuple[CompiledRule, ...],
        previous: Mapping[str, tuple[Path, ...]],
        scratch: Path,
    ) -> CheckTask:
        return CheckTask(
            submission=SUBMISSION,
            council=COUNCIL,
            council_names=(),
            ruleset=ruleset,
            rules=CompiledRules(ruleset=ruleset.id, rules=rules),
            collection=self._contract.collection(self._contract.read_period(case.period)),
            bronze=bronze_of(ruleset, rows, scratch),
            previous=dict(previous),
            reference=reference_files(ruleset, self._contract.references),
            limits=LIMITS,
        )


def _with_all_needed(case: Case, rules: tuple[CompiledRule, ...]) -> Case:
    """A table of this year that a rule needs was sent, be it without a row."""
    needed = {name for rule in rules for name in rule.needs if not name.startswith(PREVIOUS)}
    return replace(case, rows={**dict.fromkeys(sorted(needed), ()), **case.rows})


def only(ruleset: Ruleset, names: set[str]) -> Ruleset:
    tables = tuple(table for table in ruleset.spec.tables if table.name in names)
    spec = ruleset.spec.model_copy(update={"tables": tables, "identity": ()})
    return ruleset.model_copy(update={"spec": spec})


def only_rules(ruleset: Ruleset, codes: Collection[str]) -> Ruleset:
    suites = {}
    for table, suite in ruleset.suites.items():
        rules = tuple(rule for rule in suite.expectations if rule.meta.code in codes)
        suites[table] = suite.model_copy(update={"expectations": rules})
    return ruleset.model_copy(update={"suites": suites})


def bronze_of(
    ruleset: Ruleset, rows: Mapping[str, tuple[dict[str, str | None], ...]], scratch: Path
) -> dict[str, Path]:
    sink = BronzeSink(scratch, SUBMISSION, COUNCIL)
    for name, table_rows in rows.items():
        table = ruleset.table(name)
        if not table_rows:
            pq.write_table(bronze_schema(table.column_names).empty_table(), sink.path(name))
            continue
        numbered = [
            {**_as_sent(table, row), "_row": number, "_file": f"{name}.csv"}
            for number, row in enumerate(table_rows, start=1)
        ]
        sink.write(table, row_batch(table, numbered))
    sink.close()
    return {name: sink.path(name) for name in rows}


def _as_sent(table: TableSpec, row: Mapping[str, str | None]) -> dict[str, str | None]:
    return {name: value and _written(table.column(name), value) for name, value in row.items()}


def _written(column: Column, value: str) -> str:
    """An ISO date as the contract wants it in a file; other values as they are."""
    if column.type != "date" or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return value
    day = date.fromisoformat(value)
    letters = {"yyyy": day.strftime("%Y"), "MMM": day.strftime("%b"), "MM": f"{day.month:02}"}
    letters |= {"M": str(day.month), "dd": f"{day.day:02}", "d": str(day.day)}
    letters |= {"HH": "00", "mm": "00", "ss": "00"}
    return re.sub(
        r"yyyy|MMM|MM|M|dd|d|HH|mm|ss",
        lambda match: letters[match[0]],
        column.accepted_formats[0],
    )
