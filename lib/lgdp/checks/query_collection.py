"""Values of the collection in place of a join with it: there is one collection in each check."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlglot import exp

from lgdp.checks.compiled_rule import SLOT
from lgdp.checks.query_kinds import COLLECTION

TIED = "_submission"


def settle_collection(tree: exp.Expr, values: Collection[str]) -> None:
    """Take out, in place, joins that only tie a row to its collection; slots stand for its columns.

    `values` are the columns of the collection that may be read. A join is left where anything else
    of it is read, where a column is not said to be of which table, and where a value is grouped by
    or ordered by, for a number there is the place of a column.
    """
    for select in list(tree.find_all(exp.Select)):
        for join in list(select.args.get("joins") or []):
            if _only_ties(join) and not _selects_all(select):
                name = join.this.alias_or_name.lower()
                columns = list(_columns(select, name, join))
                if all(_may_go(column, name, values) for column in columns):
                    join.pop()
                    for column in columns:
                        if column.table.lower() == name:
                            column.replace(exp.column(SLOT.format(column.name), quoted=True))


def only_ties(condition: exp.Expr) -> bool:
    """Whether a condition asks for nothing but the same submission: then it drops no row."""
    plain = condition.unnest()
    if not isinstance(plain, exp.EQ):
        return False
    sides = (plain.left, plain.right)
    return all(isinstance(side, exp.Column) and side.name == TIED for side in sides)


def _only_ties(join: exp.Join) -> bool:
    table, condition = join.this, join.args.get("on")
    inner = not join.side and join.kind.upper() in ("", "INNER")
    ours = isinstance(table, exp.Table) and table.name == COLLECTION and not table.args.get("db")
    return inner and ours and condition is not None and only_ties(condition)


def _columns(node: exp.Expr, name: str, join: exp.Join) -> Iterator[exp.Column]:
    """Columns beside the join, without those of a subquery that has something else of its name."""
    for part in node.iter_expressions():
        if part is join or (isinstance(part, exp.Select) and name in _names(part)):
            continue
        if isinstance(part, exp.Column):
            yield part
        else:
            yield from _columns(part, name, join)


def _names(select: exp.Select) -> set[str]:
    source = select.args.get("from_") or select.args.get("from")
    joins = select.args.get("joins") or []
    return {each.this.alias_or_name.lower() for each in (source, *joins) if each is not None}


def _selects_all(select: exp.Select) -> bool:
    return any(isinstance(column, exp.Star) for column in select.expressions)


def _may_go(column: exp.Column, name: str, values: Collection[str]) -> bool:
    if column.table.lower() != name:
        return bool(column.table) or column.name not in values
    grouped = column.find_ancestor(exp.Group, exp.Order, exp.Select)
    return column.name in values and isinstance(grouped, exp.Select)
