"""Workbooks as this room writes them: a row at a time, nothing taken for a formula or a link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

FONT = {"font_name": "Calibri", "font_size": 11}
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 (a workbook's times have no zone)
"""When every workbook says it was made: the same content gives the same bytes."""

NARROW, WIDE = 30, 60
"""Characters of width from which words that break early matter less than narrow letters."""


@contextmanager
def open_workbook(
    path: Path, title: str, constant_memory: bool = True
) -> Iterator[xlsxwriter.Workbook]:
    """A workbook to write; with constant memory each sheet is written top to bottom."""
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": constant_memory,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title, "author": "lgdp", "created": MADE})
    yield book
    book.close()


def height_of(text: str, width: float, size: float = 11) -> float:
    """Points that a text needs in a cell of `width` characters.

    Not every program fits rows to wrapped text by itself. Widths count digits, and prose is
    narrower; but words break before the margin, which takes much of a narrow cell.
    """
    room = width * (1.15 if width > WIDE else 1.06 if width > NARROW else 1.0) * 11 / size
    lines = sum(1 + int(len(part) / max(1.0, room)) for part in text.split("\n"))
    return min(409.0, lines * size * 1.37)


def set_print(sheet: Any) -> None:
    """Print a sheet on A4, as wide as the page, its first row on each page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&RPage &P of &N")
