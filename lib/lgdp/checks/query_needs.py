"""The tables without a row of which a query finds nothing, whatever the others hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlglot import exp

Defined = Mapping[str, exp.Expr]
"""The queries that a WITH names."""
NOTHING: frozenset[str] = frozenset()
INNER = ("", "INNER", "CROSS")
BETWEEN = (exp.Filter, exp.IgnoreNulls, exp.RespectNulls)
"""What may stand between a function and its OVER."""


def needed_tables(query: exp.Expr, around: Defined | None = None) -> frozenset[str]:
    """Names of tables of which at least one row goes into every row that a query gives.

    `around` are the queries that a WITH around this one names. What is not certain is left out.
    """
    defined = {**(around or {}), **{cte.alias: cte.this for cte in query.find_all(exp.CTE)}}
    if isinstance(query, exp.Subquery):
        return needed_tables(query.this, defined)
    if isinstance(query, exp.SetOperation):
        return _of_both(query, defined)
    if not isinstance(query, exp.Select) or _counts_nothing(query):
        return NOTHING
    return NOTHING.union(*_of_sources(query, defined), *_of_conditions(query, defined))


def _of_both(query: exp.SetOperation, defined: Defined) -> frozenset[str]:
    left, right = needed_tables(query.left, defined), needed_tables(query.right, defined)
    if isinstance(query, exp.Union):
        return left & right
    return left | right if isinstance(query, exp.Intersect) else left


def _counts_nothing(query: exp.Select) -> bool:
    """Whether a query gives a row even where it reads none: one that aggregates without a group."""
    group = query.args.get("group")
    if group is not None:
        return group.find(exp.Rollup, exp.Cube, exp.GroupingSets, exp.Tuple) is not None
    if query.args.get("having") is not None:
        return True
    functions = (each for column in query.expressions for each in column.find_all(exp.AggFunc))
    return not all(map(_is_window, functions))


def _is_window(function: exp.Expr) -> bool:
    while isinstance(function.parent, BETWEEN):
        function = function.parent
    return isinstance(function.parent, exp.Window) and function.arg_key == "this"


def _of_sources(query: exp.Select, defined: Defined) -> Iterator[frozenset[str]]:
    source = query.args.get("from_") or query.args.get("from")
    joins = query.args.get("joins") or []
    if source is None or any(join.side.upper() in ("RIGHT", "FULL") for join in joins):
        return
    yield _of_source(source.this, defined)
    for join in joins:
        kind = join.kind.upper()
        if kind == "SEMI" or (kind in INNER and not join.side):
            yield _of_source(join.this, defined)


def _of_source(source: exp.Expr, defined: Defined) -> frozenset[str]:
    if isinstance(source, exp.Table) and source.name not in defined:
        return frozenset({source.name})
    return needed_tables(defined.get(source.name, source), {})


def _of_conditions(query: exp.Select, defined: Defined) -> Iterator[frozenset[str]]:
    """Of EXISTS and IN, where they have to hold for every row."""
    where = query.args.get("where")
    for condition in _conditions(where.this) if where is not None else ():
        if isinstance(condition, exp.Exists):
            yield needed_tables(condition.this, defined)
        elif isinstance(condition, exp.In) and condition.args.get("query") is not None:
            yield needed_tables(condition.args["query"], defined)


def _conditions(condition: exp.Expr) -> Iterator[exp.Expr]:
    plain = condition.unnest()
    if isinstance(plain, exp.And):
        yield from _conditions(plain.left)
        yield from _conditions(plain.right)
    else:
        yield plain
