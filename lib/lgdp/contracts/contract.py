"""The contract of one return: the return itself, specs of all years, code lists and suites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy

from lgdp.contracts.codelist import CodeList
from lgdp.contracts.expectation_form import QUERY
from lgdp.contracts.period import Period, next_of_term, period_before, read_period
from lgdp.contracts.reference import Reference, ReferenceShape, mentioned
from lgdp.contracts.ruleset import Collection, Ruleset
from lgdp.contracts.spec import Spec
from lgdp.contracts.spec_history import DatedSpec
from lgdp.contracts.statutory_return import StatutoryReturn
from lgdp.contracts.suite import Suite
from lgdp.errors import UnknownPeriod


class Contract:
    """A return with its specs; `specs` maps each spec's `(first, term)` to it, oldest first."""

    def __init__(
        self,
        name: str,
        statutory_return: StatutoryReturn,
        specs: Sequence[DatedSpec],
        codes: Mapping[str, CodeList],
        suites: Mapping[str, Suite],
        references: Mapping[str, Reference] | None = None,
    ) -> None:
        self.name = name
        self.statutory_return = statutory_return
        self.specs = {(dated.first, dated.term): dated.spec for dated in specs}
        self.codes = dict(codes)
        self.suites = dict(suites)
        self.references = dict(references or {})
        self._rulesets: dict[Period, Ruleset] = {}

    def read_period(self, text: str) -> Period:
        """The period of that text; UnknownPeriod when malformed or before the first spec."""
        period = self._read(text)
        if self._spec_at(period) is None:
            first = min(start for start, _ in self.specs)
            raise UnknownPeriod(f"{self.name} has no spec for {period}; its first is for {first}")
        return period

    def collection(self, period: Period) -> Collection:
        """The collection of a period, as rules see it."""
        ret = self.statutory_return
        previous = period_before(period, ret.frequency, ret.first_day)
        return Collection(
            return_name=self.name,
            period=period.text,
            start=period.start,
            end=period.end,
            previous=previous,
        )

    def ruleset(self, period: Period, spec_period: Period | None = None) -> Ruleset:
        """What a submission of `period` is judged by; `spec_period`: by another year's rules."""
        judged_as = spec_period or period
        if judged_as not in self._rulesets:
            self._rulesets[judged_as] = self._make_ruleset(judged_as)
        return self._rulesets[judged_as]

    def milestones(self) -> tuple[Period, ...]:
        """Periods that between them are judged by every spec and every rule there is, in order."""
        found = {next_of_term(first, term) if term else first for first, term in self.specs}
        for suite in self.suites.values():
            for rule in suite.expectations:
                found |= {self._read(text) for text in (rule.meta.since, rule.meta.until) if text}
        return tuple(sorted(period for period in found if self._spec_at(period) is not None))

    def all_columns(self, table: str) -> dict[str, str]:
        """Name to type of every column that any year gives this table, oldest first."""
        columns: dict[str, str] = {}
        for spec in self.specs.values():
            for item in spec.tables:
                if item.name == table:
                    columns.update({column.name: column.type for column in item.columns})
        return columns

    @property
    def table_names(self) -> tuple[str, ...]:
        """Every table of any year."""
        return tuple(
            dict.fromkeys(table.name for spec in self.specs.values() for table in spec.tables)
        )

    def _read(self, text: str) -> Period:
        ret = self.statutory_return
        return read_period(text, ret.frequency, ret.first_day)

    def _make_ruleset(self, period: Period) -> Ruleset:
        spec = self._spec_at(period)
        if spec is None:
            raise UnknownPeriod(f"{self.name} has no spec for {period}")
        suites = {
            table.name: self._suite_at(self.suites[table.name], period)
            for table in spec.tables
            if table.name in self.suites
        }
        used = {column.codes for table in spec.tables for column in table.columns if column.codes}
        return Ruleset(
            return_name=self.name,
            spec=spec,
            codes={
                name: self.codes[name].valid_in(period.collection_year) for name in sorted(used)
            },
            suites=suites,
            reference=self._shapes(suites.values()),
        )

    def with_suite(self, table: str, suite: Suite) -> Contract:
        """The same contract with the rules of that suite and no others."""
        other = copy(self)
        other.suites, other._rulesets = {table: suite}, {}
        return other

    def used_references(self) -> set[str]:
        """The reference tables that rules of any year may read, of those that there are."""
        return set(self._shapes(self.suites.values()))

    def _shapes(self, suites: Iterable[Suite]) -> dict[str, ReferenceShape]:
        names: set[str] = set()
        for suite in suites:
            for rule in suite.expectations:
                if rule.type == QUERY:
                    names |= mentioned(str(rule.kwargs.get("unexpected_rows_query", "")))
        return {
            name: self.references[name].shape for name in sorted(names) if name in self.references
        }

    def _suite_at(self, suite: Suite, period: Period) -> Suite:
        dated = [rule.meta.is_for(period, self._read) for rule in suite.expectations]
        if all(dated):
            return suite
        rules = (rule for rule, kept in zip(suite.expectations, dated, strict=True) if kept)
        return suite.model_copy(update={"expectations": tuple(rules)})

    def _spec_at(self, period: Period) -> Spec | None:
        fitting = [
            spec
            for (first, term), spec in self.specs.items()
            if first.start <= period.start and term in (None, period.term)
        ]
        return fitting[-1] if fitting else None
