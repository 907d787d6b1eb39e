"""Quotation marks in delimited text that were opened and not closed where they should have been.

A parser that meets one reads on to the next quotation mark, wherever that is, and gives one record
where there were many. That mark is then followed by something else than a delimiter or a line end,
which RFC 4180 does not allow; or the lines in between are whole records themselves.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable

ENOUGH_DELIMITERS = 6
"""So many delimiters, spread exactly as in records, are no coincidence in a value's text."""


def find_unclosed(lines: Iterable[str], delimiter: str, longest: int) -> int | None:
    """The number (from 1) of the first record with a quote that is not closed; null if none.

    `lines` are those after the header, line ends kept. Only records of several lines are looked
    at: within one line nothing but the line itself can be swallowed.
    """
    csv.field_size_limit(max(csv.field_size_limit(), longest))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = line = 0
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            number += 1
            if reader.line_num > line + 1 or "unexpected end" in str(error):
                return number
        else:
            if record is None:
                return None
            number += bool(record)
        line = reader.line_num


def swallows(text: str, delimiter: str, width: int) -> bool:
    """Whether all lines inside a text (but its first and last) are whole records of that width."""
    inner = text.splitlines()[1:-1]
    if len(inner) * (width - 1) < ENOUGH_DELIMITERS:
        return False
    return all(_is_record(line, delimiter, width) for line in inner)


def _is_record(line: str, delimiter: str, width: int) -> bool:
    if line.count(delimiter) < width - 1 or line.count('"') % 2:
        return False
    return len(next(csv.reader([line], delimiter=delimiter), [])) == width
