"""Regular expressions that mean the same in Java (Spark), RE2 (DuckDB) and here."""

from __future__ import annotations

import re

from lgdp.errors import RuleMistake

_LOOK_AROUND = r"\(\?(?:[=!>]|<[=!])"
_NAMED = r"\(\?P?<[A-Za-z]"
_BACK_REFERENCE = r"\\[1-9]"
_POSSESSIVE = r"[*+?}]\+"
_ESCAPE = r"\\[GZXRhHvVNCk]"
_JAVA_CLASS = r"\\[pP]\{(?:Is|In|java|Lower|Upper|ASCII|Alpha|Digit|Alnum|Punct|Blank|Space)"
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
