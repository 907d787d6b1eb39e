"""Query rules applied to a workspace: which rows each of them finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lgdp.checks.compiled_rule import CompiledRule, suite_file
from lgdp.checks.rule_run import NOT_APPLICABLE, WRITTEN_WRONGLY, run_rule
from lgdp.checks.shared_parts import SharedParts
from lgdp.checks.workspace import Workspace
from lgdp.errors import ConfigurationError, Problem, RuleError

GIVEN = '"judge:given"'
"""Rows as the queries give them, the same one more than once if a query does."""
AT_ONCE = 16
"""Queries in one statement where planning takes the time: a quarter of it is the statement's."""


@dataclass(frozen=True)
class Hits:
    """What one query rule found: `given` rows, `rows` different ones."""

    rule: CompiledRule
    number: int
    given: int
    rows: int


class QueryJudging:
    """Runs query rules of one submission; `broken` are those that can't be applied to its data."""

    def __init__(
        self, space: Workspace, shared: SharedParts, queries: Sequence[CompiledRule]
    ) -> None:
        self._space, self._shared = space, shared
        self._queries = queries
        self._numbers = {rule: number for number, rule in enumerate(queries)}
        self.broken: list[tuple[CompiledRule, RuleError]] = []

    def find(self, rules: Iterable[CompiledRule], into: str) -> list[Hits]:
        """What those of `rules` found that found anything, in order.

        The table `into` is made anew, if any rule can find anything: the rule's number, a row id,
        and how often it was given. Rules that need a row of an empty table are not run.
        """
        able = [rule for rule in rules if self._space.empty.isdisjoint(rule.idle_without)]
        if not able:
            return []
        if self._space.quick:
            self._find_together(able, into)
        else:
            self._begin(into, "rule INTEGER, _rid BIGINT, times BIGINT")
            for rule in able:
                self._run(rule, f"INSERT INTO {into} {self._counted(rule)}")
        return list(self._found(into))

    def _find_together(self, rules: list[CompiledRule], into: str) -> None:
        """As many queries in one statement as are planned well together."""
        self._begin(GIVEN, "rule INTEGER, _rid BIGINT")
        for start in range(0, len(rules), AT_ONCE):
            several = rules[start : start + AT_ONCE]
            selects = " UNION ALL ".join(map(self._plain, several))
            try:
                self._space.count(f"INSERT INTO {GIVEN} {selects}")
            except (*WRITTEN_WRONGLY, *NOT_APPLICABLE):
                # One of them spoils it for all: find out which, and go on without.
                for rule in several:
                    self._run(rule, f"INSERT INTO {GIVEN} {self._plain(rule)}")
        self._space.db.execute(
            f"CREATE OR REPLACE TABLE {into} AS "
            f"SELECT rule, _rid, count(*) AS times FROM {GIVEN} GROUP BY ALL"
        )

    def _begin(self, table: str, columns: str) -> None:
        self._space.db.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")

    def _plain(self, rule: CompiledRule) -> str:
        return f"SELECT {self._numbers[rule]} AS rule, _rid FROM ({self._shared.sql_of(rule)})"

    def _counted(self, rule: CompiledRule) -> str:
        return (
            f"SELECT {self._numbers[rule]}, _rid, count(*) FROM ({self._shared.sql_of(rule)}) "
            "GROUP BY _rid"
        )

    def _run(self, rule: CompiledRule, statement: str) -> None:
        name = self._space.ruleset.return_name
        try:
            run_rule(name, rule, lambda: self._space.count(statement))
        except RuleError as error:
            self.broken.append((rule, error))

    def _found(self, hits: str) -> Iterator[Hits]:
        found = self._space.db.execute(
            f"SELECT rule, sum(times), count(*), count(_rid) FROM {hits} GROUP BY rule "
            "ORDER BY rule"
        ).fetchall()
        for number, given, rows, of_the_table in found:
            rule = self._queries[number]
            if rows != of_the_table:
                message = "the query gives rows that are not rows of {batch} (an outer join?)"
                file = suite_file(self._space.ruleset.return_name, rule.table)
                raise ConfigurationError([Problem(file, rule.code, message)])
            yield Hits(rule, number, int(given), int(rows))
