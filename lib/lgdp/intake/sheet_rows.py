"""The rows of one sheet: its header, wherever that is, and the records below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from python_calamine import CalamineSheet

from lgdp.contracts.ruleset import Ruleset
from lgdp.intake.cell import cell_text
from lgdp.intake.finding import Finding
from lgdp.intake.header import HeaderMatch
from lgdp.intake.header_search import ENOUGH, guess_header, header_notes, require_header
from lgdp.intake.merged_cells import MergedCells, Range
from lgdp.intake.row_collector import RowCollector
from lgdp.intake.totals import DEFECT, TotalsWatch
from lgdp.intake.wide_rows import WideRows, is_wide

Row = tuple[int, Sequence[object]]
"""How many blank rows come before a row, and its cells."""


class SheetRows:
    """Reads one sheet of a workbook into the collector."""

    def __init__(self, file: str, name: str, ruleset: Ruleset, collector: RowCollector) -> None:
        self._file, self._name = file, name
        self._ruleset, self._collector = ruleset, collector

    def read(self, sheet: CalamineSheet, ranges: Iterable[Range]) -> Iterator[Finding]:
        """Collect the rows; what there is to say of them comes back.

        Raises FileRejected as `require_header` does.
        """
        merged = MergedCells(ranges, sheet.start[1] if sheet.start else 0)
        rows = _filled(merged.fill(at, cells) for at, cells in enumerate(sheet.iter_rows()))
        top = list(islice(rows, ENOUGH))
        if not top:
            yield self._note("EMPTY_SHEET", "The sheet is empty, not even a header is in it.")
            return
        guess = guess_header([_heading_texts(cells) for _, cells in top], self._ruleset, self._name)
        place = require_header(guess, self._ruleset, self._name)
        yield from header_notes(self._file, place)
        records = chain(top[place.above + place.rows :], rows)
        yield from self._records(records, place.match)
        if merged.filled:
            yield self._note(
                "MERGED_CELLS",
                f"Cells are merged over several rows; each of them was given the value "
                f"({merged.filled:,} cells).",
            )

    def _note(self, code: str, message: str) -> Finding:
        return Finding(self._file, code, "info", f"In sheet '{self._name}': {message}")

    def _records(self, rows: Iterable[Row], match: HeaderMatch) -> Iterator[Finding]:
        columns = [match.table.column(name) if name else None for name in match.columns]
        wide = WideRows(match) if is_wide(match) else None
        totals = TotalsWatch(match, self._ruleset.spec.around)
        blank = 0
        for (before, cells), is_last in _with_last(rows):
            blank += before
            number = self._collector.next_number(match.table)
            texts = [
                cell_text(cell, columns[place] if place < len(columns) else None)
                for place, cell in enumerate(cells)
            ]
            if wide is not None:
                for row in wide.rows(number, texts):
                    self._collector.put(match.table, number, row)
            elif not is_last or not totals.leaves_out(number, texts):
                row = _record(texts, match)
                if is_last and totals.is_total(texts):
                    row["_defect"] = DEFECT
                self._collector.put(match.table, number, row)
        yield from wide.notes(self._file) if wide else totals.notes(self._file)
        if blank:
            yield self._note("BLANK_ROWS", f"Blank rows are among the records ({blank:,}).")


def _filled(rows: Iterable[Sequence[object]]) -> Iterator[Row]:
    """Rows that are not blank, each with the number of blank ones just before it."""
    blank = 0
    for cells in rows:
        if all(cell == "" for cell in cells):
            blank += 1
        else:
            yield blank, cells
            blank = 0


def _with_last(rows: Iterable[Row]) -> Iterator[tuple[Row, bool]]:
    """Each row, and whether it is the last."""
    before: Row | None = None
    for row in rows:
        if before is not None:
            yield before, False
        before = row
    if before is not None:
        yield before, True


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
