"""What else is wrong with a file that was refused because it is none of the return's tables.

That refusal comes early; a sender who mends it should not find the next defect afterwards. So the
file is looked at by itself, for defects that it has whatever table it is.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator

from python_calamine import CalamineError, CalamineWorkbook

from lgdp.contracts.heading import fold
from lgdp.errors import FileRejected
from lgdp.intake.delimited import line_notes, text_notes
from lgdp.intake.dialect import DELIMITERS
from lgdp.intake.encoding import TextFacts, scan_text
from lgdp.intake.finding import Finding
from lgdp.intake.json_value import defect_of
from lgdp.intake.json_window import LONGEST, JsonWindow
from lgdp.intake.old_workbook import require_openable
from lgdp.intake.panic import refused_if_it_panics
from lgdp.intake.quotation import find_unclosed
from lgdp.intake.refusal import damaged
from lgdp.intake.sent_file import SentFile
from lgdp.intake.sheet_parts import scan_sheets
from lgdp.intake.text_stream import Utf8Stream, read_lines
from lgdp.intake.xml import require_well_formed

ANOTHER_S = (
    "UNRECOGNISED",
    "AMBIGUOUS",
    "MISSING_COLUMN",
    "WRONG_ROOT",
    "WRONG_NAMESPACE",
    "NOT_EXPECTED_XML",
    "NO_SHEET",
    "NOT_RECORDS",
    "FORMAT_NOT_ACCEPTED",
)
"""Refusals that say nothing of the file's own state."""
LOOKED_AT = 4 << 20
"""Bytes of text, and of a workbook, that are looked at."""
MOST_SHOWN = 5


def further_defects(sent: SentFile, code: str) -> Iterator[Finding]:
    """Findings beside the refusal with that code; nothing if it was the file's own state."""
    look = _LOOKS.get(sent.media_type)
    if look is None or code not in ANOTHER_S:
        return
    try:
        yield from look(sent)
    except FileRejected as error:
        yield Finding(sent.name, error.code, "critical", error.message, row=error.row)


def _look_at_text(sent: SentFile) -> Iterator[Finding]:
    facts = scan_text(sent.path)
    yield from text_notes(sent.name, facts, None)
    yield from line_notes(sent.name, facts, None)
    with Utf8Stream(sent.path, facts) as stream:
        text = stream.read(LOOKED_AT).decode("utf-8", errors="replace")
    delimiter = max(DELIMITERS, key=lambda each: _regularity(text, each))
    records = list(_records(text, delimiter))
    yield from _header_defects(sent.name, records)
    yield from _record_defects(sent.name, records)
    if facts.nul:
        yield Finding(sent.name, "NUL_BYTE", "critical", "The file holds NUL bytes.")
    yield from _quote_defects(sent, facts, delimiter)


def _regularity(text: str, delimiter: str) -> tuple[int, int]:
    """How many records have the most common number of fields above one, and which that is."""
    widths = Counter(len(record) for record in _records(text, delimiter) if len(record) > 1)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return count, width


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from (record for record in reader if record)
    except csv.Error:
        return


def _header_defects(file: str, records: list[list[str]]) -> Iterator[Finding]:
    headings = [fold(heading) for heading in records[0]] if records else []
    twice = sorted(text for text, count in Counter(headings).items() if count > 1 and text)
    if twice:
        message = f"The first row has more than once: {', '.join(twice[:MOST_SHOWN])}."
        yield Finding(file, "DUPLICATE_HEADER", "critical", message)
    blank = [place for place, text in enumerate(headings, start=1) if not text]
    if blank:
        places = ", ".join(map(str, blank[:MOST_SHOWN]))
        message = f"The first row has no heading in column {places}."
        yield Finding(file, "BLANK_HEADING", "info", message)
    if any(cell != cell.strip() and cell.strip() for cell in (records[0] if records else ())):
        message = "Headings in the first row have white space around them."
        yield Finding(file, "HEADING_SPACES", "info", message)


def _record_defects(file: str, records: list[list[str]]) -> Iterator[Finding]:
    width = len(records[0]) if records else 0
    few = [at for at, record in enumerate(records) if len(record) < width]
    many = [at for at, record in enumerate(records) if len(record) > width]
    sides = (("TOO_FEW_FIELDS", "fewer", few), ("TOO_MANY_FIELDS", "more", many))
    for code, side, odd in sides:
        if odd:
            shown = ", ".join(str(at) for at in odd[:MOST_SHOWN])
            more = ", …" if len(odd) > MOST_SHOWN else ""
            message = f"Records below the first row have {side} fields than its {width}: "
            yield Finding(file, code, "critical", f"{message}{shown}{more}.", row=odd[0])
    empty = sum(not any(cell.strip() for cell in record) for record in records[1:])
    if empty:
        message = f"Records hold no value at all ({empty:,}), only delimiters."
        yield Finding(file, "BLANK_ROWS", "info", message)


def _quote_defects(sent: SentFile, facts: TextFacts, delimiter: str) -> Iterator[Finding]:
    lines = read_lines(sent.path, facts, 0, LOOKED_AT)
    record = find_unclosed(lines, delimiter, LOOKED_AT)
    if record is not None:
        message = f'A quotation mark (") is opened in row {record:,} of the file and not closed.'
        yield Finding(sent.name, "UNCLOSED_QUOTE", "critical", message, row=record)


def _look_at_json(sent: SentFile) -> Iterator[Finding]:
    if sent.size > LONGEST:
        return
    facts = scan_text(sent.path)
    yield from text_notes(sent.name, facts, None)
    found: Counter[str] = Counter()
    with (
        io.BufferedReader(Utf8Stream(sent.path, facts)) as raw,
        io.TextIOWrapper(raw, encoding="utf-8", errors="replace", newline="") as text,
    ):
        window = JsonWindow(text.read)
        if window.take("["):
            for _ in window.items():
                found[defect_of(window.decode().value, bool(facts.bad_bytes)) or ""] += 1
            if window.peek():
                raise window.not_well_formed("Extra data")
        while window.peek():
            found[defect_of(window.decode().value, bool(facts.bad_bytes)) or ""] += 1
    for code, count in sorted(found.items()):
        if code:
            message = f"Values have this defect: {code} ({count:,})."
            yield Finding(sent.name, code, "critical", message)


def _look_at_xml(sent: SentFile) -> Iterator[Finding]:
    require_well_formed(sent)
    yield from ()


def _look_at_workbook(sent: SentFile) -> Iterator[Finding]:
    """Sheets that can't be opened, whatever they are called."""
    if sent.size > LOOKED_AT:
        return
    if sent.media_type == "xls":
        require_openable(sent)
    try:
        with sent.path.open("rb") as stream, refused_if_it_panics():
            workbook = CalamineWorkbook.from_filelike(stream)
            if sent.media_type == "xlsx":
                scan_sheets(sent, dict.fromkeys(workbook.sheet_names, ()))
            for name in workbook.sheet_names:
                workbook.get_sheet_by_name(name)
    except CalamineError as error:
        raise damaged() from error
    yield from ()


_LOOKS: dict[str, Callable[[SentFile], Iterator[Finding]]] = {
    "csv": _look_at_text,
    "json": _look_at_json,
    "xml": _look_at_xml,
    "xlsx": _look_at_workbook,
    "xls": _look_at_workbook,
}
