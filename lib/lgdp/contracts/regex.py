"""Regular expressions that mean the same in Java (Spark), RE2 (DuckDB) and here."""

from __future__ import annotations

import re

from lgdp.errors import RuleMistake

_LOOK_AROUND = r"\(\?(?:[=!>]|<[=!])"
_NAMED = r"\(\?P?<[A-Za-z]"
_BACK_REFERENCE = r"\\[1-9]"
_POSSESSIVE = r"[*+?}]\+"
_ESCAPE = r"\\[GZXRhHvVNCkbBceu0]"
_JAVA_CLASS = r"\\[pP]\{(?:Is|In|java|Lower|Upper|ASCII|Alpha|Digit|Alnum|Punct|Blank|Space)"
_FLAGS = r"\(\?[a-zA-Z-]"
_CLASS_ALGEBRA = r"\[:|&&"
UNLIKE = re.compile(
    "|".join(
        (
            _LOOK_AROUND,
            _NAMED,
            _BACK_REFERENCE,
            _POSSESSIVE,
            _ESCAPE,
            _JAVA_CLASS,
            _CLASS_ALGEBRA,
            _FLAGS,
        )
    )
)
"""What one of the engines lacks or reads differently."""


def check_regex(regex: str) -> str:
    """The expression itself; RuleMistake when the engines would not agree on it."""
    unlike = UNLIKE.search(regex)
    if unlike:
        raise RuleMistake(
            f"the regular expression {regex} uses {unlike[0]}, which not every engine has"
        )
    try:
        # Character classes of Unicode are known to Java and RE2 and not to Python.
        re.compile(re.sub(r"\\[pP](\{\w+\}|\w)", ".", regex).replace(r"\z", "$"))
    except re.error as error:
        raise RuleMistake(f"{regex} is not a regular expression: {error}") from error
    return regex


LINE_ENDS = r"\n\r\x{85}\x{2028}\x{2029}"
SPACE = r" \t\n\x0b\f\r"


def in_re2(regex: str) -> str:
    r"""A checked expression as RE2 reads it like Java: what a dot leaves out, what is a space.

    >>> print(in_re2(r"a.b\s[.\s]"))
    a[^\n\r\x{85}\x{2028}\x{2029}]b[ \t\n\x0b\f\r][. \t\n\x0b\f\r]
    """
    parts, inside = [], False
    for piece in re.findall(r"\\.|.", regex, re.DOTALL):
        if piece == "." and not inside:
            parts.append(f"[^{LINE_ENDS}]")
        elif piece == r"\s":
            parts.append(SPACE if inside else f"[{SPACE}]")
        elif piece == r"\S" and not inside:
            parts.append(f"[^{SPACE}]")
        else:
            parts.append(piece)
        inside = piece == "[" or (inside and piece != "]")
    return "".join(parts)
