"""What the parts of a query ask of their arguments, so that both engines judge them alike.

Each function says what is wrong with a part, or null. Here are those of texts, and what all use.
"""

from __future__ import annotations

import re

from sqlglot import exp

from lgdp.checks.query_kinds import Kinds

NUMBERS = ("integer", "decimal", "double")
DAYS = ("date", "moment")


def may_be(node: exp.Expr | None, kinds: Kinds, *wanted: str) -> bool:
    """Whether a part is of one of these kinds, or of none that is known."""
    kind = kinds.of(bare(node))
    return kind is None or kind in wanted


def bare(node: exp.Expr | None) -> exp.Expr | None:
    """A part without what sqlglot puts around it."""
    while isinstance(node, exp.TsOrDsToDate | exp.TimeStrToTime):
        node = node.this
    return node


def name_of(node: exp.Expr) -> str:
    """What a function is called."""
    return node.sql(dialect="spark").partition("(")[0].lower()


def anything(node: exp.Expr, kinds: Kinds) -> str | None:
    """No more is asked."""
    return None


def is_text(node: exp.Expr, kinds: Kinds) -> str | None:
    """Text."""
    return None if may_be(node.this, kinds, "text") else f"{name_of(node)} takes text"


def is_single(node: exp.Expr, kinds: Kinds) -> str | None:
    """One thing that is to be different."""
    return None if len(node.expressions) <= 1 else "DISTINCT takes one value here"


def counts(node: exp.Expr, kinds: Kinds) -> str | None:
    """One thing to be counted."""
    return "count takes one value" if node.expressions else None


def is_written(node: exp.Expr, kinds: Kinds) -> str | None:
    """Values that both engines write alike as text."""
    parts = node.expressions or [node.this, node.args.get("expression")]
    if all(may_be(part, kinds, "text", "integer", "decimal", "date", "truth") for part in parts):
        return None
    return "the engines write doubles and times differently; write date_format or a decimal"


def takes_end(node: exp.Expr, kinds: Kinds) -> str | None:
    """Text and a number of characters written out."""
    count = node.args.get("expression")
    if isinstance(count, exp.Literal) and count.name.isdigit():
        return is_text(node, kinds)
    return f"{name_of(node)} takes a number of characters that is written out"


def pads(node: exp.Expr, kinds: Kinds) -> str | None:
    """A length and a filling that are written out."""
    count, fill = node.args.get("expression"), node.args.get("fill_pattern")
    if not (isinstance(count, exp.Literal) and count.name.isdigit()):
        return "lpad and rpad take a length that is written out"
    if fill is not None and not (isinstance(fill, exp.Literal) and fill.name):
        return "lpad and rpad take a filling that is written out"
    return is_text(node, kinds)


def splits(node: exp.Expr, kinds: Kinds) -> str | None:
    """A separator and a place that are written out."""
    separator, place = node.args.get("delimiter"), node.args.get("part_index")
    number = place.this if isinstance(place, exp.Neg) else place
    if not (isinstance(separator, exp.Literal) and separator.name):
        return "split_part takes a separator that is written out"
    if not (isinstance(number, exp.Literal) and number.name not in ("", "0")):
        return "split_part takes a place, from 1 on, that is written out"
    return is_text(node, kinds)


def replaces(node: exp.Expr, kinds: Kinds) -> str | None:
    """Text, what is looked for, and what takes its place."""
    if node.args.get("replacement") is None:
        return "replace takes three texts"
    return is_text(node, kinds)


def likes(node: exp.Expr, kinds: Kinds) -> str | None:
    """A pattern that is written out, in which a backslash stands only before %, _ or itself."""
    pattern = node.args.get("expression")
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        return "LIKE takes a pattern that is written out"
    if not isinstance(node.parent, exp.Escape) and re.search(
        r"\\(?![%_\\])", pattern.name.replace("\\\\", "")
    ):
        return "in a pattern of LIKE a backslash stands before %, _ or another backslash"
    return is_text(node, kinds)


def trims(node: exp.Expr, kinds: Kinds) -> str | None:
    """Text, and one character to be taken off."""
    return is_text(node, kinds)
