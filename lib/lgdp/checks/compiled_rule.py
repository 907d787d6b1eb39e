"""One rule in DuckDB SQL, small and frozen: it travels to workers as JSON."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Literal

from lgdp.contracts.column import Severity
from lgdp.contracts.strict import Strict

SLOT = "__collection_{}__"
"""Stands in a row rule for a value of the one collection that is being checked."""
SLOTS = SLOT.partition("{")[0]
PREVIOUS = "previous_"
"""Before the name of a table: that table of the period before."""


class CompiledRule(Strict):
    """One rule in DuckDB SQL.

    `kind` row: `sql` is a predicate on a row. query: `sql` selects the failing rows. count: `sql`
    is empty, `bounds` holds the least and the most rows. `reads` are the tables that a query reads
    beside its own rows, `previous` those of the period before, `reference` the reference tables,
    `links` (column, table, other column) how. `needs` are tables without which it is not applied,
    `idle_without` those (as `sql` names them) without a row of which a query finds nothing.
    `together` is the SQL for several submissions at once, where `sql` is right for one only.
    `origin` tells a contract's own check from a suite's rule.
    """

    table: str
    code: str
    severity: Severity
    origin: Literal["contract", "suite"]
    kind: Literal["row", "query", "count"]
    column: str | None
    message: str
    sql: str
    together: str = ""
    reads: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    idle_without: tuple[str, ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    bounds: tuple[int | None, int | None] = (None, None)


class CompiledRules(Strict):
    """All rules of a ruleset, contract checks before suites, in the order of tables.

    `parts` are derived tables that more than one query has, as SQL, longest first.
    """

    ruleset: str
    rules: tuple[CompiledRule, ...]
    parts: tuple[str, ...] = ()

    @cached_property
    def as_json(self) -> str:
        """All rules as JSON, made once."""
        return self.model_dump_json()

    @property
    def previous_tables(self) -> frozenset[str]:
        """The tables that any rule reads for the period before."""
        read = {name for rule in self.rules for name in rule.previous}
        needed = {name for rule in self.rules for name in rule.needs}
        before = {name.removeprefix(PREVIOUS) for name in needed if name.startswith(PREVIOUS)}
        return frozenset(read | before)

    def applied_to(self, given: AbstractSet[str]) -> CompiledRules:
        """Without the rules that need a table which is not in `given` (previous_T: T of the period
        before)."""
        kept = tuple(rule for rule in self.rules if not set(rule.needs) - given)
        return self if len(kept) == len(self.rules) else self.model_copy(update={"rules": kept})

    def of(self, table: str) -> tuple[CompiledRule, ...]:
        """The rules of one table."""
        return tuple(rule for rule in self.rules if rule.table == table)


def suite_file(return_name: str, table: str) -> str:
    """The file of a table's suite, as problems name it."""
    return f"expectations/{return_name}/{table}.json"
