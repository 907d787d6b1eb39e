"""Values of a reference table's columns, read from text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

Value = str | int | Decimal | date | bool | None
DECIMAL = re.compile(r"decimal\((\d{1,2}),(\d{1,2})\)")
INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
TRUTH = {"Y": True, "N": False}


def is_type(kind: str) -> bool:
    """Whether columns of a reference table may be of that type."""
    match = DECIMAL.fullmatch(kind)
    if match is None:
        return kind in PARSERS
    return 0 <= int(match[2]) <= int(match[1]) <= 38 and int(match[1]) > 0


def decimal_parser(kind: str) -> Callable[[str], Value]:
    """What reads a number written for `decimal(p,s)`; it raises ValueError, as all parsers do."""
    precision, scale = map(int, re.findall(r"\d+", kind))
    whole = precision - scale
    written = re.compile(
        rf"[+-]?0*[0-9]{{{min(whole, 1)},{whole}}}" + (rf"(\.[0-9]{{1,{scale}}})?" if scale else "")
    )

    def parse(text: str) -> Decimal:
        if not written.fullmatch(text):
            raise ValueError(f"'{text}' is not a number of type {kind}")
        return Decimal(text)

    return parse


def _integer(text: str) -> int:
    if not INTEGER.fullmatch(text):
        raise ValueError(f"'{text}' is not a whole number")
    return int(text)


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"'{text}' is not a date written yyyy-MM-dd") from error
    if day.isoformat() != text:
        raise ValueError(f"'{text}' is not a date written yyyy-MM-dd")
    return day


def _yes_no(text: str) -> bool:
    if text not in TRUTH:
        raise ValueError(f"'{text}' is not Y or N")
    return TRUTH[text]


PARSERS: dict[str, Callable[[str], Value]] = {
    "string": str,
    "integer": _integer,
    "date": _date,
    "yes_no": _yes_no,
}
