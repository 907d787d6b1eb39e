"""What is asked of regular expressions in a query."""

from __future__ import annotations

import re

from sqlglot import exp

from lgdp.checks.query_argument import is_text, name_of
from lgdp.checks.query_kinds import Kinds
from lgdp.contracts.regex import check_regex
from lgdp.errors import RuleMistake


def matches(node: exp.Expr, kinds: Kinds) -> str | None:
    """A regular expression that is written out and read alike."""
    if len([part for part in node.args.values() if isinstance(part, exp.Expr)]) > 2:
        return f"{name_of(node)} takes a text and a regular expression"
    return _expression(node) or is_text(node, kinds)


def extracts_match(node: exp.Expr, kinds: Kinds) -> str | None:
    """As `matches`, and a group that is written out."""
    group = node.args.get("group")
    if group is not None and not (isinstance(group, exp.Literal) and group.name.isdigit()):
        return "regexp_extract takes a group that is written out"
    return _expression(node) or is_text(node, kinds)


def replaces_match(node: exp.Expr, kinds: Kinds) -> str | None:
    r"""As `matches`, and a text without $ or \, which refer to groups."""
    text = node.args.get("replacement")
    if not (isinstance(text, exp.Literal) and text.is_string) or re.search(r"[$\\]", text.name):
        return r"regexp_replace takes a text that is written out, without $ and \ "[:-1]
    if node.args.get("position") is not None:
        return "regexp_replace takes three texts"
    return _expression(node) or is_text(node, kinds)


def _expression(node: exp.Expr) -> str | None:
    pattern = node.args.get("expression")
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        return "a regular expression is not written out as text"
    try:
        check_regex(pattern.name)
    except RuleMistake as error:
        return str(error)
    return None
