"""The error report as a workbook: the verdict first, then a sheet for each severity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from lgdp.contracts.column import Severity
from lgdp.reports.columns import ANSWER, BECAUSE, REFERENCE, Heading, cells_of, headings_of
from lgdp.reports.error_report import SECTIONS, ErrorReport, RuleLine
from lgdp.reports.plain_text import fitted, is_risky
from lgdp.reports.summary_sheet import write_summary
from lgdp.reports.workbook import height_of, open_workbook, set_print

TABS: dict[Severity, str] = {"critical": "#B3261E", "warning": "#B26A00", "info": "#2F6FA7"}

HEAD = 31
"""Points of the row of headings: two lines."""


def write_xlsx(report: ErrorReport, path: Path) -> None:
    """Write the workbook, row by row: memory does not grow with the number of failures."""
    with open_workbook(path, report.title) as book:
        write_summary(report, book)
        for severity, name in SECTIONS.items():
            sheet = book.add_worksheet(name)
            sheet.set_tab_color(TABS[severity])
            _SectionSheet(book, sheet, severity).write(report)


class _SectionSheet:
    def __init__(self, book: xlsxwriter.Workbook, sheet: Any, severity: Severity) -> None:
        self._sheet, self._severity = sheet, severity
        self._headings = headings_of(severity)
        look = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#D9D9D9"}
        head = {**look, "bold": True, "font_color": "white", "bg_color": TABS[severity]}
        self._head = book.add_format(head)
        self._plain = book.add_format(look)
        self._place = book.add_format({**look, "align": "center"})
        # Should someone edit the cell, it still is a text and no formula.
        self._quoted = book.add_format({**look, "quote_prefix": True})
        self._rule = book.add_format({**look, "bg_color": "#F2F2F2", "italic": True})
        self._answer = book.add_format({**look, "bg_color": "#FFF9DB", "locked": False})

    def write(self, report: ErrorReport) -> None:
        """Write all lines of the section, the columns as wide as their content needs."""
        self._widths = self._set_widths(report)
        self._sheet.set_row(0, HEAD)
        for place, heading in enumerate(self._headings):
            self._sheet.write_string(0, place, heading.text, self._head)
        row = 0
        for row, line in enumerate(report.lines(self._severity), start=1):
            self._write_line(row, cells_of(line), isinstance(line, RuleLine))
        if not row:
            self._sheet.write_string(1, 0, "Nothing.", self._plain)
        self._sheet.autofilter(0, 0, max(row, 1), len(self._headings) - 1)
        self._sheet.freeze_panes(1, 2)
        set_print(self._sheet)

    def _write_line(self, row: int, cells: dict[str, str | int], is_rule: bool) -> None:
        plain = self._rule if is_rule else self._plain
        self._sheet.set_row(row, self._height(cells))
        for place, heading in enumerate(self._headings):
            value = cells.get(heading.text, "")
            if heading.text == ANSWER:
                self._sheet.write_blank(row, place, None, self._answer)
            elif isinstance(value, int):
                self._sheet.write_number(row, place, value, self._place)
            else:
                text = fitted(value)
                look = self._quoted if is_risky(text) else plain
                look = self._place if heading.text == "Column" and not is_rule else look
                self._sheet.write_string(row, place, text, look)

    def _height(self, cells: dict[str, str | int]) -> float:
        return max(
            height_of(str(cells.get(heading.text, "")), width)
            for heading, width in zip(self._headings, self._widths, strict=True)
            if heading.text != REFERENCE
        )

    def _set_widths(self, report: ErrorReport) -> list[int]:
        """The widths of the columns; those of no use to a reader are hidden."""
        longest = {heading.text: len(heading.text) + 3 for heading in self._headings}
        used: set[str] = set()
        for line in report.lines(self._severity):
            if isinstance(line, RuleLine):
                continue
            for name, value in cells_of(line).items():
                longest[name] = max(longest.get(name, 0), len(str(value)) + 2)
                used |= {name} if value else set()
        widths = [_between(heading, longest[heading.text]) for heading in self._headings]
        for place, heading in enumerate(self._headings):
            is_hidden = heading.text == REFERENCE or {heading.text} - used == {BECAUSE}
            self._sheet.set_column(place, place, widths[place], None, {"hidden": is_hidden})
        return widths


def _between(heading: Heading, width: int) -> int:
    return max(heading.least, min(heading.most, width))
