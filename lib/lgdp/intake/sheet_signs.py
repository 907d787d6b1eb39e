"""What a worksheet's XML shows and its reader does not: errors, missing results, hidden parts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from lgdp.errors import FileRejected
from lgdp.intake.merged_cells import Range

MOST_SHOWN = 5
_ERROR = re.compile(rb'<(?:\w+:)?c(?=\s)[^>]*\bt="e"[^>]*>')
_ERROR_VALUE = re.compile(
    rb"\s*(?:<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*)?<(?:\w+:)?v>([^<]*)<"
)
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])[^>]*>")
_PLACE = re.compile(rb'\sr="([A-Z]{1,3}[0-9]{1,7})"')
_TEXT = re.compile(rb'\bt="(?:str|s|inlineStr)"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b[^>]*\bhidden="(?:1|true)"[^>]*>')
_SPAN = re.compile(rb'\b(min|max)="([0-9]{1,5})"')
BEFORE = 1 << 13
"""Bytes before the end of a formula in which its cell begins; a formula has 8,192 characters."""


class SheetSigns:
    """Fed with the XML of one sheet, whole cells at a time.

    `errors` are the places of the first cells that hold an error (but those `tolerated`, which are
    counted), `empty_formulas` those of formulas whose result the program that wrote them left out.
    """

    def __init__(self, tolerated: Collection[str] = ()) -> None:
        self._tolerated = frozenset(tolerated)
        self.errors: list[str] = []
        self.empty_formulas: list[str] = []
        self.merged: list[Range] = []
        self.unavailable = self.hidden_rows = self.hidden_columns = 0

    def feed(self, text: bytes) -> None:
        """Look at the next cells; the usual text holds nothing of it and is not searched."""
        if b't="e"' in text:
            self._look_for_errors(text)
        if b"<f" in text or b":f" in text:
            self._look_for_formulas(text)
        if b'hidden="' in text:
            self.hidden_rows += len(_HIDDEN_ROW.findall(text))
            for tag in _HIDDEN_COLUMN.findall(text):
                span = {key: int(number) for key, number in _SPAN.findall(tag)}
                self.hidden_columns += span.get(b"max", 1) - span.get(b"min", 1) + 1

    def _look_for_errors(self, text: bytes) -> None:
        for cell in _ERROR.finditer(text):
            value = _ERROR_VALUE.match(text, cell.end())
            if value is not None and value[1].decode("utf-8", "replace") in self._tolerated:
                self.unavailable += 1
            elif len(self.errors) <= MOST_SHOWN:
                self.errors.append(_place(cell[0]))

    def _look_for_formulas(self, text: bytes) -> None:
        for formula in _NO_RESULT.finditer(text):
            if len(self.empty_formulas) > MOST_SHOWN:
                return
            cells = _CELL.findall(text, max(0, formula.start() - BEFORE), formula.start())
            if not cells or not _TEXT.search(cells[-1]):
                self.empty_formulas.append(_place(cells[-1]) if cells else "?")


def refuse_cells(signs: Mapping[str, SheetSigns]) -> None:
    """Raise FileRejected CELL_ERROR or NO_CACHED_VALUE, naming the first cells."""
    errors = [f"{name}!{cell}" for name, found in signs.items() for cell in found.errors]
    if errors:
        raise FileRejected(
            "CELL_ERROR",
            f"Cells hold an error such as #REF! instead of a value: {_shown(errors)}. Mend the "
            "formulas and send the file again.",
        )
    empty = [f"{name}!{cell}" for name, found in signs.items() for cell in found.empty_formulas]
    if empty:
        raise FileRejected(
            "NO_CACHED_VALUE",
            f"Cells hold a formula without its result: {_shown(empty)}. Open the workbook in a "
            "spreadsheet program, save it, and send it again; or paste the values.",
        )


def _shown(places: list[str]) -> str:
    """The first places, and that there are more."""
    return ", ".join(places[:MOST_SHOWN]) + (", …" if len(places) > MOST_SHOWN else "")


def _place(tag: bytes) -> str:
    found = _PLACE.search(tag)
    return found[1].decode() if found else "?"
