"""How a table lies in a file as a person sees it: lines or sheet rows, and letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lgdp.intake.header import HeaderMatch


@dataclass(frozen=True)
class Layout:
    """How one table lies in one file. `rows` has those records that were asked for.

    `headings` are the columns' headings as sent; `sheet` is empty unless the file is a workbook.
    """

    table: str
    sheet: str
    letters: Mapping[str, str]
    headings: Mapping[str, str]
    rows: Mapping[int, int]


def letter_of(index: int) -> str:
    """The letter of a column, counted from 0.

    >>> letter_of(0), letter_of(25), letter_of(26), letter_of(701), letter_of(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def layout_of(match: HeaderMatch, sheet: str, first_column: int, rows: Mapping[int, int]) -> Layout:
    """The layout of a table whose header was read; its first heading is in `first_column`."""
    # What nobody declared goes by its heading.
    names = [
        column or heading for column, heading in zip(match.columns, match.headings, strict=True)
    ]
    # In a wide table one column of ours is many of the sheet's, and none can be named.
    single = {name: index for index, name in enumerate(names) if names.count(name) == 1}
    return Layout(
        match.table.name,
        sheet,
        {name: letter_of(first_column + index) for name, index in single.items()},
        {name: match.headings[index] for name, index in single.items()},
        rows,
    )
