"""Row rules of one table, judged together in one pass over it."""

from __future__ import annotations

from collections.abc import Sequence

from lgdp.checks.compiled_rule import CompiledRule
from lgdp.checks.rule_run import NOT_APPLICABLE, WRITTEN_WRONGLY, run_rule
from lgdp.checks.sql_text import flag, quoted
from lgdp.checks.workspace import Workspace
from lgdp.contracts.table import TableSpec
from lgdp.errors import RuleError

FEW = 500
"""Flags of so many rows are added up here: adding them up in the database takes longer to plan."""


class RowJudging:
    """Makes `bad:T` of a table T: its rows that any rule flags, with a flag for each rule.

    `rules` are those that could be judged; `broken` those that can't be applied to the data.
    """

    def __init__(self, space: Workspace, table: TableSpec, rules: Sequence[CompiledRule]) -> None:
        self._space, self._table = space, table
        self.rules = list(rules)
        self.broken: list[tuple[CompiledRule, RuleError]] = []
        self._flagged = 0

    def run(self) -> list[int]:
        """How many rows each of `rules` flags."""
        if not self.rules:
            return []
        try:
            self._flag()
        except (*WRITTEN_WRONGLY, *NOT_APPLICABLE):
            # One of them spoils the pass for all: find out which, and go on without.
            self._set_broken_aside()
            if not self.rules:
                return []
            self._flag()
        return self.count("")

    def count(self, of: str) -> list[int]:
        """How many rows of `bad:T` each rule flags; `of` may narrow them by a join."""
        if not self._flagged:
            return [0] * len(self.rules)
        flags = [flag(index) for index in range(len(self.rules))]
        source = f"FROM {quoted(f'bad:{self._table.name}')} {of}"
        if self._flagged <= FEW:
            rows = self._space.db.execute(f"SELECT {', '.join(flags)} {source}").fetchall()
            return [sum(column) for column in zip(*rows, strict=True)] or [0] * len(flags)
        counts = ", ".join(f"count(*) FILTER ({name})" for name in flags)
        row = self._space.db.execute(f"SELECT {counts} {source}").fetchone()
        return [int(count) for count in row or ()]

    def _flag(self) -> None:
        flags = ", ".join(
            f"coalesce({self._settled(rule)}, false) AS {flag(index)}"
            for index, rule in enumerate(self.rules)
        )
        names = [flag(index) for index in range(len(self.rules))]
        self._flagged = self._space.count(
            f"CREATE TABLE {quoted(f'bad:{self._table.name}')} AS "
            f"SELECT _rid, {', '.join(names)} "
            f"FROM (SELECT *, {flags} FROM {quoted(f'all:{self._table.name}')}) "
            f"WHERE {' OR '.join(names)}"
        )

    def _set_broken_aside(self) -> None:
        kept = []
        for rule in self.rules:
            try:
                self._try(rule)
            except RuleError as error:
                self.broken.append((rule, error))
            else:
                kept.append(rule)
        self.rules = kept

    def _try(self, rule: CompiledRule) -> None:
        sql = (
            f"SELECT count(*) FROM {quoted(f'all:{self._table.name}')} WHERE {self._settled(rule)}"
        )
        run_rule(self._space.ruleset.return_name, rule, lambda: self._space.count(sql))

    def _settled(self, rule: CompiledRule) -> str:
        return f"({self._space.settled(rule.sql)})"
