"""All parts of a parsed query, found in one walk: a walk costs more than everything else."""

from __future__ import annotations

from collections import defaultdict
from typing import TypeVar, cast

from sqlglot import exp

Node = TypeVar("Node", bound=exp.Expr)


class QueryNodes:
    """The nodes of a query. `all` are in the order of the text, from the outside inwards;
    `tables` are the names that it reads, without those it defines."""

    def __init__(self, tree: exp.Expr) -> None:
        self.tree = tree
        self._by_type: dict[type[exp.Expr], list[exp.Expr]] = defaultdict(list)
        self.all = list(tree.walk())
        for node in self.all:
            self._by_type[type(node)].append(node)
        self.defined = {cte.alias: cte.this for cte in self.of(exp.CTE)}
        self.tables = {node.name for node in self.of(exp.Table)} - set(self.defined)

    def of(self, kind: type[Node]) -> list[Node]:
        """Nodes of a kind; those of one class from the outside inwards."""
        found: list[exp.Expr] = []
        for type_, nodes in self._by_type.items():
            if issubclass(type_, kind):
                found += nodes
        return cast("list[Node]", found)
