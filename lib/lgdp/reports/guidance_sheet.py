"""The first sheet of a template: how it is filled in, and what every column takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xlsxwriter

from lgdp.reports.table_sheet import NEEDED
from lgdp.reports.template_parts import TemplateColumn, TemplateTable
from lgdp.reports.wording import day_words
from lgdp.reports.workbook import height_of, set_print

if TYPE_CHECKING:
    from lgdp.reports.template import Template

WIDTHS = (26, 28, 28, 40, 60, 18)
HEADINGS = ("Sheet", "Column", "Must be filled in", "What it holds", "What is accepted", "Example")


def write_guidance(template: Template, book: xlsxwriter.Workbook, name: str) -> None:
    """Write how to fill the workbook in, then a line for each column of each sheet."""
    _Guidance(template, book, name).write()


class _Guidance:
    def __init__(self, template: Template, book: xlsxwriter.Workbook, name: str) -> None:
        self._template, self._row = template, 0
        self._sheet = book.add_worksheet(name)
        self._sheet.hide_gridlines(2)
        for place, width in enumerate(WIDTHS):
            self._sheet.set_column(place, place, width)
        base = {"valign": "top", "text_wrap": True}
        grid = {**base, "border": 1, "border_color": "#D9D9D9"}
        self._title = book.add_format({**base, "bold": True, "font_size": 16})
        self._text = book.add_format(base)
        self._head = book.add_format(
            {**grid, "bold": True, "font_color": "white", "bg_color": NEEDED}
        )
        self._cell = book.add_format({**grid, "num_format": "@"})
        self._strong = book.add_format({**grid, "bold": True})
        self._sheet_name = book.add_format({**grid, "bold": True, "bg_color": "#E8EDF2"})

    def write(self) -> None:
        template = self._template
        self._across(f"{template.title}, {template.period}", self._title, 16)
        for text in _instructions(template):
            self._across(text, self._text)
        self._row += 1
        for place, heading in enumerate(HEADINGS):
            self._sheet.write_string(self._row, place, heading, self._head)
        self._row += 1
        for table in template.tables:
            self._table(table)
        set_print(self._sheet)

    def _table(self, table: TemplateTable) -> None:
        title = f"{table.sheet}: {table.title}" if table.title else table.sheet
        self._sheet.merge_range(self._row, 0, self._row, len(WIDTHS) - 1, "", self._sheet_name)
        self._sheet.write_string(self._row, 0, title, self._sheet_name)
        self._row += 1
        for column in table.columns:
            self._column(table, column)

    def _column(self, table: TemplateTable, column: TemplateColumn) -> None:
        own = column.column
        cells = (
            table.sheet,
            own.name,
            ("yes: says which record it is" if column.is_key else "yes")
            if column.is_needed
            else "",
            own.description,
            column.form,
            column.example,
        )
        heights = (height_of(text, width) for text, width in zip(cells, WIDTHS, strict=True))
        self._sheet.set_row(self._row, max(heights))
        for place, text in enumerate(cells):
            look = self._strong if place == 1 and column.is_needed else self._cell
            self._sheet.write_string(self._row, place, text, look)
        self._row += 1

    def _across(self, text: str, look: object, size: float = 11) -> None:
        self._sheet.set_row(self._row, height_of(text, sum(WIDTHS), size) + 3)
        self._sheet.merge_range(self._row, 0, self._row, len(WIDTHS) - 1, "", look)
        self._sheet.write_string(self._row, 0, text, look)
        self._row += 1


def _instructions(template: Template) -> tuple[str, ...]:
    dates = template.deadlines
    return (
        f"Asked for by {template.body}. Due on {day_words(dates.due)}; taken, as late, until "
        f"{day_words(dates.locked)}.",
        "1. Write one record in each row of a sheet, from the second row on. Leave the first row, "
        "the order of the columns and the names of the sheets as they are.",
        "2. A dark heading means that every row needs a value there. A pale one may stay blank. "
        "Put the pointer on a heading to see what the column takes; all of it is listed below.",
        "3. Where a column takes codes, choose one from the list that opens in the cell. The sheet "
        f"{template.free_name('Codes')} says what they mean. When you paste, paste values only.",
        "4. If there is nothing to report on a sheet, leave it as it is.",
        "5. Check the workbook before you send it: lgdp precheck FILE.xlsx --return "
        f"{template.return_name} --period {template.period} --council “your council”",
    )
