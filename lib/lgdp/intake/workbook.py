"""Workbooks (XLSX, XLS, ODS) to bronze rows: the declared sheets, with their cached values."""

from __future__ import annotations

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
)

from lgdp.config import Limits
from lgdp.contracts.heading import fold
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import FileRejected
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.finding import FileRead, Finding
from lgdp.intake.ods_scan import scan_ods
from lgdp.intake.old_workbook import require_openable
from lgdp.intake.panic import refused_if_it_panics
from lgdp.intake.refusal import encrypted
from lgdp.intake.row_collector import RowCollector
from lgdp.intake.sent_file import SentFile
from lgdp.intake.sheet_parts import scan_sheets
from lgdp.intake.sheet_rows import SheetRows
from lgdp.intake.sheet_signs import SheetSigns, refuse_cells
from lgdp.intake.unpacking import check_unpacked

MOST_ROWS = {"xls": 65_536}
MOST_XLSX_ROWS = 1_048_576
"""Rows that a worksheet can hold."""


def read_workbook(sent: SentFile, ruleset: Ruleset, limits: Limits, sink: BronzeSink) -> FileRead:
    """Write the rows of the declared sheets to the sink; other sheets are noted.

    A sheet is a table's if it has the table's name or declared sheet name. Raises FileRejected:
    ARCHIVE_TOO_LARGE, UNREADABLE, ENCRYPTED, NO_SHEET, SHEET_TOO_LARGE, CELL_ERROR,
    NO_CACHED_VALUE, VALUE_TOO_LONG, or what the header of a sheet is refused for.
    """
    if sent.media_type == "xls":
        require_openable(sent)
    else:
        check_unpacked(sent, limits)
    reading = _WorkbookReading(sent, ruleset, limits, sink)
    try:
        with sent.path.open("rb") as stream, refused_if_it_panics():
            workbook = CalamineWorkbook.from_filelike(stream)
            return FileRead(tuple(reading.run(workbook)))
    except PasswordError as error:
        raise encrypted() from error
    except CalamineError as error:
        raise FileRejected(
            "UNREADABLE", "The workbook can't be opened; save it again as .xlsx without a password."
        ) from error


def tolerated_errors(ruleset: Ruleset) -> dict[str, tuple[str, ...]]:
    """By the folded name of each table's sheet, the errors that its cells may hold."""
    return {
        fold(table.sheet or table.name): table.wide.not_available if table.wide else table.blanks
        for table in ruleset.spec.tables
    }


class _WorkbookReading:
    def __init__(self, sent: SentFile, ruleset: Ruleset, limits: Limits, sink: BronzeSink) -> None:
        self._sent, self._ruleset = sent, ruleset
        self._collector = RowCollector(sent.name, limits, sink)
        self._notes: list[Finding] = []
        self._tolerated = tolerated_errors(ruleset)
        # All of an OpenDocument workbook is opened at once, so it is looked at before.
        self._signs = scan_ods(sent, self._tolerated) if sent.media_type == "ods" else {}

    def run(self, workbook: CalamineWorkbook) -> list[Finding]:
        known = self._known_sheets(workbook)
        signs = {name: found for name, found in self._scan(known).items() if name in known}
        refuse_cells(signs)
        for name in known:
            sheet_signs = signs.get(name) or SheetSigns()
            self._note_signs(name, sheet_signs)
            self._read_sheet(name, workbook.get_sheet_by_name(name), sheet_signs)
        self._collector.flush()
        return self._notes

    def _scan(self, known: list[str]) -> dict[str, SheetSigns]:
        if self._sent.media_type == "xls":
            self._note(
                "OLD_WORKBOOK",
                "The workbook is of an old form, in which errors in cells are read as blanks and "
                "hidden rows are not seen; save it as .xlsx to have them told.",
            )
        if self._sent.media_type in ("xls", "ods"):
            return self._signs
        return scan_sheets(self._sent, {name: self._tolerated[fold(name)] for name in known})

    def _known_sheets(self, workbook: CalamineWorkbook) -> list[str]:
        """The sheets that are tables."""
        known = [name for name in workbook.sheet_names if fold(name) in self._tolerated]
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

    def _read_sheet(self, name: str, sheet: CalamineSheet, signs: SheetSigns) -> None:
        end = sheet.end
        if end is not None and end[0] + 1 >= MOST_ROWS.get(self._sent.media_type, MOST_XLSX_ROWS):
            self._note("FULL_SHEET", f"The sheet '{name}' is full; rows may have been cut off.")
        merged = signs.merged or sheet.merged_cell_ranges or ()
        rows = SheetRows(self._sent.name, name, self._ruleset, self._collector)
        self._notes += rows.read(sheet, merged)
