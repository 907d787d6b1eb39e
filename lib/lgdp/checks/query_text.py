"""The text of a query rule, parsed: Spark SQL, one SELECT."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.errors import ParseError, TokenError

from lgdp.errors import RuleMistake

BATCH = "_batch_"
"""Stands for `{batch}`, and is as long, so that places in error texts are right."""


class RuleSpark(Spark):
    """Spark 4, in which a quote that comes twice in a text is one quote of it."""

    class Tokenizer(Spark.Tokenizer):
        """How texts are read."""

        STRING_ESCAPES: ClassVar[list[str]] = ["\\", "'", '"']


def parse_query(text: str) -> exp.Query:
    """The query of a rule, with `BATCH` for `{batch}`; RuleMistake if it is not one SELECT."""
    if "{batch}" not in text:
        raise RuleMistake("the query does not read from {batch}")
    try:
        statements = RuleSpark().parse(text.replace("{batch}", BATCH))
    except ParseError as error:
        raise _unparsed(error, text) from error
    except TokenError as error:
        raise RuleMistake(f"the SQL does not parse: {error}") from error
    tree = statements[0] if len(statements) == 1 else None
    if not isinstance(tree, exp.Query) or text.rstrip().endswith(";"):
        raise RuleMistake("the query is not one SELECT without a semicolon")
    return tree


def _unparsed(error: ParseError, text: str) -> RuleMistake:
    detail = error.errors[0] if error.errors else {}
    line, column = int(detail.get("line") or 1), int(detail.get("col") or 1)
    word = str(detail.get("highlight") or "")
    # The column is that of the last character of what could not be read.
    end = sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column
    what = str(detail.get("description"))
    if what.startswith("Required keyword"):
        what = "something is missing"
    message = f"the SQL does not parse at line {line}, column {column}: {what}"
    return RuleMistake(message, (max(end - len(word), 0), end))


def place_of(node: exp.Expr) -> tuple[int, int] | None:
    """Where a part of a query stands in its text: first character and the one after the last."""
    places = [
        (int(part.meta["start"]), int(part.meta["end"]) + 1)
        for part in node.walk()
        if "start" in part.meta
    ]
    if not places:
        return None
    return min(start for start, _ in places), max(end for _, end in places)
