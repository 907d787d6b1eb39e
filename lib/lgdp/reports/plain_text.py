"""Texts from files made harmless for people: nothing moves a cursor, runs, or breaks a format."""

from __future__ import annotations

import re

LONGEST = 32_767
"""Characters that a cell of a worksheet holds."""
RISKY = ("=", "+", "-", "@", "|", "%", "\t", "\r")
"""A cell of a CSV file that begins so may be run as a formula."""
PLAIN_NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")


def visible(text: str) -> str:
    """A text with every character that is not seen written as an escape.

    >>> visible("a\\x1b[31m\\u202eb\\n")
    'a\\\\x1b[31m\\\\u202eb\\\\n'
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


def fitted(text: str) -> str:
    """A text that fits a cell; of a longer one the beginning, and how long it is."""
    shown = visible(text)
    if len(shown) <= LONGEST:
        return shown
    ending = f" … ({len(text):,} characters)"
    return shown[: LONGEST - len(ending)] + ending


def is_risky(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula; a negative number is none."""
    return text.startswith(RISKY) and not PLAIN_NEGATIVE.fullmatch(text)


def inert(text: str) -> str:
    """A text for a CSV file that a spreadsheet will not run.

    >>> inert("=1+1"), inert("-5"), inert("-5+cmd")
    ("'=1+1", '-5', "'-5+cmd")
    """
    shown = fitted(text)
    return f"'{shown}" if is_risky(shown) else shown
