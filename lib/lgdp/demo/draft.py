"""A draft: what one council is about to send for one collection, and what must be found in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from lgdp.demo.truth import CollectionKey, RowCounts

Damage = Literal["short", "long", "nul", "bad_byte", "open_quote"]
"""What happens to a record's line when it is written: a field lost, a field too many, a NUL, a
byte that is not UTF-8, a quotation mark that is never closed."""

PARENTS = {"episode": "child", "placement": "episode", "legal_reason": "episode"}
GROUPED_BY = {"looked_after": "child_id", "pupil_census": "seed_code"}
"""What a fault is kept to: nothing outside the child, or the school, is touched by it."""


@dataclass(slots=True, eq=False)
class Record:
    """One row as it is sent; `kept_out` says that it must end in quarantine."""

    values: dict[str, str]
    kept_out: bool = False
    damage: Damage | None = None


@dataclass(eq=False)
class Draft:
    """Records by table, in file order. `failures` counts (table, code, consequence).

    `seen_before` holds the children or pupils whose rows of the last period are in silver.
    `left_out` are columns that the council forgets, as (table, column).
    """

    key: CollectionKey
    tables: dict[str, list[Record]]
    seen_before: frozenset[str] = frozenset()
    failures: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    left_out: frozenset[tuple[str, str]] = frozenset()
    _spoilt: set[str] = field(default_factory=set)
    _honest: dict[str, list[tuple[str, Record]]] = field(default_factory=dict)
    _groups: dict[str, dict[str, list[Record]]] = field(default_factory=dict)

    def group(self, name: str) -> dict[str, list[Record]]:
        """The records of one child, or one school, by table, as they were before any fault."""
        self._look_once()
        return self._groups[name]

    def name_of(self, record: Record) -> str:
        """The child, or the school, of a record."""
        return record.values[GROUPED_BY[self.key.return_name]]

    def pick(self, rng: Random, table: str, fits: Callable[[Record], bool]) -> Record | None:
        """A record for a fault, of a child or school that has none yet; null if none fits."""
        self._look_once()
        records = self._honest[table]
        start = rng.randrange(len(records)) if records else 0
        for name, record in [*records[start:], *records[:start]]:
            if name not in self._spoilt and fits(record):
                self._spoilt.add(name)
                return record
        return None

    def _look_once(self) -> None:
        if self._honest:
            return
        groups: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
        for table, records in self.tables.items():
            self._honest[table] = [(self.name_of(record), record) for record in records]
            for name, record in self._honest[table]:
                groups[name][table].append(record)
        self._groups = groups

    def keep_out(self, table: str, record: Record, code: str, consequence: bool = False) -> None:
        """The record must be quarantined for this code."""
        record.kept_out = True
        self.failures[(table, code, consequence)] += 1

    def query(self, table: str, code: str, times: int = 1, consequence: bool = False) -> None:
        """So many rows must be queried (or noted) and stay."""
        if times:
            self.failures[(table, code, consequence)] += times

    def counts(self) -> dict[str, RowCounts]:
        """Rows, silver and quarantine by table; a table without a row is not there."""
        found = {}
        for table, records in self.tables.items():
            out = sum(record.kept_out for record in records)
            if records:
                found[table] = RowCounts(len(records), len(records) - out, out)
        return found
