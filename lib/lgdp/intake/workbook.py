"""XLSX workbooks to bronze rows: the declared sheets, header in the first row, cached values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from lgdp.config import Limits
from lgdp.contracts.heading import fold
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import FileRejected
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.cell import cell_text
from lgdp.intake.finding import FileRead, Finding
from lgdp.intake.header import HeaderMatch, named, require_match
from lgdp.intake.row_collector import RowCollector
from lgdp.intake.sent_file import SentFile
from lgdp.intake.sheet_parts import check_sheets
from lgdp.intake.unpacking import check_unpacked

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
        sheets = {fold(table.sheet or table.name) for table in self._ruleset.spec.tables}
        known = [name for name in workbook.sheet_names if fold(name) in sheets]
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
        check_sheets(self._sent, known)
        for name in known:
            self._read_sheet(name, workbook)
        self._collector.flush()
        return self._notes

    def _note(self, code: str, message: str) -> None:
        self._notes.append(Finding(self._sent.name, code, "info", message))

    def _read_sheet(self, name: str, workbook: CalamineWorkbook) -> None:
        sheet = workbook.get_sheet_by_name(name)
        rows = iter(sheet.iter_rows())
        header = [str(cell) for cell in next(rows, [])]
        while header and not header[-1].strip():
            header.pop()
        if not header and sheet.height <= 1:
            self._note("EMPTY_SHEET", f"The sheet '{name}' is empty, not even a header is in it.")
            return
        if sheet.start is not None and sheet.start[0] + sheet.height >= MOST_ROWS:
            self._note("FULL_SHEET", f"The sheet '{name}' is full; rows may have been cut off.")
        match = require_match(named(header), self._ruleset, name)
        for record in _records(rows, match):
            self._collector.add(match.table, record)


def _records(rows: Iterator[Sequence[object]], match: HeaderMatch) -> Iterator[dict[str, Any]]:
    columns = [match.table.column(name) if name else None for name in match.columns]
    for cells in rows:
        if all(cell == "" for cell in cells):
            continue
        record: dict[str, Any] = {}
        extra = []
        for place, cell in enumerate(cells):
            column = columns[place] if place < len(columns) else None
            text = cell_text(cell, column)
            if column is not None:
                record[column.name] = text
            elif text is not None:
                known = place < len(match.headings)
                extra.append((match.headings[place] if known else f"column {place + 1}", text))
        if extra:
            record["_extra"] = extra
        yield record
