"""The first sheet of the report: the verdict in words, the counts, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

import xlsxwriter

from lgdp.contracts.column import Severity
from lgdp.reports.error_report import SECTIONS, ErrorReport
from lgdp.reports.plain_text import fitted
from lgdp.reports.workbook import height_of, set_print

WIDTHS = (22, 22, 54, 11, 11, 11)
"""Characters of the six columns that everything on the sheet is set in."""
RULES_SHOWN = 12
WHITE = {"bold": True, "font_size": 14, "font_color": "white"}
COLOURS = {
    "clean": "#2E7D32",
    "has queries": "#B26A00",
    "has errors": "#B3261E",
    "rejected": "#B3261E",
}

MEANINGS: dict[Severity, str] = {
    "critical": "What has to be right: it keeps rows out, or everything",
    "warning": "What is accepted and looks odd: correct it, or explain it",
    "info": "What is good to know; there is nothing to do",
}
Row = Sequence[str | int | None]


def write_summary(report: ErrorReport, book: xlsxwriter.Workbook) -> None:
    """Write the sheet *Summary*."""
    _Summary(book, report).write()


class _Summary:
    def __init__(self, book: xlsxwriter.Workbook, report: ErrorReport) -> None:
        self._report, self._row = report, 0
        self._sheet = book.add_worksheet("Summary")
        self._sheet.hide_gridlines(2)
        for place, width in enumerate(WIDTHS):
            self._sheet.set_column(place, place, width)
        base = {"valign": "top", "text_wrap": True}
        colour = COLOURS.get(report.verdict, "#333333")
        self._title = book.add_format({**base, "bold": True, "font_size": 16})
        self._verdict = book.add_format({**base, **WHITE, "valign": "vcenter", "bg_color": colour})
        self._text = book.add_format(base)
        self._bold = book.add_format({**base, "bold": True})
        self._part = book.add_format({**base, "bold": True, "font_size": 13, "bottom": 1})
        grid = {**base, "border": 1, "border_color": "#D9D9D9"}
        self._head = book.add_format({**grid, "bold": True, "bg_color": "#E8EDF2"})
        self._cell = book.add_format(grid)
        self._number = book.add_format({**grid, "num_format": "#,##0"})

    def write(self) -> None:
        report = self._report
        self._across(report.title, self._title, 16)
        self._across(f"Verdict: {report.verdict}", self._verdict, 14)
        for text in report.paragraphs:
            self._across(text, self._text)
        self._heading("What to do next")
        for number, step in enumerate(report.steps, start=1):
            self._across(f"{number}. {step}", self._text)
        self._heading("Counts")
        self._table(
            ["Table", "What it holds", None, "Received", "Kept", "Kept out"],
            [
                [line.name, line.title, None, line.rows, line.kept, line.kept_out]
                for line in report.tables
            ],
        )
        self._row += 1
        self._table(
            ["Sheet", "What it has", None, "Failures"],
            [
                [name, MEANINGS[severity], None, report.totals[severity]]
                for severity, name in SECTIONS.items()
            ],
        )
        self._rules()
        self._heading("What was checked")
        for label, text in report.facts:
            self._pair(label, text)
        set_print(self._sheet)

    def _rules(self) -> None:
        rules = self._report.rules
        if not rules:
            return
        self._heading("What occurs most often")
        self._table(
            ["Rule", "Table", "Such as", "Sheet", "Times", "Listed"],
            [
                [
                    rule.code,
                    rule.table,
                    rule.sample,
                    SECTIONS[rule.severity],
                    rule.counted if rule.is_least else rule.times,
                    rule.listed,
                ]
                for rule in rules[:RULES_SHOWN]
            ],
        )
        if len(rules) > RULES_SHOWN:
            self._across(f"and {len(rules) - RULES_SHOWN:,} more rules.", self._text)

    def _heading(self, text: str) -> None:
        self._row += 1
        self._across(text, self._part, 13)

    def _across(self, text: str, look: object, size: float = 11) -> None:
        """One text over all columns, as high as it needs."""
        self._sheet.set_row(self._row, height_of(text, sum(WIDTHS), size) + 3)
        self._merge(0, len(WIDTHS) - 1, text, look)
        self._row += 1

    def _pair(self, label: str, text: str) -> None:
        self._sheet.set_row(self._row, height_of(text, sum(WIDTHS[1:])))
        self._sheet.write_string(self._row, 0, label, self._bold)
        self._merge(1, len(WIDTHS) - 1, text, self._text)
        self._row += 1

    def _merge(self, first: int, last: int, text: str, look: object) -> None:
        self._sheet.merge_range(self._row, first, self._row, last, "", look)
        self._sheet.write_string(self._row, first, fitted(text), look)

    def _table(self, headings: Row, rows: Sequence[Row]) -> None:
        for index, row in enumerate([headings, *rows]):
            self._cells(row, index == 0)

    def _cells(self, row: Row, is_head: bool) -> None:
        """Write cells; one that is null is part of the cell before it."""
        look = self._head if is_head else self._cell
        height = 0.0
        for place, value in enumerate(row):
            last = place + (row[place + 1 : place + 2] == [None])
            width = sum(WIDTHS[place : last + 1])
            height = max(height, height_of(str(value or ""), width))
            if isinstance(value, int):
                self._sheet.write_number(self._row, place, value, self._number)
            elif value is not None and last > place:
                self._merge(place, last, value, look)
            elif value is not None:
                self._sheet.write_string(self._row, place, fitted(value), look)
        self._sheet.set_row(self._row, height)
        self._row += 1
