"""A mistake in a rule, pointed at in the rule's own text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lgdp.checks.compiled import compile_rule, readable_columns
from lgdp.checks.compiled_rule import CompiledRules
from lgdp.checks.trial import bind_rules
from lgdp.contracts.expectation_form import QUERY
from lgdp.contracts.ruleset import Collection, Ruleset
from lgdp.contracts.suite import Rule
from lgdp.errors import ConfigurationError, RuleMistake

WIDTH = 96
NAMED = re.compile(r'column "([^"]+)"|function with name (\w+)|[Tt]able with name (\w+)')
"""What DuckDB calls that it does not know."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a rule; `place` is the first character in its query, and the one after."""

    code: str
    message: str
    query: str
    place: tuple[int, int] | None

    @property
    def pointed(self) -> tuple[str, str, int] | None:
        """The line of the query with the place, carets below it, and the line's number from 1.

        A long line is cut to `WIDTH` characters around the place.
        """
        if self.place is None:
            return None
        start, end = self.place
        begins = self.query.rfind("\n", 0, start) + 1
        line = self.query[begins:].partition("\n")[0]
        first, last = start - begins, min(end - begins, len(line))
        cut = max(0, min(first - WIDTH // 3, len(line) - WIDTH))
        shown = line[cut : cut + WIDTH]
        if cut:
            shown = "…" + shown[1:]
        if cut + WIDTH < len(line):
            shown = shown[:-1] + "…"
        length = max(1, min(last, cut + WIDTH) - first)
        return shown, " " * (first - cut) + "^" * length, self.query.count("\n", 0, start) + 1


def mistakes_of(ruleset: Ruleset, table: str, collection: Collection) -> list[Mistake]:
    """Everything that is wrong with the rules of one table, in their order."""
    columns = readable_columns(ruleset)
    spec = ruleset.table(table)
    found = []
    for rule in ruleset.suites[table].expectations:
        try:
            compiled = compile_rule(rule, spec, columns)
            alone = CompiledRules(ruleset=ruleset.id, rules=(compiled,))
            bind_rules(ruleset, alone, collection)
        except RuleMistake as error:
            found.append(_mistake(rule, str(error), error.place))
        except ConfigurationError as error:
            reason = error.problems[0].message
            found.append(_mistake(rule, reason, _place_in(_query(rule), reason)))
    return found


def _query(rule: Rule) -> str:
    return str(rule.kwargs["unexpected_rows_query"]) if rule.type == QUERY else ""


def _mistake(rule: Rule, message: str, place: tuple[int, int] | None) -> Mistake:
    return Mistake(rule.meta.code, message, _query(rule), place)


def _place_in(query: str, reason: str) -> tuple[int, int] | None:
    """Where the query names what DuckDB complains of."""
    named = NAMED.search(reason)
    name = next((group for group in named.groups() if group), "") if named else ""
    found = re.search(rf"\b{re.escape(name)}\b", query, re.I) if name else None
    return found.span() if found else None
