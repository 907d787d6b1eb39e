"""One sheet of a template: headings with guidance, formats, and drop-downs below them."""

from __future__ import annotations

from datetime import date
from typing import Any

import xlsxwriter

from lgdp.contracts.column import Column
from lgdp.reports.template_parts import TemplateColumn, TemplateTable, codes_name
from lgdp.reports.workbook import set_print

LAST_ROW = 1_048_575
FIRST_DAY, LAST_DAY = date(1900, 3, 1), date(2099, 12, 31)
"""Days that a workbook counts rightly and the checks accept."""
NARROWEST, WIDEST = 12, 40
NEEDED, FREE = "#1F4E79", "#D6E4F0"
TEXT = "@"
"""The format that keeps zeros in front of a code."""


def write_table(
    table: TemplateTable, book: xlsxwriter.Workbook, sheet: Any, codes_sheet: str
) -> None:
    """Write the headings in the first row; every row below them takes what a column takes."""
    head = {"bold": True, "border": 1, "border_color": "#FFFFFF", "valign": "vcenter"}
    needed = book.add_format({**head, "font_color": "white", "bg_color": NEEDED})
    free = book.add_format({**head, "font_color": "#1D2733", "bg_color": FREE})
    for place, column in enumerate(table.columns):
        width = max(NARROWEST, min(WIDEST, len(column.column.name) + 4))
        look = book.add_format({"num_format": _number_format(column.column)})
        sheet.set_column(place, place, width, look)
        sheet.write_string(0, place, column.column.name, needed if column.is_needed else free)
        comment = _comment(column)
        lines = sum(1 + len(line) // 38 for line in comment.splitlines())
        size = {"width": 260, "height": 18 * lines + 12}
        sheet.write_comment(0, place, comment, {"author": "lgdp", **size})
        if rule := _validation(column, codes_sheet):
            sheet.data_validation(1, place, LAST_ROW, place, rule)
    set_print(sheet)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 24)


def _comment(column: TemplateColumn) -> str:
    """What is said of a column when the pointer is on its heading."""
    about = column.column.description
    lines = [
        column.column.name + (f": {about}" if about else ""),
        f"{column.need}.",
        f"{column.form}.",
    ]
    return "\n".join(lines)


def _number_format(column: Column) -> str:
    """How cells of a column are shown; what is no number or day is kept as text."""
    kind = column.type.partition("(")[0]
    if column.codes or kind not in ("date", "datetime", "integer", "decimal"):
        return TEXT
    if kind == "integer":
        return "0"
    if kind == "decimal":
        scale = column.decimal[1] if column.decimal else 0
        return f"0.{'0' * scale}" if scale else "0"
    return excel_pattern(column.accepted_formats[0])


def excel_pattern(pattern: str) -> str:
    """A date pattern of a contract as a workbook writes it.

    >>> excel_pattern("dd/MM/yyyy"), excel_pattern("yyyy-MM-dd'T'HH:mm:ss")
    ('dd/mm/yyyy', 'yyyy-mm-dd"T"hh:mm:ss')
    """
    return pattern.replace("'", '"').replace("M", "m").replace("HH", "hh")


def _validation(column: TemplateColumn, codes_sheet: str) -> dict[str, Any] | None:
    """What Excel is told to refuse; null for text, of which anything may be written."""
    own = column.column
    kind = own.type.partition("(")[0]
    rule: dict[str, Any]
    if own.codes:
        rule = {"validate": "list", "source": f"={codes_name(own.codes)}"}
        message = f"Choose one of the codes of {own.name}. The sheet {codes_sheet} has them all."
    elif kind == "yes_no":
        rule = {"validate": "list", "source": [own.words.yes[0], own.words.no[0]]}
        message = f"Choose {own.words.yes[0]} or {own.words.no[0]}."
    elif kind in ("date", "datetime"):
        rule = {"validate": "date", "criteria": "between"}
        rule |= {"minimum": FIRST_DAY, "maximum": LAST_DAY}
        message = f"Write a date, such as {column.example}."
    elif kind in ("integer", "decimal"):
        rule = {"validate": kind, "criteria": "between", "minimum": -1e15, "maximum": 1e15}
        message = f"Write a number, such as {column.example}."
    else:
        return None
    soft = own.codes is not None and own.severity.get("codes", "critical") != "critical"
    kind_of_stop = "warning" if soft else "stop"
    about = {"error_title": "Not accepted", "error_message": message, "error_type": kind_of_stop}
    return {**rule, **about, "ignore_blank": True}
