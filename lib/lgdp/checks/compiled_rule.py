"""One rule in DuckDB SQL, small and frozen: it travels to workers as JSON."""

from __future__ import annotations

from typing import Literal

from lgdp.contracts.column import Severity
from lgdp.contracts.strict import Strict


class CompiledRule(Strict):
    """One rule in DuckDB SQL.

    `kind` row: `sql` is a predicate on a row. query: `sql` selects the failing rows. count: `sql`
    is empty, `bounds` holds the least and the most rows. `reads` are the tables that a query reads
    beside its own rows, `previous` those of the period before, `links` (column, table, other
    column) how. `origin` tells a contract's own check from a suite's rule.
    """

    table: str
    code: str
    severity: Severity
    origin: Literal["contract", "suite"]
    kind: Literal["row", "query", "count"]
    column: str | None
    message: str
    sql: str
    reads: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    bounds: tuple[int | None, int | None] = (None, None)
