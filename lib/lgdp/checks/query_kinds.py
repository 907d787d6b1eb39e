"""What kind of value each part of a query is: text, integer, decimal, double, date, moment, truth.

Where the engines treat kinds differently, a rule is translated by kind, or refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from lgdp.checks.query_nodes import QueryNodes
from lgdp.checks.query_text import BATCH

Columns = Mapping[str, Mapping[str, str]]
"""The columns of every table that a query may read, each with its type."""

FAMILY = {
    "string": "text",
    "code": "text",
    "postcode": "text",
    "integer": "integer",
    "date": "date",
    "datetime": "moment",
    "yes_no": "truth",
    "double": "double",
}
COLLECTION = "collection"
OWN = {"_row": "integer", "_file": "text", "_submission": "text", "_council": "text"}
CASTS = {
    "text": ("TEXT", "VARCHAR"),
    "integer": ("TINYINT", "SMALLINT", "INT", "BIGINT"),
    "decimal": ("DECIMAL",),
    "double": ("DOUBLE",),
    "date": ("DATE",),
    "moment": ("TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMPLTZ"),
    "truth": ("BOOLEAN",),
}
RESULTS: dict[str, tuple[type[exp.Expr], ...]] = {
    "truth": (exp.Predicate, exp.And, exp.Or, exp.Not, exp.Boolean, exp.LogicalOr, exp.LogicalAnd),
    "integer": (
        exp.Count,
        exp.CountIf,
        exp.Length,
        exp.DateDiff,
        exp.RowNumber,
        exp.Rank,
        exp.DenseRank,
        exp.StrPosition,
        exp.IntDiv,
        exp.Sign,
        exp.Year,
        exp.Quarter,
        exp.Month,
        exp.Day,
        exp.DayOfMonth,
        exp.DayOfWeek,
        exp.DayOfYear,
        exp.WeekOfYear,
        exp.Extract,
        exp.Hour,
        exp.Minute,
        exp.Second,
        exp.Floor,
        exp.Ceil,
    ),
    "double": (exp.Div, exp.SafeDivide, exp.Sqrt, exp.MonthsBetween, exp.Avg),
    "date": (exp.AddMonths, exp.TsOrDsAdd, exp.TsOrDsToDate, exp.LastDay),
    "text": (
        exp.Upper,
        exp.Lower,
        exp.Trim,
        exp.Substring,
        exp.Left,
        exp.Right,
        exp.Concat,
        exp.ConcatWs,
        exp.DPipe,
        exp.Replace,
        exp.Translate,
        exp.Repeat,
        exp.Pad,
        exp.SplitPart,
        exp.RegexpExtract,
        exp.RegexpReplace,
        exp.TimeToStr,
    ),
}
_RESULT = {kind: name for name, kinds in RESULTS.items() for kind in kinds}
LIKE_OPERANDS = (
    exp.Paren,
    exp.Neg,
    exp.Abs,
    exp.Round,
    exp.Sum,
    exp.Min,
    exp.Max,
    exp.Lag,
    exp.Lead,
    exp.FirstValue,
    exp.LastValue,
    exp.Coalesce,
    exp.Greatest,
    exp.Least,
    exp.Nullif,
    exp.Nvl2,
    exp.If,
    exp.Case,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Mod,
    exp.Window,
    exp.Filter,
    exp.Distinct,
    exp.Alias,
)
"""What is of the kind of its parts."""


def family(type_name: str) -> str:
    """The kind of a contract's type."""
    return "decimal" if type_name.startswith("decimal") else FAMILY[type_name]


def cast_family(to: exp.DataType) -> str | None:
    """The kind that a cast makes; null for one that no rule makes."""
    name = str(to.this.value if hasattr(to.this, "value") else to.this)
    return next((kind for kind, names in CASTS.items() if name in names), None)


class Kinds:
    """Kinds of the parts of one query; null where the kind is not known, or it is null."""

    def __init__(self, nodes: QueryNodes, table: str, columns: Columns) -> None:
        self._known: dict[int, str | None] = {}
        self._sources: dict[str, set[str]] = {}
        for node in nodes.of(exp.Table):
            name = table if node.name == BATCH else node.name
            self._sources.setdefault(node.alias_or_name, set()).add(name)
        self._tables = {
            name: {column.casefold(): family(kind) for column, kind in columns[name].items()}
            for names in self._sources.values()
            for name in names
            if name in columns
        }
        self._named: dict[str, set[str]] = {}
        for known in self._tables.values():
            for column, kind in known.items():
                self._named.setdefault(column, set()).add(kind)
        # From the inside outwards: an alias may stand for what another alias stands for.
        for alias in reversed(nodes.of(exp.Alias)):
            of_alias = self._find(alias.this)
            if of_alias is not None:
                self._named.setdefault(alias.alias.casefold(), set()).add(of_alias)
        self._known.clear()

    def of(self, node: exp.Expr | None) -> str | None:
        """The kind of a part."""
        if node is None:
            return None
        if id(node) not in self._known:
            self._known[id(node)] = self._find(node)
        return self._known[id(node)]

    def is_parameter(self, node: exp.Expr | None) -> bool:
        """Whether a part is a value of the contract, and not of somebody's row."""
        if not isinstance(node, exp.Column):
            return False
        return self._sources.get(node.table) == {COLLECTION}

    def _find(self, node: exp.Expr) -> str | None:
        if isinstance(node, exp.Column):
            return self._of_column(node)
        if isinstance(node, exp.Literal):
            return _of_literal(node)
        if isinstance(node, exp.Cast):
            return cast_family(node.to)
        if isinstance(node, exp.Anonymous):
            return {"make_date": "date", "weekday": "integer"}.get(node.name.lower())
        if isinstance(node, exp.Subquery | exp.Select):
            inner = node.find(exp.Select)
            return self.of(inner.expressions[0]) if inner and inner.expressions else None
        for result, name in _RESULT.items():
            if isinstance(node, result):
                return name
        return self._of_parts(node) if isinstance(node, LIKE_OPERANDS) else None

    def _of_column(self, column: exp.Column) -> str | None:
        name = column.name.casefold()
        tables = self._sources.get(column.table, set())
        if len(tables) == 1 and (known := self._tables.get(next(iter(tables)), {})).get(name):
            return known[name]
        found = self._named.get(name, set())
        return next(iter(found)) if len(found) == 1 else OWN.get(name)

    def _of_parts(self, node: exp.Expr) -> str | None:
        found = {kind for part in _values(node) if (kind := self.of(part)) is not None}
        for kind in ("date", "moment", "double", "decimal", "integer"):
            if kind in found:
                return kind
        return next(iter(found)) if len(found) == 1 else None


def _of_literal(literal: exp.Literal) -> str:
    if literal.is_string:
        return "text"
    if "e" in literal.name.lower():
        return "double"
    return "decimal" if "." in literal.name else "integer"


def _values(node: exp.Expr) -> list[exp.Expr]:
    """The parts whose kind a node takes over."""
    if isinstance(node, exp.Case):
        parts = [case.args["true"] for case in node.args.get("ifs") or ()]
        return [*parts, *([node.args["default"]] if node.args.get("default") else [])]
    if isinstance(node, exp.If | exp.Nvl2):
        return [part for key in ("true", "false") if (part := node.args.get(key)) is not None]
    if isinstance(node, exp.Window | exp.Round | exp.Lag | exp.Lead | exp.Nullif | exp.Filter):
        return [node.this]
    parts = [node.this, node.args.get("expression"), *node.expressions]
    return [part for part in parts if isinstance(part, exp.Expr)]
