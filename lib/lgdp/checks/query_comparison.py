"""What is asked of values that are compared or cast.

`casts` notes in a node's `meta`, as `from`, the kind of what is cast, for the translation.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlglot import exp

from lgdp.checks.query_argument import DAYS, NUMBERS, name_of
from lgdp.checks.query_kinds import Kinds, cast_family

GROUPS = {**dict.fromkeys(NUMBERS, "a number"), **dict.fromkeys(DAYS, "a date")}
GROUPS |= {"text": "text", "truth": "true or false"}
CASTABLE = {
    "text": ("text", "integer", "decimal", "date", "truth"),
    "integer": ("integer", "decimal", "double", "truth"),
    "decimal": NUMBERS,
    "double": NUMBERS,
    "date": DAYS,
    "moment": DAYS,
    "truth": ("truth",),
}
"""By the kind that a cast makes, those that both engines make it of alike."""


def is_alike(node: exp.Expr, kinds: Kinds) -> str | None:
    """Values of one kind."""
    parts = [node.this, *node.expressions]
    groups = {GROUPS.get(str(kinds.of(part))) for part in parts} - {None}
    return None if len(groups) <= 1 else f"{name_of(node)} takes values of one kind"


def compares(node: exp.Expr, kinds: Kinds) -> str | None:
    """Two values of one kind; a date may be compared with a text of its form."""
    if isinstance(node.this, exp.Tuple):
        return None
    return _unlike(node.this, node.args.get("expression"), kinds)


def compares_bounds(node: exp.Expr, kinds: Kinds) -> str | None:
    """As `compares`, with two bounds."""
    low, high = node.args.get("low"), node.args.get("high")
    return _unlike(node.this, low, kinds) or _unlike(node.this, high, kinds)


def compares_list(node: exp.Expr, kinds: Kinds) -> str | None:
    """As `compares`, with each member of a list."""
    if isinstance(node.this, exp.Tuple) and node.expressions:
        return "several columns can be IN a query, but not IN a list; write OR"
    query = node.args.get("query")
    if isinstance(query, exp.Expr) and not isinstance(node.this, exp.Tuple):
        return _unlike(node.this, query, kinds)
    wrong = (_unlike(node.this, item, kinds) for item in node.expressions)
    return next((text for text in wrong if text), None)


def _unlike(left: exp.Expr | None, right: exp.Expr | None, kinds: Kinds) -> str | None:
    one, other = kinds.of(left), kinds.of(right)
    if one is None or other is None or GROUPS.get(one) == GROUPS.get(other):
        return None
    for kind, part in ((one, right), (other, left)):
        if kind in DAYS and isinstance(part, exp.Literal) and part.is_string:
            return None if _is_day(part.name, kind) else f"'{part.name}' is not written yyyy-MM-dd"
    return f"{GROUPS.get(one)} is compared with {GROUPS.get(other)}; write try_cast"


def _is_day(text: str, kind: str) -> bool:
    for read in (date.fromisoformat, datetime.fromisoformat)[: 1 if kind == "date" else 2]:
        try:
            day = read(text)
        except ValueError:
            continue
        return day.isoformat().replace("T", " ") == text.replace("T", " ")
    return False


def casts(node: exp.Expr, kinds: Kinds) -> str | None:
    """A cast that gives the same in both engines, or stops in both."""
    to, kind = cast_family(node.args["to"]), kinds.of(node.this)
    shown = node.args["to"].sql("spark")
    if isinstance(node.this, exp.Null):
        return None
    if isinstance(node.this, exp.Literal) and node.this.is_string and to in DAYS:
        return None if _is_day(node.this.name, to) else f"'{node.this.name}' is not such a date"
    if kind is None:
        return f"what is cast to {shown} is of a type that is not seen here"
    if kind == "text" and to in ("integer", "decimal", "date"):
        # What the contract says is not somebody's mistyped value.
        if node.args.get("safe") or kinds.is_parameter(node.this):
            node.meta["from"] = kind
            return None
        return f"a cast stops at a text that is no {shown}; write try_cast"
    if kind not in CASTABLE.get(str(to), ()):
        return f"a cast from {kind} to {shown} is not the same in both engines"
    node.meta["from"] = kind
    return None
