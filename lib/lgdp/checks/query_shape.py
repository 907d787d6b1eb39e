"""Whether a query is of a form that both engines read alike and that gives rows of its table."""

from __future__ import annotations

from sqlglot import exp

from lgdp.checks.query_nodes import QueryNodes
from lgdp.contracts.regex import check_regex
from lgdp.errors import RuleMistake

BATCH = "_batch_"
"""Stands for `{batch}`, and is as long, so that places in error texts are right."""
COLLECTION = "collection"
SHARED_FUNCTIONS = frozenset({"make_date", "translate", "instr", "reverse"})
"""Functions that sqlglot does not know and that mean the same in Spark and DuckDB."""
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
REGEXES: tuple[type[exp.Expr], ...] = (exp.RegexpLike, exp.RegexpExtract, exp.RegexpReplace)


def check_tables(nodes: QueryNodes) -> None:
    """Raise RuleMistake for what is read and is no plain name of a table."""
    for table in nodes.of(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.args.get("db"):
            raise RuleMistake(f"{table.sql(dialect='spark')} is not a table of the return")


def check_shape(nodes: QueryNodes) -> None:
    """Raise RuleMistake for the first thing that can't be in a rule."""
    for kind, words in NOT_SUPPORTED.items():
        if nodes.of(kind):
            raise RuleMistake(f"{words} can't be used in a rule")
    for function in nodes.of(exp.Anonymous):
        if function.name.lower() not in SHARED_FUNCTIONS:
            raise RuleMistake(f"the function {function.name} is not known")
    for kind in REGEXES:
        for node in nodes.of(kind):
            _check_regex(node.args.get("expression"))
    if not _gives_batch(nodes.tree, nodes):
        raise RuleMistake(
            "the query must give the rows of {batch} whole: SELECT b.* FROM {batch} b"
        )


def _check_regex(pattern: exp.Expr | None) -> None:
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        raise RuleMistake("a regular expression is not written out as text")
    check_regex(pattern.name)


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
