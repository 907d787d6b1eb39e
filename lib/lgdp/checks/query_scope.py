"""Whether a query keeps to one submission, so that it may be asked of one or of hundreds.

Every join, group, window and inner query has to name `_submission`; where it reads the period
before (`previous_` tables), `_council`. Reference tables are the same for every submission, so what
reads nothing else need not.
"""

from __future__ import annotations

from sqlglot import exp

from lgdp.checks.query_nodes import QueryNodes
from lgdp.checks.query_text import place_of
from lgdp.contracts.reference import PREFIX
from lgdp.errors import RuleMistake

SUBMISSION, COUNCIL = "_submission", "_council"
Keys = tuple[str, ...]


def check_scope(nodes: QueryNodes, previous: frozenset[str]) -> None:
    """Raise RuleMistake for the first part of a query that does not keep to one submission."""
    scope = _Scope(previous, nodes)
    for join in nodes.of(exp.Join):
        scope.check_join(join)
    selects = nodes.of(exp.Select)
    aggregating = {
        id(found.parent_select)
        for found in nodes.of(exp.AggFunc)
        if found.find_ancestor(exp.Window, exp.Select, exp.Where).__class__ is not exp.Window
    }
    for select in selects:
        scope.check_groups(select, id(select) in aggregating)
    for window in nodes.of(exp.Window):
        scope.check_window(window)
    for select in selects:
        place = _holder(select)
        if _is_condition(place):
            scope.check_inner(select, place)


class _Scope:
    def __init__(self, previous: frozenset[str], nodes: QueryNodes) -> None:
        self._previous = previous
        self._free = {name for name in nodes.tables if name.startswith(PREFIX)}
        # A query of WITH may read those that come before it.
        for name, query in nodes.defined.items() if self._free else ():
            if self._is_free(query):
                self._free.add(name)

    def _is_free(self, node: exp.Expr) -> bool:
        """Whether a part of the query reads reference tables and nothing else."""
        if not self._free:
            return False
        names = {table.name for table in node.find_all(exp.Table)}
        return bool(names) and names <= self._free

    def _keys_for(self, node: exp.Expr) -> Keys:
        """What ties a table to the submission: `_council` for the previous period's tables."""
        if self._previous and self._previous & QueryNodes(node).tables:
            return (SUBMISSION, COUNCIL)
        return (SUBMISSION,)

    def check_join(self, join: exp.Join) -> None:
        if self._is_free(join.this):
            return
        keys = self._keys_for(join)
        using = {identifier.name for identifier in join.args.get("using") or ()}
        if not using & set(keys) and not _ties(join.args.get("on"), keys):
            message = f"the join with {join.this.alias_or_name} does not name {keys[-1]}"
            raise RuleMistake(message, place_of(join))

    def check_groups(self, select: exp.Select, aggregates: bool) -> None:
        group = select.args.get("group")
        if (group is None and not aggregates) or self._is_free(select):
            return
        keys = self._keys_for(select)
        if group is not None:
            if not _has_column(group.expressions, keys):
                raise RuleMistake(f"a GROUP BY does not name {keys[-1]}", place_of(group))
        elif not _is_condition(_holder(select)):
            message = f"an aggregate is taken without GROUP BY {keys[-1]}"
            raise RuleMistake(message, place_of(select))

    def check_window(self, window: exp.Window) -> None:
        if self._is_free(window.parent_select or window):
            return
        keys = self._keys_for(window.parent_select or window)
        if not _has_column(_defined(window).args.get("partition_by") or [], keys):
            message = f"a window's PARTITION BY does not name {keys[-1]}"
            raise RuleMistake(message, place_of(window))

    def check_inner(self, select: exp.Select, place: exp.Expr | None) -> None:
        if self._is_free(select):
            return
        keys = self._keys_for(select)
        where = select.args.get("where")
        if where is not None and _ties(where.this, keys):
            return
        if isinstance(place, exp.In) and _is_in_position(place.this, select, keys):
            return
        raise RuleMistake(f"an inner query does not name {keys[-1]}", place_of(select))


def _defined(window: exp.Window) -> exp.Expr:
    """A window itself, or what a WINDOW clause says that its name means."""
    name, select = window.args.get("alias"), window.parent_select
    if not name or window.args.get("partition_by") or select is None:
        return window
    named = select.args.get("windows") or ()
    return next((item for item in named if item.this.name == name.name), window)


def _is_in_position(wanted: exp.Expr, select: exp.Select, keys: Keys) -> bool:
    """Whether `(b._submission, …) IN (SELECT _submission, …)` pairs a key with itself."""
    left = wanted.expressions if isinstance(wanted, exp.Tuple) else [wanted.unnest()]
    return any(
        isinstance(mine, exp.Column) and mine.name in keys and theirs.alias_or_name == mine.name
        for mine, theirs in zip(left, select.expressions, strict=False)
    )


def _holder(select: exp.Select) -> exp.Expr | None:
    """What holds a query, seen through brackets and unions; null for the whole."""
    place = select.parent
    while isinstance(place, exp.SetOperation | exp.Subquery):
        place = place.parent
    return place


def _is_condition(place: exp.Expr | None) -> bool:
    """Whether a query is inside a condition or a value (EXISTS, IN, scalar).

    Derived tables are judged by their joins and groups instead.
    """
    return place is not None and not isinstance(place, exp.From | exp.Join | exp.CTE)


def _has_column(expressions: list[exp.Expr], names: Keys) -> bool:
    return any(isinstance(item, exp.Column) and item.name in names for item in expressions)


def _ties(condition: exp.Expr | None, keys: Keys) -> bool:
    """Whether a condition holds only where two tables have the same key."""
    if condition is None:
        return False
    bare = condition.unnest()
    parts = bare.flatten() if isinstance(bare, exp.And) else (bare,)
    return any(_is_tie(part.unnest(), keys) for part in parts)


def _is_tie(test: exp.Expr, keys: Keys) -> bool:
    if not isinstance(test, exp.EQ | exp.NullSafeEQ):
        return False
    left, right = test.left, test.right
    if not (isinstance(left, exp.Column) and isinstance(right, exp.Column)):
        return False
    return left.name == right.name and left.name in keys and left.table != right.table
