"""What of Spark SQL a rule may use: that which the kernel's translation is known to judge alike.

Everything that is not listed here is refused. `tests/jobs/test_dialect.py` evaluates each of it in
both engines.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from lgdp.checks import query_argument as argument
from lgdp.checks import query_comparison as comparison
from lgdp.checks import query_day as day
from lgdp.checks import query_number as number
from lgdp.checks import query_regex as regex
from lgdp.checks.query_kinds import Kinds
from lgdp.checks.query_nodes import QueryNodes
from lgdp.checks.query_text import place_of
from lgdp.errors import RuleMistake

STRUCTURE: tuple[type[exp.Expr], ...] = (
    exp.Alias,
    exp.CTE,
    exp.Column,
    exp.DataType,
    exp.DataTypeParam,
    exp.Except,
    exp.Exists,
    exp.From,
    exp.Group,
    exp.Having,
    exp.Identifier,
    exp.Intersect,
    exp.Interval,
    exp.Join,
    exp.Order,
    exp.Ordered,
    exp.Paren,
    exp.Select,
    exp.Star,
    exp.Subquery,
    exp.Table,
    exp.TableAlias,
    exp.Tuple,
    exp.Union,
    exp.Var,
    exp.Where,
    exp.Window,
    exp.WindowSpec,
    exp.With,
)
Check = Callable[[exp.Expr, Kinds], str | None]
"""What is wrong with a part of a query, null if nothing is."""

VALUES: dict[type[exp.Expr], Check] = {
    exp.Abs: number.is_number,
    exp.Add: number.adds,
    exp.AddMonths: day.adds_months,
    exp.And: argument.anything,
    exp.Avg: number.is_integer,
    exp.Between: comparison.compares_bounds,
    exp.Boolean: argument.anything,
    exp.Case: argument.anything,
    exp.Cast: comparison.casts,
    exp.Ceil: number.rounds_whole,
    exp.Coalesce: argument.anything,
    exp.Concat: argument.is_written,
    exp.ConcatWs: argument.is_written,
    exp.Contains: argument.is_text,
    exp.Count: argument.counts,
    exp.CountIf: argument.anything,
    exp.DPipe: argument.is_written,
    exp.DateDiff: day.counts_days,
    exp.Day: day.is_day,
    exp.DayOfMonth: day.is_day,
    exp.DayOfWeek: day.is_day,
    exp.DayOfYear: day.is_day,
    exp.DenseRank: argument.anything,
    exp.Distinct: argument.is_single,
    exp.Div: number.divides,
    exp.EQ: comparison.compares,
    exp.EndsWith: argument.is_text,
    exp.Escape: argument.anything,
    exp.Extract: day.extracts,
    exp.Filter: argument.anything,
    exp.FirstValue: argument.anything,
    exp.Floor: number.rounds_whole,
    exp.GT: comparison.compares,
    exp.GTE: comparison.compares,
    exp.Greatest: comparison.is_alike,
    exp.Hour: day.is_moment,
    exp.If: argument.anything,
    exp.In: comparison.compares_list,
    exp.IntDiv: number.divides_whole,
    exp.Is: argument.anything,
    exp.LT: comparison.compares,
    exp.LTE: comparison.compares,
    exp.Lag: argument.anything,
    exp.LastDay: day.is_day,
    exp.LastValue: argument.anything,
    exp.Lead: argument.anything,
    exp.Least: comparison.is_alike,
    exp.Left: argument.takes_end,
    exp.Length: argument.is_text,
    exp.Like: argument.likes,
    exp.Literal: argument.anything,
    exp.LogicalAnd: argument.anything,
    exp.LogicalOr: argument.anything,
    exp.Lower: argument.is_text,
    exp.Max: argument.anything,
    exp.Min: argument.anything,
    exp.Minute: day.is_moment,
    exp.Mod: number.takes_rest,
    exp.Month: day.is_day,
    exp.MonthsBetween: day.counts_months,
    exp.Mul: number.multiplies,
    exp.NEQ: comparison.compares,
    exp.Neg: number.is_number,
    exp.Not: argument.anything,
    exp.Null: argument.anything,
    exp.NullSafeEQ: comparison.compares,
    exp.NullSafeNEQ: comparison.compares,
    exp.Nullif: argument.anything,
    exp.Nvl2: argument.anything,
    exp.Or: argument.anything,
    exp.Pad: argument.pads,
    exp.Quarter: day.is_day,
    exp.Rank: argument.anything,
    exp.RegexpExtract: regex.extracts_match,
    exp.RegexpLike: regex.matches,
    exp.RegexpReplace: regex.replaces_match,
    exp.Repeat: argument.is_text,
    exp.Replace: argument.replaces,
    exp.Right: argument.takes_end,
    exp.Round: number.rounds,
    exp.RowNumber: argument.anything,
    exp.SafeDivide: number.divides_safely,
    exp.Second: day.is_moment,
    exp.Sign: number.is_number,
    exp.SplitPart: argument.splits,
    exp.Sqrt: number.is_number,
    exp.StartsWith: argument.is_text,
    exp.StrPosition: argument.is_text,
    exp.Sub: number.subtracts,
    exp.Substring: argument.is_text,
    exp.Sum: number.sums,
    exp.TimeToStr: day.formats,
    exp.Translate: argument.is_text,
    exp.Trim: argument.trims,
    exp.TryCast: comparison.casts,
    exp.TsOrDsAdd: day.adds_days,
    exp.TsOrDsToDate: day.is_inside,
    exp.TimeStrToTime: day.is_inside,
    exp.Upper: argument.is_text,
    exp.WeekOfYear: day.is_day,
    exp.Year: day.is_day,
}
"""Each part that has a value, with what is asked of it."""

ANONYMOUS: dict[str, Check] = {"make_date": argument.anything, "weekday": day.is_day_of}
"""Functions that sqlglot does not know."""


def check_dialect(nodes: QueryNodes, kinds: Kinds) -> None:
    """Raise RuleMistake for the first part that the engines might judge differently."""
    for node in nodes.all:
        wrong = _wrong(node, kinds)
        if wrong:
            raise RuleMistake(wrong, place_of(node))


def _wrong(node: exp.Expr, kinds: Kinds) -> str | None:
    check = VALUES.get(type(node))
    if check is not None:
        return check(node, kinds)
    if isinstance(node, exp.Anonymous):
        named = ANONYMOUS.get(node.name.lower())
        return named(node, kinds) if named else f"the function {node.name} is not known"
    if isinstance(node, exp.Star) and any(node.args.values()):
        return "a * without some of its columns is not the whole row"
    if isinstance(node, STRUCTURE):
        return None
    if isinstance(node, exp.Func):
        name = node.sql(dialect="spark").partition("(")[0]
        return f"the function {name} is not known to mean the same in both engines"
    return f"{node.sql(dialect='spark')[:40]} is not known to mean the same in both engines"
