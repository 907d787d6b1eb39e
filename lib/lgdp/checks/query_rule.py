"""`unexpected_rows_expectation`: Spark SQL read by sqlglot, checked, and turned into DuckDB SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from lgdp.checks.compiled_rule import PREVIOUS, SLOT
from lgdp.checks.kernel_sql import kernel_sql
from lgdp.checks.query_collection import only_ties, settle_collection
from lgdp.checks.query_columns import check_columns
from lgdp.checks.query_dialect import check_dialect
from lgdp.checks.query_joins import join_existing
from lgdp.checks.query_kinds import COLLECTION, Columns, Kinds
from lgdp.checks.query_needs import needed_tables
from lgdp.checks.query_nodes import QueryNodes
from lgdp.checks.query_scope import check_scope
from lgdp.checks.query_shape import check_shape, check_tables
from lgdp.checks.query_text import BATCH, parse_query, place_of
from lgdp.contracts.reference import PREFIX
from lgdp.errors import RuleMistake

ROW = "_rid"
"""The column by which the kernel tells rows apart."""
_REGROUPING = ("group", "having", "qualify", "distinct")
_CLAUSES = ("group", "having", "qualify", "distinct", "limit", "order", "with", "with_", "laterals")


@dataclass(frozen=True)
class Link:
    """An equality between a column of the rule's table and one of another table it reads."""

    column: str
    table: str
    other: str


@dataclass(frozen=True)
class QueryRule:
    """A query rule in DuckDB SQL.

    `predicate` is set when the rule judges each row by itself; otherwise `sql` selects the failing
    rows, of which it gives `_rid`. Both have slots for values of the collection. `reads` are the
    tables of the return that it reads beside its own rows, `previous` those it reads for the
    period before, `reference` the reference tables (without their prefix); `links` say by which
    columns. `parts` are the derived tables in `sql`, as they stand there between brackets.
    `needed` are tables, by their names in `sql`, without a row of which nothing is found.
    """

    sql: str
    predicate: str | None
    reads: tuple[str, ...]
    previous: tuple[str, ...]
    reference: tuple[str, ...]
    links: tuple[Link, ...]
    parts: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()


def read_query(text: str, table: str, columns: Columns) -> QueryRule:
    """Parse and check one query of a rule of `table`; RuleMistake says what is wrong with it.

    `columns` are those of every table of the return, of the reference tables that its rules read,
    and of the view `collection`.
    """
    tree = parse_query(text)
    nodes = QueryNodes(tree)
    check_tables(nodes)
    named = nodes.tables - {BATCH, COLLECTION}
    # A table of the return may itself be called previous_something.
    others = {name: name.removeprefix(PREVIOUS) for name in named - set(columns)}
    previous = {name for name, now in others.items() if now in columns and now != COLLECTION}
    unknown = sorted(set(others) - previous)
    if unknown:
        first = next(node for node in nodes.of(exp.Table) if node.name == unknown[0])
        raise RuleMistake(_unknown(unknown[0]), place_of(first))
    check_shape(nodes)
    readable = {**columns, **{name: columns[others[name]] for name in previous}}
    check_columns(nodes, table, readable)
    check_scope(nodes, frozenset(previous))
    check_dialect(nodes, Kinds(nodes, table, readable))
    predicate = _row_predicate(tree)
    sources = nodes.of(exp.Table)
    for node in sources:
        if node.name not in nodes.defined:
            # Quoted all, so that rules of two tables write the same part in the same way.
            name = table if node.name == BATCH else node.name
            node.set("this", exp.to_identifier(name, quoted=True))
    reference = {name for name in named if name.startswith(PREFIX)}
    reads = named - previous - reference
    if nodes.of(exp.Window) or sum(node.name == table for node in sources) > 1:
        reads |= {table}
    links = tuple(_links(nodes, table, reads))
    needed = needed_tables(tree) if predicate is None else frozenset()
    if predicate is None:
        settle_collection(tree, columns[COLLECTION])
        join_existing(tree)
        _narrow(tree)
    parts = tuple(_parts(nodes)) if predicate is None else ()
    return QueryRule(
        kernel_sql(tree) if predicate is None else "",
        predicate,
        tuple(sorted(reads)),
        tuple(sorted(name.removeprefix(PREVIOUS) for name in previous)),
        tuple(sorted(name.removeprefix(PREFIX) for name in reference)),
        links,
        parts,
        tuple(sorted(needed)),
    )


def _narrow(tree: exp.Query) -> None:
    """Select the row's id alone, where a query selects `b.*`: planning pays for each column."""
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1:
        return
    star = tree.expressions[0]
    plain = not any(tree.args.get(clause) for clause in _REGROUPING)
    if plain and isinstance(star, exp.Column) and isinstance(star.this, exp.Star):
        star.set("this", exp.to_identifier(ROW))


def _parts(nodes: QueryNodes) -> Iterator[str]:
    """Each derived table by itself; none where one might read what a WITH defines."""
    for node in nodes.of(exp.Subquery) if not nodes.defined else ():
        if isinstance(node.parent, exp.From | exp.Join):
            yield kernel_sql(node.this.copy())


def _unknown(name: str) -> str:
    if name.startswith(PREFIX):
        return f"there is no reference table {name.removeprefix(PREFIX)} in conf/reference"
    return f"there is no table {name} in this return"


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
    if any(not only_ties(join.args["on"]) for join in joins):
        return None
    aliases = {join.this.alias_or_name for join in joins}
    settled: exp.Expr = where.this.transform(_settled, aliases)
    return kernel_sql(settled)


def _settled(node: exp.Expr, aliases: set[str]) -> exp.Expr:
    if not isinstance(node, exp.Column):
        return node
    if node.table in aliases:
        return exp.column(SLOT.format(node.name), quoted=True)
    return exp.column(node.name, quoted=True)


def _links(nodes: QueryNodes, table: str, reads: set[str]) -> Iterator[Link]:
    """Equalities between a column of the rule's rows and one of a table it reads."""
    sources = {node.alias_or_name: node.name for node in nodes.of(exp.Table)}
    own = next((alias for alias, name in sources.items() if name == table), None)
    for equality in nodes.of(exp.EQ):
        left, right = equality.left, equality.right
        if not (isinstance(left, exp.Column) and isinstance(right, exp.Column)):
            continue
        for mine, other in ((left, right), (right, left)):
            name = sources.get(other.table)
            is_link = mine.table == own and other.table != own and name in reads
            if is_link and not mine.name.startswith("_"):
                yield Link(mine.name, str(name), other.name)
