"""Derived tables that several queries have in common, made once instead of in each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from lgdp.checks.compiled_rule import CompiledRule
from lgdp.checks.sql_text import quoted
from lgdp.checks.workspace import Workspace


def common_parts(queries: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The derived tables (as SQL) that more than one query has, longest first."""
    counts = Counter(part for parts in queries for part in set(parts))
    return tuple(sorted((part for part, count in counts.items() if count > 1), key=_longest_first))


def _longest_first(part: str) -> tuple[int, str]:
    return -len(part), part


class SharedParts:
    """The common parts of the queries of one check, as tables of its workspace.

    A part is made when the first query asks for it. `forget` has to be called when rows were kept
    out: what is asked for then is made again.
    """

    def __init__(
        self, space: Workspace, parts: Sequence[str], queries: Sequence[CompiledRule]
    ) -> None:
        self._space = space
        self._parts = [part for part in parts if _uses(part, queries) > 1]
        self._made: dict[str, str] = {}

    def sql_of(self, rule: CompiledRule) -> str:
        """The query of a rule, reading the parts it has in common with others."""
        sql = rule.sql
        for number, part in enumerate(self._parts):
            if f"({part})" in sql:
                sql = sql.replace(f"({part})", self._table(number, part))
        return self._space.settled(sql)

    def forget(self) -> None:
        """Drop all that was made."""
        for name in self._made.values():
            self._space.db.execute(f"DROP TABLE {name}")
        self._made.clear()

    def _table(self, number: int, part: str) -> str:
        if part not in self._made:
            name = quoted(f"shared:{number}")
            self._space.db.execute(f"CREATE TEMP TABLE {name} AS {self._space.settled(part)}")
            self._made[part] = name
        return self._made[part]


def _uses(part: str, queries: Sequence[CompiledRule]) -> int:
    return sum(f"({part})" in rule.sql for rule in queries)
