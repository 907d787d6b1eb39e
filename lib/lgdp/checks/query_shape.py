"""Whether a query is of a form that both engines read alike and that gives rows of its table."""

from __future__ import annotations

from sqlglot import exp

from lgdp.checks.query_nodes import QueryNodes
from lgdp.checks.query_text import BATCH, place_of
from lgdp.errors import RuleMistake

NOT_SUPPORTED: dict[type[exp.Expr], str] = {
    exp.Limit: "LIMIT",
    exp.Lateral: "LATERAL",
    exp.Qualify: "QUALIFY",
    exp.TableSample: "TABLESAMPLE",
    exp.CurrentDate: "the date of today",
    exp.CurrentTimestamp: "the time of now",
    exp.Rand: "a random number",
}
"""What one engine lacks, or what is another thing in the next run or in a batch."""


def check_tables(nodes: QueryNodes) -> None:
    """Raise RuleMistake for what is read and is no plain name of a table."""
    for table in nodes.of(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.args.get("db"):
            name = table.sql(dialect="spark")
            raise RuleMistake(f"{name} is not a table of the return", place_of(table))


def check_shape(nodes: QueryNodes) -> None:
    """Raise RuleMistake for the first thing that can't be in a rule."""
    for kind, words in NOT_SUPPORTED.items():
        for node in nodes.of(kind):
            raise RuleMistake(f"{words} can't be used in a rule", place_of(node))
    if not _gives_batch(nodes.tree, nodes):
        raise RuleMistake(
            "the query must give the rows of {batch} whole: SELECT b.* FROM {batch} b"
        )


def _gives_batch(query: exp.Expr, nodes: QueryNodes) -> bool:
    """Whether the first columns of a query are those of `{batch}`, be it through inner queries."""
    if isinstance(query, exp.SetOperation):
        return _gives_batch(query.left, nodes) and _gives_batch(query.right, nodes)
    if isinstance(query, exp.Subquery):
        return _gives_batch(query.this, nodes)
    source = query.find(exp.From)
    if not isinstance(query, exp.Select) or source is None or not query.expressions:
        return False
    first = query.expressions[0]
    if isinstance(first, exp.Star):
        return not query.args.get("joins") and _is_batch(source.this, nodes)
    if not (isinstance(first, exp.Column) and isinstance(first.this, exp.Star)):
        return False
    sources = [source.this, *(join.this for join in query.args.get("joins") or ())]
    return any(item.alias_or_name == first.table and _is_batch(item, nodes) for item in sources)


def _is_batch(source: exp.Expr, nodes: QueryNodes) -> bool:
    if isinstance(source, exp.Subquery):
        return _gives_batch(source.this, nodes)
    if source.name == BATCH:
        return True
    return source.name in nodes.defined and _gives_batch(nodes.defined[source.name], nodes)
