"""The rows of a workbook's sheets in which records are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import chain, islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from lgdp.config import Limits
from lgdp.contracts.heading import fold
from lgdp.contracts.ruleset import Ruleset
from lgdp.intake.cell import cell_text
from lgdp.intake.header_search import ENOUGH, guess_header, require_header
from lgdp.intake.merged_cells import MergedCells, Range
from lgdp.intake.ods_scan import scan_ods
from lgdp.intake.panic import refused_if_it_panics
from lgdp.intake.sent_file import SentFile
from lgdp.intake.sheet_parts import scan_sheets
from lgdp.intake.sheet_signs import SheetSigns
from lgdp.intake.unpacking import check_unpacked
from lgdp.intake.workbook import tolerated_errors
from lgdp.reports.layout import Layout, layout_of


def workbook_layouts(
    sent: SentFile, ruleset: Ruleset, limits: Limits, records: Collection[int]
) -> list[Layout]:
    """The tables of a workbook, each on its sheet. Raises FileRejected as reading it does."""
    if sent.media_type != "xls":
        check_unpacked(sent, limits)
    tolerated = tolerated_errors(ruleset)
    # What is too large for memory is refused before it is opened, as when it was read.
    signs: Mapping[str, SheetSigns] = scan_ods(sent, tolerated) if sent.media_type == "ods" else {}
    found = []
    try:
        with sent.path.open("rb") as stream, refused_if_it_panics():
            workbook = CalamineWorkbook.from_filelike(stream)
            known = [name for name in workbook.sheet_names if fold(name) in tolerated]
            if sent.media_type == "xlsx":
                signs = scan_sheets(sent, {name: tolerated[fold(name)] for name in known})
            for name in known:
                sheet = workbook.get_sheet_by_name(name)
                merged = (signs.get(name) or SheetSigns()).merged or sheet.merged_cell_ranges or ()
                found += _sheet_layout(sheet, name, merged, ruleset, records)
    except CalamineError:
        return []
    return found


def _sheet_layout(
    sheet: CalamineSheet,
    name: str,
    ranges: Iterable[Range],
    ruleset: Ruleset,
    records: Collection[int],
) -> list[Layout]:
    """The layout of a sheet, none if nothing is in it; rows are counted as they are read."""
    first_column = sheet.start[1] if sheet.start else 0
    merged = MergedCells(ranges, first_column)
    filled = (merged.fill(at, cells) for at, cells in enumerate(sheet.iter_rows()))
    rows = (
        (number, cells)
        for number, cells in enumerate(filled, start=1)
        if any(cell != "" for cell in cells)
    )
    top = list(islice(rows, ENOUGH))
    if not top:
        return []
    texts = [[cell_text(cell, None) or "" for cell in cells] for _, cells in top]
    place = require_header(
        guess_header([_bare(row) for row in texts], ruleset, name), ruleset, name
    )
    below = chain(top[place.above + place.rows :], rows)
    found = {
        record: number for record, (number, _) in enumerate(below, start=1) if record in records
    }
    return [layout_of(place.match, name, first_column, found)]


def _bare(texts: list[str]) -> list[str]:
    """The cells of a row without blank ones at its end."""
    while texts and not texts[-1].strip():
        texts = texts[:-1]
    return texts
