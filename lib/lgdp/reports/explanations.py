"""Reading back a workbook in which an officer has written explanations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from lgdp.config import Limits
from lgdp.errors import FileRejected, UsageError
from lgdp.intake.panic import refused_if_it_panics
from lgdp.intake.sent_file import look_at
from lgdp.intake.sheet_parts import scan_sheets
from lgdp.intake.unpacking import check_unpacked
from lgdp.ledger.standing import Explanation
from lgdp.reports.columns import ANSWER, REFERENCE
from lgdp.reports.error_report import SECTIONS

RETURNED = Limits(
    field_bytes=1,
    columns=1,
    xml_depth=1,
    sheet_bytes=1 << 29,
    compression_ratio=1000,
    check_memory="1GB",
    failures_per_rule=1,
)
"""How large a report may be that comes back. One says the same many times, and packs well."""


def read_explanations(path: Path) -> list[Explanation]:
    """The explanations in a report that was filled in, in its order; blank ones are left out.

    Raises UsageError for a file that is no such report, and for one whose hidden column of
    references is gone.
    """
    rows = _rows(path)
    header = next((index for index, row in enumerate(rows) if ANSWER in row), None)
    if header is None or REFERENCE not in rows[header]:
        raise UsageError(
            f"the sheet '{SECTIONS['warning']}' of '{path.name}' needs the columns '{ANSWER}' and "
            f"'{REFERENCE}' (hidden) as they were written; fill in the report anew"
        )
    return list(_explanations(rows[header], rows[header + 1 :]))


def _rows(path: Path) -> list[list[str]]:
    """The rows of the sheet that is filled in; it comes from outside, so it is measured first."""
    name = SECTIONS["warning"]
    try:
        sent = look_at(path)
        check_unpacked(sent, RETURNED)
        scan_sheets(sent, {name: ()})
        with refused_if_it_panics():
            sheet = CalamineWorkbook.from_path(path).get_sheet_by_name(name)
            return [[str(cell).strip() for cell in row] for row in sheet.iter_rows()]
    except (CalamineError, FileRejected, OSError) as error:
        raise UsageError(
            f"'{path.name}' can't be read as an error report: it has to be the .xlsx workbook that "
            f"'lgdp report' wrote, with its sheet '{name}'"
        ) from error


def _explanations(header: list[str], rows: list[list[str]]) -> Iterator[Explanation]:
    for cells in rows:
        row = dict(zip(header, cells, strict=False))
        text, reference = row[ANSWER], row[REFERENCE]
        if not text or not reference:
            continue
        if reference.startswith("rule|"):
            _, table, code, _ = reference.split("|", 3)
            yield Explanation(text=text, code=code, table=table or None)
        else:
            yield Explanation(text=text, failure=reference)
