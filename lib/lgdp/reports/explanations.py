"""Reading back a workbook in which an officer has written explanations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from lgdp.errors import UsageError
from lgdp.ledger.standing import Explanation
from lgdp.reports.columns import ANSWER, REFERENCE
from lgdp.reports.error_report import SECTIONS


def read_explanations(path: Path) -> list[Explanation]:
    """The explanations in a report that was filled in, in its order; blank ones are left out.

    Raises UsageError for a file that is no such report, and for one whose hidden column of
    references is gone.
    """
    try:
        workbook = CalamineWorkbook.from_path(path)
        sheet = workbook.get_sheet_by_name(SECTIONS["warning"])
        rows = [[str(cell).strip() for cell in row] for row in sheet.iter_rows()]
    except (CalamineError, OSError) as error:
        raise UsageError(
            f"'{path.name}' can't be read as an error report: it has to be the .xlsx workbook that "
            f"'lgdp report' wrote, with its sheet '{SECTIONS['warning']}'"
        ) from error
    header = next((index for index, row in enumerate(rows) if ANSWER in row), None)
    if header is None or REFERENCE not in rows[header]:
        raise UsageError(
            f"the sheet '{SECTIONS['warning']}' of '{path.name}' needs the columns '{ANSWER}' and "
            f"'{REFERENCE}' (hidden) as they were written; fill in the report anew"
        )
    return list(_explanations(rows[header], rows[header + 1 :]))


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
