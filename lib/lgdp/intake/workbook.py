"""XLSX workbooks to bronze rows: the declared sheets, header in the first row, cached values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from lgdp.config import Limits
from lgdp.contracts.heading import fold
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import FileRejected
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.cell import cell_text
from lgdp.intake.finding import FileRead, Finding
from lgdp.intake.header import HeaderMatch
from lgdp.intake.header_search import ENOUGH, guess_header, require_header, titles_note
from lgdp.intake.row_collector import RowCollector
from lgdp.intake.sent_file import SentFile
from lgdp.intake.sheet_parts import scan_sheets
from lgdp.intake.sheet_signs import SheetSigns
from lgdp.intake.unpacking import check_unpacked
from lgdp.intake.wide_rows import WideRows, is_wide

MOST_ROWS = 1_048_576
"""Rows that a worksheet can hold."""


def read_workbook(sent: SentFile, ruleset: Ruleset, limits: Limits, sink: BronzeSink) -> FileRead:
    """Write the rows of the declared sheets to the sink; other sheets are noted.

    A sheet is a table's if it has the table's name or declared sheet name. Raises FileRejected:
    ARCHIVE_TOO_LARGE, UNREADABLE, NO_SHEET, SHEET_TOO_LARGE, CELL_ERROR, VALUE_TOO_LONG, or what
    the header of a sheet is refused for.
    """
    check_unpacked(sent, limits)
    try:
        with sent.path.open("rb") as stream:
            workbook = CalamineWorkbook.from_filelike(stream)
            return FileRead(tuple(_WorkbookReading(sent, ruleset, limits, sink).run(workbook)))
    except CalamineError as error:
        raise FileRejected(
            "UNREADABLE", "The workbook can't be opened; save it again as .xlsx without a password."
        ) from error


class _WorkbookReading:
    def __init__(self, sent: SentFile, ruleset: Ruleset, limits: Limits, sink: BronzeSink) -> None:
        self._sent, self._ruleset = sent, ruleset
        self._collector = RowCollector(sent.name, limits, sink)
        self._notes: list[Finding] = []

    def run(self, workbook: CalamineWorkbook) -> list[Finding]:
        known = self._known_sheets(workbook)
        signs = scan_sheets(self._sent, known)
        for name in known:
            self._note_signs(name, signs[name])
            self._read_sheet(name, workbook.get_sheet_by_name(name))
        self._collector.flush()
        return self._notes

    def _known_sheets(self, workbook: CalamineWorkbook) -> dict[str, tuple[str, ...]]:
        """The sheets that are tables, with the errors that their cells may hold."""
        tables = {fold(table.sheet or table.name): table for table in self._ruleset.spec.tables}
        by_sheet = {name: tables.get(fold(name)) for name in workbook.sheet_names}
        known = {
            name: table.wide.not_available if table.wide else table.blanks
            for name, table in by_sheet.items()
            if table is not None
        }
        if not known:
            wanted = ", ".join(table.sheet or table.name for table in self._ruleset.spec.tables)
            raise FileRejected(
                "NO_SHEET",
                f"No sheet is named like a table of {self._ruleset.return_name}; "
                f"expected {wanted}.",
            )
        for sheet in workbook.sheets_metadata:
            if sheet.name not in known:
                self._note("OTHER_SHEET", f"The sheet '{sheet.name}' is not in the return.")
            elif sheet.visible is not SheetVisibleEnum.Visible:
                self._note("HIDDEN_SHEET", f"The sheet '{sheet.name}' is hidden; it was read.")
        return known

    def _note(self, code: str, message: str) -> None:
        self._notes.append(Finding(self._sent.name, code, "info", message))

    def _note_signs(self, name: str, signs: SheetSigns) -> None:
        hidden = (
            ("HIDDEN_ROWS", signs.hidden_rows, "Rows"),
            ("HIDDEN_COLUMNS", signs.hidden_columns, "Columns"),
        )
        for code, count, what in hidden:
            if count:
                self._note(code, f"{what} of the sheet '{name}' are hidden ({count:,}); read.")
        if signs.unavailable:
            message = f"No figure is available in {signs.unavailable:,} cells; taken as blank."
            self._note("NOT_AVAILABLE", f"In sheet '{name}': {message}")

    def _read_sheet(self, name: str, sheet: CalamineSheet) -> None:
        rows = (row for row in sheet.iter_rows() if not _is_blank(row))
        top = list(islice(rows, ENOUGH))
        if not top:
            self._note("EMPTY_SHEET", f"The sheet '{name}' is empty, not even a header is in it.")
            return
        if sheet.start is not None and sheet.start[0] + sheet.height >= MOST_ROWS:
            self._note("FULL_SHEET", f"The sheet '{name}' is full; rows may have been cut off.")
        guess = guess_header([_heading_texts(row) for row in top], self._ruleset, name)
        place = require_header(guess, self._ruleset, name)
        if place.above:
            self._note("TITLE_ROWS", f"In sheet '{name}': {titles_note(place.above)}")
        self._read_records(chain(top[place.above + place.rows :], rows), place.match)

    def _read_records(self, rows: Iterable[Sequence[object]], match: HeaderMatch) -> None:
        columns = [match.table.column(name) if name else None for name in match.columns]
        wide = WideRows(match) if is_wide(match) else None
        for cells in rows:
            number = self._collector.next_number(match.table)
            texts = [
                cell_text(cell, columns[place] if place < len(columns) else None)
                for place, cell in enumerate(cells)
            ]
            for row in wide.rows(number, texts) if wide else [_record(texts, match)]:
                self._collector.put(match.table, number, row)
        if wide is not None:
            self._notes += wide.notes(self._sent.name)


def _is_blank(cells: Sequence[object]) -> bool:
    return all(cell == "" for cell in cells)


def _heading_texts(cells: Sequence[object]) -> list[str]:
    """The cells of a row as headings, without blank ones at its end."""
    texts = [cell_text(cell, None) or "" for cell in cells]
    while texts and not texts[-1].strip():
        texts.pop()
    return texts


def _record(texts: Sequence[str | None], match: HeaderMatch) -> dict[str, object]:
    record: dict[str, object] = {}
    extra = []
    for place, text in enumerate(texts):
        known = place < len(match.columns)
        column = match.columns[place] if known else None
        if column is not None:
            record[column] = text
        elif text is not None:
            extra.append((match.headings[place] if known else f"column {place + 1}", text))
    if extra:
        record["_extra"] = extra
    return record
