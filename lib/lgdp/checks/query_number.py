"""What is asked of calculations.

`rounds` notes in a node's `meta`, as `from`, the kind of what is rounded, for the translation.
"""

from __future__ import annotations

from sqlglot import exp

from lgdp.checks.query_argument import DAYS, NUMBERS, may_be, name_of
from lgdp.checks.query_day import wrong_interval
from lgdp.checks.query_kinds import Kinds

DECIMALS_DIFFER = (
    "the engines divide decimals to different numbers of places; write CAST(… AS DOUBLE)"
)


def is_number(node: exp.Expr, kinds: Kinds) -> str | None:
    """A number."""
    return None if may_be(node.this, kinds, *NUMBERS) else f"{name_of(node)} takes a number"


def is_integer(node: exp.Expr, kinds: Kinds) -> str | None:
    """A whole number."""
    if kinds.of(node.this) == "integer":
        return None
    return f"{name_of(node)} is for whole numbers; the engines differ on others"


def sums(node: exp.Expr, kinds: Kinds) -> str | None:
    """A number whose sum does not depend on the order of rows."""
    if kinds.of(node.this) in ("integer", "decimal"):
        return None
    return "a sum of doubles depends on the order of rows; write CAST(… AS DECIMAL(…))"


def calculates(node: exp.Expr, kinds: Kinds) -> str | None:
    """Two numbers."""
    if all(may_be(part, kinds, *NUMBERS) for part in (node.this, node.args.get("expression"))):
        return None
    return "only numbers are calculated with"


def multiplies(node: exp.Expr, kinds: Kinds) -> str | None:
    """Two numbers, of which one decimal at most that is not written out."""
    parts = (node.this, node.args.get("expression"))
    decimals = [part for part in parts if kinds.of(part) == "decimal"]
    if len(decimals) > 1 and not any(isinstance(part, exp.Literal) for part in decimals):
        return "a product of decimals has no room in one engine; write CAST(… AS DOUBLE)"
    return calculates(node, kinds)


def adds(node: exp.Expr, kinds: Kinds) -> str | None:
    """Numbers, or a date and days or an interval."""
    left, right = node.this, node.args.get("expression")
    if isinstance(right, exp.Interval):
        return wrong_interval(node, right, kinds)
    if kinds.of(left) == "date":
        return None if kinds.of(right) == "integer" else "days are added to a date"
    return calculates(node, kinds)


def subtracts(node: exp.Expr, kinds: Kinds) -> str | None:
    """As `adds`; two dates are another thing in each engine."""
    if kinds.of(node.this) in DAYS and kinds.of(node.args.get("expression")) in DAYS:
        return "the difference of dates is an interval in Spark; write datediff(…, …)"
    return adds(node, kinds)


def divides(node: exp.Expr, kinds: Kinds) -> str | None:
    """Numbers that are no decimals, by one that is never zero."""
    by = node.args.get("expression")
    return _divided(node, kinds) or (None if _is_never_zero(by) else _zero("/"))


def divides_safely(node: exp.Expr, kinds: Kinds) -> str | None:
    """Numbers that are no decimals."""
    return _divided(node, kinds)


def _divided(node: exp.Expr, kinds: Kinds) -> str | None:
    for part in (node.this, node.args.get("expression")):
        kind = kinds.of(part)
        if kind == "decimal":
            return DECIMALS_DIFFER
        if kind not in ("integer", "double"):
            shown = part.sql("spark") if part else ""
            return f"whether {shown} is a decimal is not known; {DECIMALS_DIFFER}"
    return None


def divides_whole(node: exp.Expr, kinds: Kinds) -> str | None:
    """Whole numbers, by one that is never zero."""
    by = node.args.get("expression")
    if kinds.of(node.this) != "integer" or kinds.of(by) != "integer":
        return "DIV takes whole numbers"
    return None if _is_never_zero(by) else _zero("DIV")


def takes_rest(node: exp.Expr, kinds: Kinds) -> str | None:
    """Whole numbers or decimals, by one that is never zero."""
    by = node.args.get("expression")
    if not all(may_be(part, kinds, "integer", "decimal") for part in (node.this, by)):
        return "% takes whole numbers or decimals"
    return None if _is_never_zero(by) else _zero("%")


def _zero(operator: str) -> str:
    return f"{operator} stops at a zero; divide by a number, or write try_divide"


def _is_never_zero(by: exp.Expr | None) -> bool:
    bare = by.unnest() if by is not None else None
    if isinstance(bare, exp.Neg):
        bare = bare.this
    if isinstance(bare, exp.Cast):
        bare = bare.this
    if isinstance(bare, exp.Nullif):
        zero = bare.args.get("expression")
        return isinstance(zero, exp.Literal) and float(zero.name) == 0
    return isinstance(bare, exp.Literal) and not bare.is_string and float(bare.name) != 0


def rounds(node: exp.Expr, kinds: Kinds) -> str | None:
    """A number, to places written out."""
    places = node.args.get("decimals")
    if places is not None and not (isinstance(places, exp.Literal) and places.name.isdigit()):
        return "round takes a number of places that is written out"
    kind = kinds.of(node.this)
    if kind not in NUMBERS:
        return "round takes a number; write CAST(… AS DOUBLE) where that is not seen"
    node.meta["from"] = kind
    return None


def rounds_whole(node: exp.Expr, kinds: Kinds) -> str | None:
    """A number, to whole ones."""
    if node.args.get("decimals") is not None:
        return f"{name_of(node)} takes one number"
    return is_number(node, kinds)
