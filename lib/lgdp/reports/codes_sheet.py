"""The last sheet of a template: every code list, with what each code means."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import xlsxwriter

from lgdp.reports.plain_text import fitted
from lgdp.reports.template_parts import codes_name
from lgdp.reports.workbook import set_print

if TYPE_CHECKING:
    from lgdp.reports.template import Template

HEADINGS = (("Code list", 30), ("Code", 16), ("Meaning", 70), ("Used for", 50))


def write_codes(template: Template, book: xlsxwriter.Workbook, name: str) -> None:
    """Write the lists one below the other, and name the codes of each for the drop-downs."""
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#E8EDF2", "border": 1})
    plain = book.add_format({"valign": "top", "text_wrap": True})
    text = book.add_format({"valign": "top", "num_format": "@"})
    for place, (heading, width) in enumerate(HEADINGS):
        sheet.set_column(place, place, width, text if heading == "Code" else plain)
        sheet.write_string(0, place, heading, head)
    users = _users(template)
    row = 1
    for code_list, codes in sorted(template.codes.items()):
        first = row
        for code, label in codes.items():
            sheet.write_string(row, 0, code_list, plain)
            sheet.write_string(row, 1, code, text)
            sheet.write_string(row, 2, fitted(label), plain)
            sheet.write_string(row, 3, ", ".join(users[code_list]), plain)
            row += 1
        # A list without a code has a blank one, so that its name means something.
        row += not codes
        where = f"='{name}'!$B${first + 1}:$B${row}"
        book.define_name(codes_name(code_list), where)
    set_print(sheet)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row - 1, 1), len(HEADINGS) - 1)


def _users(template: Template) -> dict[str, list[str]]:
    """By list, the columns that take its codes."""
    users: dict[str, list[str]] = defaultdict(list)
    for table in template.tables:
        for column in table.columns:
            if column.column.codes:
                users[column.column.codes].append(f"{table.sheet}: {column.column.name}")
    return users
