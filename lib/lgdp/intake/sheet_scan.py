"""What a worksheet spans, found before it is opened.

The reader of workbooks keeps a place in memory for every cell between the first and the last: two
cells far apart would take all there is. It also reads an error (#REF!) as a blank.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from lgdp.errors import FileRejected
from lgdp.intake.refusal import damaged, dtd_forbidden
from lgdp.intake.sheet_signs import SheetSigns

PLAIN = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?=[ />])')
PLAIN_ROW = re.compile(rb'<row r="([0-9]{1,7})"(?=[ />])')
"""Cells and rows as nearly every program writes them."""
TAG = re.compile(rb"<(?:\w+:)?(?:(row)|c)(?=[\s/>])([^>]*)>")
PLACE = re.compile(rb'\sr="([A-Z]{0,3})([0-9]{1,7})"')
CELL_TAGS = re.compile(rb"<(?:\w+:)?c[\s/>]")
ROW_TAGS = re.compile(rb"<(?:\w+:)?row[\s/>]")
LONGEST_TAG = 1 << 16
MOST_CELLS = 22_000_000
"""Cells from the first to the last: 75 bytes each in the reader, if they hold a short text."""
PART = re.compile(rb"<(?:\w+:)?(?:c|row)[\s/>]")
"""Where a cell or a row begins: text is only cut there."""


class SheetScan:
    """Fed with the XML of one sheet, whole tags at a time.

    `rows` and `columns` are the largest numbers of a row and a column that a cell has (empty cells
    count too); `signs` is what else there is to say of it.
    """

    def __init__(self, tolerated: Collection[str] = ()) -> None:
        self.rows = self.columns = 0
        self.signs = SheetSigns(tolerated)
        self._row = self._column = 0

    def run(self, chunks: Iterable[bytes]) -> None:
        """Look at everything. Raises FileRejected UNREADABLE for tags that are none."""
        rest, is_first = b"", True
        for chunk in chunks:
            if is_first and b"<!DOCTYPE" in chunk:
                raise dtd_forbidden("worksheet")
            is_first = False
            text = rest + chunk
            end = _last_part(text)
            self._feed(text[:end])
            self.signs.feed(text[:end])
            rest = text[end:]
        self._feed(rest)
        self.signs.feed(rest)

    def _feed(self, text: bytes) -> None:
        cells, rows = PLAIN.findall(text), PLAIN_ROW.findall(text)
        all_plain = len(cells) == len(CELL_TAGS.findall(text))
        if all_plain and len(rows) == len(ROW_TAGS.findall(text)):
            self._take_plain(cells)
            # Cells without a place, should there be any later, are counted on from here.
            if rows and text.rfind(b"<row ") > text.rfind(b"<c "):
                self._row, self._column = int(rows[-1]), 0
        else:
            for tag in TAG.finditer(text):
                self._take(tag)

    def _take_plain(self, places: list[tuple[bytes, bytes]]) -> None:
        for letters in {letters for letters, _ in places}:
            self.columns = max(self.columns, _column_number(letters))
        last = max((int(row) for row in {row for _, row in places}), default=0)
        self.rows = max(self.rows, last)
        if places:
            self._column, self._row = _column_number(places[-1][0]), int(places[-1][1])

    def _take(self, tag: re.Match[bytes]) -> None:
        is_row, attributes = tag[1] is not None, tag[2]
        place = PLACE.search(attributes)
        if attributes.count(b'"') % 2 or (place is None and re.search(rb"\br\s*=", attributes)):
            raise damaged()
        if is_row:
            self._row = int(place[2]) if place else self._row + 1
            self._column = 0
            return
        self._column = _column_number(place[1]) if place and place[1] else self._column + 1
        self._row = int(place[2]) if place else self._row
        self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)


def require_small(name: str, rows: int, columns: int) -> None:
    """Raise FileRejected SHEET_TOO_LARGE if a sheet spans more cells than are read."""
    if rows * columns > MOST_CELLS:
        raise FileRejected(
            "SHEET_TOO_LARGE",
            f"The sheet '{name}' spans {rows:,} rows and {columns:,} columns; at most "
            f"{MOST_CELLS:,} cells are read. Delete what is outside the table, or send the table "
            "as CSV.",
        )


def _last_part(text: bytes) -> int:
    """Where the last cell or row begins; else the last tag, if that is near the end."""
    tail = max(0, len(text) - LONGEST_TAG)
    starts = [part.start() for part in PART.finditer(text, tail)]
    if starts:
        return starts[-1]
    end = text.rfind(b"<", tail)
    return len(text) if end < 0 else end


def _column_number(letters: bytes) -> int:
    """`A` is 1, `Z` 26, `AA` 27.

    >>> _column_number(b"XFD")
    16384
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
