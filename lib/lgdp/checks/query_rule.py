"""`unexpected_rows_expectation`: Spark SQL read by sqlglot, checked, and turned into DuckDB SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from lgdp.checks.expectation import JAVA_ONLY
from lgdp.errors import RuleMistake

BATCH = "__batch__"
COLLECTION = "collection"
PREVIOUS = "previous_"
DERIVED = (exp.From, exp.Join, exp.Subquery, exp.CTE, exp.SetOperation)
SLOT = "__collection_{}__"
"""Stands in a row rule for a value of the one collection that is being checked."""


@dataclass(frozen=True)
class Link:
    """An equality between a column of the rule's table and one of another table it reads."""

    column: str
    table: str
    other: str


@dataclass(frozen=True)
class QueryRule:
    """A query rule in DuckDB SQL.

    `predicate` is set when the rule judges each row by itself, with slots for values of the
    collection; otherwise `sql` selects the failing rows. `reads` are the tables of the return that
    it reads beside its own rows, `previous` those it reads for the period before; `links` say by
    which columns.
    """

    sql: str
    predicate: str | None
    reads: tuple[str, ...]
    previous: tuple[str, ...]
    links: tuple[Link, ...]


def read_query(text: str, table: str, tables: frozenset[str]) -> QueryRule:
    """Parse and check one query of a rule of `table`; RuleMistake says what is wrong with it."""
    if "{batch}" not in text:
        raise RuleMistake("the query does not read from {batch}")
    try:
        statements = sqlglot.parse(text.replace("{batch}", BATCH), read="spark")
    except ParseError as error:
        detail = error.errors[0] if error.errors else {}
        raise RuleMistake(
            f"the SQL does not parse at line {detail.get('line')}, column {detail.get('col')}: "
            f"{detail.get('description')}"
        ) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise RuleMistake("the query is not one SELECT")
    tree = statements[0]
    named = set(_tables(tree)) - {BATCH, COLLECTION}
    previous = {name for name in named - tables if name.removeprefix(PREVIOUS) in tables}
    unknown = sorted(named - tables - previous)
    if unknown:
        raise RuleMistake(f"there is no table {unknown[0]} in this return")
    _check_scope(tree, frozenset(previous))
    _check_regexes(tree)
    predicate = _row_predicate(tree)
    for node in tree.find_all(exp.Table):
        if node.name == BATCH:
            node.set("this", exp.to_identifier(table))
    reads = named - previous
    if tree.find(exp.Window) or sum(node.name == table for node in tree.find_all(exp.Table)) > 1:
        reads |= {table}
    return QueryRule(
        tree.sql(dialect="duckdb"),
        predicate,
        tuple(sorted(reads)),
        tuple(sorted(name.removeprefix(PREVIOUS) for name in previous)),
        tuple(_links(tree, table, reads)),
    )


def _tables(tree: exp.Expr) -> list[str]:
    defined = {cte.alias for cte in tree.find_all(exp.CTE)}
    return [node.name for node in tree.find_all(exp.Table) if node.name not in defined]


def _names(node: exp.Expr | None, *wanted: str) -> bool:
    if node is None:
        return False
    return any(column.name in wanted for column in node.find_all(exp.Column)) or any(
        identifier.name in wanted for identifier in node.find_all(exp.Identifier)
    )


def _keys_for(node: exp.Expr, previous: frozenset[str]) -> tuple[str, ...]:
    """What ties a table to the submission: `_council` for the previous period's tables."""
    return ("_submission", "_council") if previous & set(_tables(node)) else ("_submission",)


def _check_scope(tree: exp.Expr, previous: frozenset[str]) -> None:
    """Every join, group, window and inner query keeps to one submission; RuleMistake if not."""
    for join in tree.find_all(exp.Join):
        condition = join.args.get("on")
        using = [identifier.name for identifier in join.args.get("using") or ()]
        keys = _keys_for(join, previous)
        if not _names(condition, *keys) and not set(using) & set(keys):
            raise RuleMistake(f"the join with {join.this.alias_or_name} does not name {keys[-1]}")
    for group in tree.find_all(exp.Group):
        keys = _keys_for(group.parent or group, previous)
        if not _names(group, *keys):
            raise RuleMistake(f"a GROUP BY does not name {keys[-1]}")
    for window in tree.find_all(exp.Window):
        if not any(_names(part, "_submission") for part in window.args.get("partition_by") or ()):
            raise RuleMistake("a window's PARTITION BY does not name _submission")
    for inner in _inner_queries(tree):
        keys = _keys_for(inner, previous)
        where = inner.args.get("where")
        outer = inner.parent if isinstance(inner.parent, exp.In) else inner.parent_select
        in_tuple = isinstance(inner.parent, exp.In) and _names(inner.parent.this, *keys)
        if not (outer is not None and (_names(where, *keys) or in_tuple)):
            raise RuleMistake(f"an inner query does not name {keys[-1]}")


def _inner_queries(tree: exp.Expr) -> Iterator[exp.Select]:
    """Queries inside conditions (EXISTS, IN, scalar); derived tables are judged by their joins."""
    for select in tree.find_all(exp.Select):
        parent = select.parent
        above = parent.parent if isinstance(parent, exp.Subquery) else None
        if isinstance(parent, exp.Exists | exp.In) or (
            above is not None and not isinstance(above, DERIVED)
        ):
            yield select


def _check_regexes(tree: exp.Expr) -> None:
    for node in tree.find_all(exp.RegexpLike, exp.RegexpExtract, exp.RegexpReplace):
        pattern = node.args.get("expression")
        if isinstance(pattern, exp.Literal) and JAVA_ONLY.search(pattern.name):
            raise RuleMistake(
                f"the regular expression {pattern.name} uses what DuckDB does not have"
            )


_CLAUSES = ("group", "having", "qualify", "distinct", "limit", "order", "with", "with_", "laterals")


def _row_predicate(tree: exp.Query) -> str | None:
    """The WHERE of a query that reads its own rows, and its collection, and nothing else."""
    if not isinstance(tree, exp.Select) or any(tree.args.get(clause) for clause in _CLAUSES):
        return None
    source = tree.find(exp.From)
    where = tree.args.get("where")
    joins = tree.args.get("joins") or []
    if source is None or where is None or not isinstance(source.this, exp.Table):
        return None
    if source.this.name != BATCH or any(join.this.name != COLLECTION for join in joins):
        return None
    if any(join.args.get("side") or join.args.get("using") for join in joins):
        return None
    if where.find(exp.Query, exp.Window, exp.AggFunc):
        return None
    aliases = {join.this.alias_or_name for join in joins}
    condition: exp.Expr = where.this.copy()

    def settle(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column):
            return node
        if node.table in aliases:
            return exp.column(SLOT.format(node.name), quoted=True)
        return exp.column(node.name, quoted=True)

    return condition.transform(settle).sql(dialect="duckdb")


def _links(tree: exp.Expr, table: str, reads: set[str]) -> Iterator[Link]:
    """Equalities between a column of the rule's rows and one of a table it reads."""
    sources = {node.alias_or_name: node.name for node in tree.find_all(exp.Table)}
    own = next((alias for alias, name in sources.items() if name == table), None)
    for equality in tree.find_all(exp.EQ):
        left, right = equality.left, equality.right
        if not (isinstance(left, exp.Column) and isinstance(right, exp.Column)):
            continue
        for mine, other in ((left, right), (right, left)):
            name = sources.get(other.table)
            is_link = mine.table == own and other.table != own and name in reads
            if is_link and not mine.name.startswith("_"):
                yield Link(mine.name, str(name), other.name)
