"""What is only seen with a whole contract in hand: years against years, suites against specs."""

from __future__ import annotations

from collections.abc import Sequence

from lgdp.contracts.contract import Contract
from lgdp.contracts.expectation_form import check_form
from lgdp.contracts.period import Period, read_period
from lgdp.contracts.spec_history import DatedSpec
from lgdp.contracts.suite import Rule
from lgdp.contracts.table import TableSpec
from lgdp.errors import Problem, RuleMistake, UnknownPeriod


class CrossCheck:
    """Adds everything that does not fit together in one contract to `problems`, each thing once."""

    def __init__(
        self, contract: Contract, specs: Sequence[DatedSpec], problems: list[Problem]
    ) -> None:
        self._contract, self._specs, self._problems = contract, specs, problems
        self._found: set[Problem] = set()

    def run(self) -> None:
        """Look at everything."""
        self._check_tracked_from()
        self._check_types()
        for table, suite in self._contract.suites.items():
            file = f"expectations/{self._contract.name}/{table}.json"
            if self._specs and table not in self._contract.table_names:
                self._add(Problem(file, "", "there is no such table"))
            for rule in suite.expectations:
                if self._has_dates(file, rule):
                    self._check_rule(file, table, rule)

    def _add(self, problem: Problem) -> None:
        if problem not in self._found:
            self._found.add(problem)
            self._problems.append(problem)

    def _read(self, text: str) -> Period:
        ret = self._contract.statutory_return
        return read_period(text, ret.frequency, ret.first_day)

    def _check_tracked_from(self) -> None:
        text = self._contract.statutory_return.tracked_from
        try:
            if text is not None:
                self._read(text)
        except UnknownPeriod as error:
            file = f"conf/returns/{self._contract.name}/return.yaml"
            self._add(Problem(file, "tracked_from", str(error)))

    def _check_types(self) -> None:
        """A table of the lake holds all years, so a column keeps its type and spelling."""
        kinds: dict[tuple[str, str], tuple[str, str]] = {}
        for dated in self._specs:
            for table in dated.spec.tables:
                for column in table.columns:
                    key = f"tables.{table.name}.columns.{column.name}"
                    kind = "string" if column.type in ("code", "postcode") else column.type
                    place = (table.name, column.name.casefold())
                    before, spelling = kinds.setdefault(place, (kind, column.name))
                    if before != kind:
                        message = (
                            f"changes type from {before} to {column.type}; a lake column keeps "
                            "its type, so rename the column"
                        )
                        self._add(Problem(dated.file, f"{key}.type", message))
                    if spelling != column.name:
                        message = f"differs from {spelling} of an earlier year in case only"
                        self._add(Problem(dated.file, key, message))

    def _has_dates(self, file: str, rule: Rule) -> bool:
        wrong = []
        for key, text in (("since", rule.meta.since), ("until", rule.meta.until)):
            try:
                if text:
                    self._read(text)
            except UnknownPeriod as error:
                wrong.append(Problem(file, rule.meta.code, f"meta.{key}: {error}"))
        for problem in wrong:
            self._add(problem)
        return not wrong

    def _check_rule(self, file: str, table: str, rule: Rule) -> None:
        tables = [spec for spec in self._tables_judged(table, rule) if spec is not None]
        for spec in tables:
            try:
                check_form(rule.type, spec, rule.kwargs)
            except RuleMistake as error:
                self._add(Problem(file, rule.meta.code, str(error)))
            for name in rule.meta.columns:
                if name not in spec.column_names:
                    message = f"meta.columns: {spec.name} has no column {name}"
                    self._add(Problem(file, rule.meta.code, message))

    def _tables_judged(self, table: str, rule: Rule) -> list[TableSpec]:
        """The table in every spec under which the rule is used."""
        judged = []
        for index, dated in enumerate(self._specs):
            later = [
                other.first.start
                for other in self._specs[index + 1 :]
                if other.term in {dated.term, rule.meta.term or dated.term}
                and other.first.start > dated.first.start
            ]
            meta = rule.meta
            begins_in_time = not (meta.since and later) or self._read(meta.since).start < later[0]
            ends_in_time = not meta.until or dated.first.start <= self._read(meta.until).start
            if begins_in_time and ends_in_time and self._fits_term(meta.term, dated):
                judged += [item for item in dated.spec.tables if item.name == table]
        return judged

    def _fits_term(self, term: str, dated: DatedSpec) -> bool:
        """A spec for all terms is not used for one that has its own."""
        own = {other.term for other in self._specs if other.first.start <= dated.first.start}
        return not term or dated.term == term or (dated.term is None and term not in own)
