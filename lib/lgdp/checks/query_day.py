"""What is asked of functions on dates."""

from __future__ import annotations

import re

from sqlglot import exp

from lgdp.checks.query_argument import DAYS, bare, may_be, name_of
from lgdp.checks.query_kinds import Kinds

INTERVALS = ("DAY", "DAYS", "WEEK", "WEEKS", "MONTH", "MONTHS", "YEAR", "YEARS")
PARTS = ("YEAR", "MONTH", "DAY", "QUARTER")
WRITTEN_DATE = re.compile(r"(yyyy|MM|dd|[-/ .])*")
SHORT = (exp.Cast, exp.DateDiff, exp.Year, exp.Month, exp.Day, exp.DayOfWeek, exp.Length)
"""What gives an INT in Spark, whatever is inside."""


def is_inside(node: exp.Expr, kinds: Kinds) -> str | None:
    """What sqlglot puts around the argument of another function; on its own it is `to_date`."""
    if isinstance(node.parent, exp.Func) and not isinstance(node.parent, exp.Cast):
        return None
    return "to_date stops in one engine only; write try_cast(… AS DATE)"


def is_day(node: exp.Expr, kinds: Kinds) -> str | None:
    """A date, or a date with a time."""
    return None if may_be(node.this, kinds, *DAYS) else f"{name_of(node)} takes a date"


def is_day_of(node: exp.Expr, kinds: Kinds) -> str | None:
    """A date as the one argument."""
    parts = node.expressions
    return None if len(parts) == 1 and may_be(parts[0], kinds, *DAYS) else "weekday takes a date"


def is_moment(node: exp.Expr, kinds: Kinds) -> str | None:
    """A date with a time."""
    return None if may_be(node.this, kinds, "moment") else f"{name_of(node)} takes a date and time"


def wrong_interval(node: exp.Expr, interval: exp.Interval, kinds: Kinds) -> str | None:
    """A date, and a number of days, weeks, months or years."""
    if kinds.of(node.this) != "date":
        return "an interval is added to a date only; write CAST(… AS DATE)"
    unit = str(interval.args.get("unit") or "").upper()
    written = interval.this
    if unit in INTERVALS and isinstance(written, exp.Literal) and written.name.isdigit():
        return None
    return f"an interval is a number of days, weeks, months or years, not {interval.sql('spark')}"


def adds_months(node: exp.Expr, kinds: Kinds) -> str | None:
    """A date and a whole number."""
    if not may_be(node.this, kinds, *DAYS):
        return "add_months takes a date"
    more = node.args.get("expression")
    return None if kinds.of(more) in ("integer", None) else "add_months takes a whole number"


def adds_days(node: exp.Expr, kinds: Kinds) -> str | None:
    """A date and a whole number that is not a column: columns hold longer ones than Spark takes."""
    unit = str(node.args.get("unit") or "DAY").upper()
    if unit != "DAY" or not may_be(node.this, kinds, *DAYS):
        return "date_add and date_sub take a date and days"
    days = node.args.get("expression")
    if days is not None and any(
        column.find_ancestor(*SHORT, exp.TsOrDsAdd) is node for column in days.find_all(exp.Column)
    ):
        return "date_add takes no column of Spark's BIGINT; write CAST(… AS INT)"
    return None


def counts_days(node: exp.Expr, kinds: Kinds) -> str | None:
    """Two dates, and no unit but days."""
    if str(node.args.get("unit") or "DAY").upper() != "DAY":
        return "the engines count months and years differently; write add_months, or year(…)"
    parts = (node.this, node.args.get("expression"))
    return None if all(may_be(part, kinds, *DAYS) for part in parts) else "datediff takes dates"


def counts_months(node: exp.Expr, kinds: Kinds) -> str | None:
    """Two dates without a time."""
    if node.args.get("roundoff") is not None:
        return "months_between takes two dates"
    parts = (node.this, node.args.get("expression"))
    if all(kinds.of(bare(part)) == "date" for part in parts):
        return None
    return "months_between takes dates without a time; write CAST(… AS DATE)"


def extracts(node: exp.Expr, kinds: Kinds) -> str | None:
    """A part that both engines count alike."""
    if node.name.upper() not in PARTS:
        return f"extract takes one of {', '.join(PARTS)}"
    day = node.args.get("expression")
    return None if may_be(day, kinds, *DAYS) else "extract takes a date"


def formats(node: exp.Expr, kinds: Kinds) -> str | None:
    """A date, and a form of years, months and days in numbers."""
    form = node.args.get("format")
    shown = form.name if isinstance(form, exp.Expr) else ""
    # sqlglot has turned the letters into those of C, and marks MM and dd.
    spark = shown.replace("%Y", "yyyy").replace("%mstrict", "MM").replace("%dstrict", "dd")
    if not WRITTEN_DATE.fullmatch(spark):
        return "date_format takes yyyy, MM, dd and separators"
    return None if may_be(node.this, kinds, *DAYS) else "date_format takes a date"
