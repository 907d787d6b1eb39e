"""A workbook that a council can fill in and send: a sheet for each table of a return."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lgdp.contracts.column import Column
from lgdp.contracts.contract import Contract
from lgdp.contracts.heading import fold
from lgdp.contracts.period import Period
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.table import TableSpec
from lgdp.contracts.window import Deadlines, deadlines_of
from lgdp.errors import UsageError
from lgdp.reports.codes_sheet import write_codes
from lgdp.reports.expected import example_of, form_of
from lgdp.reports.guidance_sheet import write_guidance
from lgdp.reports.table_sheet import write_table
from lgdp.reports.template_parts import TemplateColumn, TemplateTable
from lgdp.reports.workbook import open_workbook

LONGEST_NAME = 31
"""Characters of a worksheet's name."""


@dataclass(frozen=True)
class Template:
    """What a template is of. `codes` are the lists that its columns use, code to label."""

    return_name: str
    title: str
    body: str
    period: str
    deadlines: Deadlines
    tables: tuple[TemplateTable, ...]
    codes: dict[str, dict[str, str]]

    def free_name(self, wanted: str) -> str:
        """A name for a sheet of ours that no table's sheet has."""
        taken = {fold(table.sheet) for table in self.tables}
        while fold(wanted) in taken:
            wanted = f"About {wanted}"
        return wanted


def make_template(contract: Contract, period: Period) -> Template:
    """The template of a return for a period.

    Raises UsageError for a return that is not sent as a workbook, and for a table whose sheet no
    workbook can have.
    """
    about = contract.statutory_return
    if "xlsx" not in about.formats:
        forms = " or ".join(name.upper() for name in about.formats)
        raise UsageError(
            f"{contract.name} is sent as {forms}, not as a workbook, so there is no template of it"
        )
    ruleset = contract.ruleset(period)
    return Template(
        return_name=contract.name,
        title=about.title,
        body=about.body,
        period=period.text,
        deadlines=deadlines_of(about.window, period),
        tables=tuple(_table(table, ruleset) for table in ruleset.spec.tables),
        codes=ruleset.codes,
    )


def write_template(template: Template, path: Path) -> None:
    """Write the workbook; the guidance comes first, the codes last."""
    title = f"{template.title}, {template.period}"
    with open_workbook(path, title, constant_memory=False) as book:
        write_guidance(template, book, template.free_name("Guidance"))
        sheets = [book.add_worksheet(table.sheet) for table in template.tables]
        codes = template.free_name("Codes")
        if template.codes:
            write_codes(template, book, codes)
        for sheet, table in zip(sheets, template.tables, strict=True):
            write_table(table, book, sheet, codes)


def _table(table: TableSpec, ruleset: Ruleset) -> TemplateTable:
    sheet = table.sheet or table.name
    if len(sheet) > LONGEST_NAME:
        raise UsageError(
            f"no sheet can be named '{sheet}': a workbook takes {LONGEST_NAME} characters. Give "
            f"the table {table.name} a shorter 'sheet' in the contract"
        )
    return TemplateTable(
        name=table.name,
        sheet=sheet,
        title=table.title,
        columns=tuple(_column(column, table, ruleset) for column in table.columns),
    )


def _column(column: Column, table: TableSpec, ruleset: Ruleset) -> TemplateColumn:
    codes = ruleset.codes[column.codes] if column.codes else None
    return TemplateColumn(
        column=column,
        is_needed=column.required or column.name in table.key,
        is_key=column.name in table.key,
        form=form_of(column, codes, "The last sheet"),
        example=example_of(column, codes),
    )
