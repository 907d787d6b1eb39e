"""XLSX workbooks to bronze rows: the declared sheets, header in the first row, cached values."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

from lgdp.config import Limits
from lgdp.contracts.column import Column
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import FileRejected
from lgdp.intake.bronze import BronzeSink, row_batch
from lgdp.intake.finding import FileRead, Finding
from lgdp.intake.header import HeaderMatch, fold, require_match
from lgdp.intake.sent_file import SentFile

ROWS_AT_ONCE = 20_000
STRFTIME = (("yyyy", "%Y"), ("MMM", "%b"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("mm", "%M"))


def read_workbook(sent: SentFile, ruleset: Ruleset, limits: Limits, sink: BronzeSink) -> FileRead:
    """Write the rows of the declared sheets to the sink; other sheets are noted.

    A sheet is a table's if it has the table's name or declared sheet name. Raises FileRejected:
    ARCHIVE_TOO_LARGE, UNREADABLE, NO_SHEET, or what the header of a sheet is refused for.
    """
    _check_unpacked(sent, limits)
    try:
        workbook = CalamineWorkbook.from_path(str(sent.path))
        sheets = {fold(table.sheet or table.name): table for table in ruleset.spec.tables}
        known = [name for name in workbook.sheet_names if fold(name) in sheets]
        if not known:
            raise FileRejected(
                "NO_SHEET",
                f"No sheet is named like a table of {ruleset.return_name}; expected "
                f"{', '.join(table.sheet or table.name for table in ruleset.spec.tables)}.",
            )
        for name in known:
            _read_sheet(sent, name, workbook, ruleset, sink)
    except CalamineError as error:
        raise FileRejected(
            "UNREADABLE", "The workbook can't be opened; save it again as .xlsx without a password."
        ) from error
    return FileRead(
        tuple(
            Finding(sent.name, "OTHER_SHEET", "info", f"The sheet '{name}' is not in the return.")
            for name in workbook.sheet_names
            if name not in known
        )
    )


def _check_unpacked(sent: SentFile, limits: Limits) -> None:
    with zipfile.ZipFile(sent.path) as archive:
        unpacked = sum(item.file_size for item in archive.infolist())
    ratio = unpacked / max(sent.size, 1)
    if unpacked > limits.sheet_bytes or ratio > limits.compression_ratio:
        raise FileRejected(
            "ARCHIVE_TOO_LARGE",
            f"The workbook unpacks to {unpacked:,} bytes, {ratio:.0f} times its size; that is "
            "more than is read.",
        )


def _read_sheet(
    sent: SentFile, name: str, workbook: CalamineWorkbook, ruleset: Ruleset, sink: BronzeSink
) -> None:
    rows = iter(workbook.get_sheet_by_name(name).iter_rows())
    header = [str(cell).strip() for cell in next(rows, [])]
    while header and not header[-1]:
        header.pop()
    match = require_match(header, ruleset, name)
    pending: list[dict[str, object]] = []
    for record in _records(rows, match, sent.name):
        pending.append(record)
        if len(pending) >= ROWS_AT_ONCE:
            sink.write(match.table, row_batch(match.table, pending))
            pending = []
    if pending:
        sink.write(match.table, row_batch(match.table, pending))


def _records(
    rows: Iterator[Sequence[object]], match: HeaderMatch, file: str
) -> Iterator[dict[str, object]]:
    columns = [match.table.column(name) if name else None for name in match.columns]
    number = 0
    for cells in rows:
        number += 1
        if all(cell == "" for cell in cells):
            number -= 1
            continue
        record: dict[str, object] = {"_row": number, "_file": file}
        extra = []
        for heading, column, cell in zip(match.headings, columns, cells, strict=False):
            text = _text(cell, column)
            if column is not None:
                record[column.name] = text
            elif text is not None:
                extra.append((heading, text))
        if extra:
            record["_extra"] = extra
        yield record


def _text(cell: object, column: Column | None) -> str | None:
    """A cell as the text it would be in a CSV; dates in the first format the column accepts."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "True" if cell else "False"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | datetime):
        if column is None or column.type not in ("date", "datetime"):
            return cell.isoformat()
        pattern = column.accepted_formats[0]
        for letters, directive in STRFTIME:
            pattern = pattern.replace(letters, directive)
        pattern = pattern.replace("ss", "%S").replace("'", "")
        for letter, part in (("d", cell.day), ("M", cell.month)):
            pattern = pattern if f"%{letter}" in pattern else pattern.replace(letter, str(part))
        return cell.strftime(pattern)
    return str(cell)
