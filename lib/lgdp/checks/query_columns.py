"""Whether the columns that a query names are there, told before any data is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from lgdp.checks.query_kinds import Columns
from lgdp.checks.query_nodes import QueryNodes
from lgdp.checks.query_text import BATCH, place_of
from lgdp.contracts.argument import OWN_COLUMNS
from lgdp.errors import RuleMistake


def check_columns(nodes: QueryNodes, table: str, columns: Columns) -> None:
    """Raise RuleMistake for a column that its table does not have.

    Only columns of a table by its name or alias are looked at; DuckDB knows about the others.
    """
    sources: dict[str, set[str]] = {}
    for node in nodes.of(exp.Table):
        name = table if node.name == BATCH else node.name
        sources.setdefault(node.alias_or_name, set()).add(name)
    for select in nodes.of(exp.Select):
        _check_new_names(select, sources, columns)
    derived = {node.alias for node in nodes.of(exp.Subquery)} | set(nodes.defined)
    for column in nodes.of(exp.Column):
        named = sources.get(column.table, set())
        if len(named) != 1 or column.table in derived or isinstance(column.this, exp.Star):
            continue
        (name,) = named
        if name in columns and not _has(columns[name], column.name):
            raise RuleMistake(f"{name} has no column {column.name}", place_of(column))


def _check_new_names(select: exp.Select, sources: Mapping[str, set[str]], columns: Columns) -> None:
    """A name given beside a whole row is new; Spark can't tell it from a column of the row."""
    if not any(isinstance(item, exp.Star) or item.is_star for item in select.expressions):
        return
    parts = [select.args.get("from_"), *(select.args.get("joins") or ())]
    names = {part.this.alias_or_name for part in parts if part is not None}
    taken = {
        column.casefold()
        for name in names
        for table in sources.get(name, ())
        for column in (*columns.get(table, ()), *OWN_COLUMNS)
    }
    for item in select.expressions:
        if isinstance(item, exp.Alias) and item.alias.casefold() in taken:
            message = f"the name {item.alias} is that of a column; choose another"
            raise RuleMistake(message, place_of(item))


def _has(columns: Iterable[str], name: str) -> bool:
    return name.casefold() in {known.casefold() for known in (*columns, *OWN_COLUMNS)}
