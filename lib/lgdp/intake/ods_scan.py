"""What a sheet of an OpenDocument workbook spans and shows, found before it is opened."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator, Mapping

from lxml import etree

from lgdp.contracts.heading import fold
from lgdp.errors import FileRejected
from lgdp.intake.container import BROKEN_ARCHIVE
from lgdp.intake.refusal import damaged, dtd_forbidden
from lgdp.intake.sent_file import SentFile
from lgdp.intake.sheet_scan import require_small
from lgdp.intake.sheet_signs import MOST_SHOWN, SheetSigns

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
HIDDEN = ("collapse", "filter")
ENDS = [f"{TABLE}table", f"{TABLE}table-row", f"{TABLE}table-column"]


def scan_ods(sent: SentFile, tolerated: Mapping[str, Collection[str]]) -> dict[str, SheetSigns]:
    """Look at all sheets, before any is opened; `tolerated` are errors by the folded sheet name.

    A cell that is repeated is written once and opened as often as it says. Raises FileRejected:
    SHEET_TOO_LARGE, and UNREADABLE when the content is no XML.
    """
    try:
        with zipfile.ZipFile(sent.path) as archive, archive.open("content.xml") as stream:
            return dict(_sheets(stream, tolerated))
    except (KeyError, etree.XMLSyntaxError, *BROKEN_ARCHIVE) as error:
        raise damaged() from error


def _sheets(
    stream: object, tolerated: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, SheetSigns]]:
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        tag=ENDS,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    scan: _OdsScan | None = None
    for event, element in events:
        if event == "start":
            if element.getroottree().docinfo.doctype:
                raise dtd_forbidden("workbook")
            if element.tag == ENDS[0]:
                name = element.get(f"{TABLE}name") or ""
                scan = _OdsScan(name, tolerated.get(fold(name), ()))
            continue
        if element.tag == ENDS[0]:
            if scan is not None:
                yield scan.name, scan.signs
            scan = None
        elif scan is not None:
            scan.take(element)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


class _OdsScan:
    def __init__(self, name: str, tolerated: Collection[str]) -> None:
        self.name, self.signs = name, SheetSigns(tolerated)
        self._tolerated = tolerated
        self._row = self._columns = 0

    def take(self, element: etree._Element) -> None:
        """A row or the description of a column is complete."""
        hidden = element.get(f"{TABLE}visibility") in HIDDEN
        if element.tag == ENDS[2]:
            repeated = _number(element, "number-columns-repeated")
            self.signs.hidden_columns += repeated if hidden else 0
            return
        repeated = _number(element, "number-rows-repeated")
        width = self._cells(element)
        if width:
            # Empty rows after the last that is not are never opened.
            self._columns = max(self._columns, width)
            require_small(self.name, self._row + repeated, self._columns)
            self.signs.hidden_rows += repeated if hidden else 0
        self._row += repeated

    def _cells(self, row: etree._Element) -> int:
        """Look at the cells of a row; the number of the last that is not empty."""
        column = last = 0
        for cell in row:
            repeated = _number(cell, "number-columns-repeated")
            down = _number(cell, "number-rows-spanned")
            if down > 1:
                end = column + _number(cell, "number-columns-spanned") - 1
                self.signs.merged.append(((self._row, column), (self._row + down - 1, end)))
            if cell.get(f"{OFFICE}value-type") or len(cell):
                last = column + repeated
                self._look(cell, column)
            elif cell.get(f"{TABLE}formula"):
                self._name(self.signs.empty_formulas, column)
            column += repeated
        return last

    def _look(self, cell: etree._Element, column: int) -> None:
        if cell.get(f"{CALC}value-type") != "error":
            return
        if "".join(str(text) for text in cell.itertext()).strip() in self._tolerated:
            self.signs.unavailable += 1
        else:
            self._name(self.signs.errors, column)

    def _name(self, places: list[str], column: int) -> None:
        if len(places) <= MOST_SHOWN:
            places.append(f"{_letters(column)}{self._row + 1}")


def _number(element: etree._Element, name: str) -> int:
    text = element.get(f"{TABLE}{name}") or "1"
    if not text.isdecimal() or len(text) > 9:
        raise FileRejected("UNREADABLE", f"The workbook says {name} in no number; save it again.")
    return int(text)


def _letters(column: int) -> str:
    """`0` is A, `25` Z, `26` AA.

    >>> _letters(26)
    'AA'
    """
    text, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
