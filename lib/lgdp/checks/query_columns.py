"""Whether the columns that a query names are there, told before any data is."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from lgdp.checks.query_nodes import QueryNodes
from lgdp.checks.query_shape import BATCH
from lgdp.contracts.argument import OWN_COLUMNS
from lgdp.errors import RuleMistake

Columns = Mapping[str, tuple[str, ...]]
"""The columns of every table that a query may read, without those of each row's place."""


def check_columns(nodes: QueryNodes, table: str, columns: Columns) -> None:
    """Raise RuleMistake for a column that its table does not have.

    Only columns of a table by its name or alias are looked at; DuckDB knows about the others.
    """
    sources: dict[str, set[str]] = {}
    for node in nodes.of(exp.Table):
        name = table if node.name == BATCH else node.name
        sources.setdefault(node.alias_or_name, set()).add(name)
    derived = {node.alias for node in nodes.of(exp.Subquery)} | set(nodes.defined)
    for column in nodes.of(exp.Column):
        named = sources.get(column.table, set())
        if len(named) != 1 or column.table in derived or isinstance(column.this, exp.Star):
            continue
        (name,) = named
        if name in columns and not _has(columns[name], column.name):
            raise RuleMistake(f"{name} has no column {column.name}")


def _has(columns: tuple[str, ...], name: str) -> bool:
    return name.casefold() in {known.casefold() for known in (*columns, *OWN_COLUMNS)}
