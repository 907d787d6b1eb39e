"""Text of fixed width to bronze rows: every column at the characters that the contract says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lgdp.config import Limits
from lgdp.contracts.fixed import FixedTable
from lgdp.contracts.heading import fold
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.table import TableSpec
from lgdp.errors import FileRejected
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.delimited import text_notes
from lgdp.intake.encoding import REPLACEMENT, scan_text
from lgdp.intake.finding import FileRead
from lgdp.intake.row_collector import RowCollector
from lgdp.intake.sent_file import SentFile
from lgdp.intake.text_stream import read_lines

LONGEST = 1 << 16
Row = dict[str, object]


def read_fixed(sent: SentFile, ruleset: Ruleset, limits: Limits, sink: BronzeSink) -> FileRead:
    """Write the lines of a fixed-width file to the sink.

    A line that is too short or too long, or holds damaged bytes, becomes a row with `_defect` set.
    Raises FileRejected: AMBIGUOUS when the file's name does not say which table it is,
    RECORD_TOO_LONG, VALUE_TOO_LONG.
    """
    table, form = _table_of(sent, ruleset)
    facts = scan_text(sent.path)
    collector = RowCollector(sent.name, limits, sink)
    lines = read_lines(sent.path, facts, 0, LONGEST)
    for number, line in enumerate(lines, start=1):
        if len(line) >= LONGEST:
            raise FileRejected(
                "RECORD_TOO_LONG", f"Line {number:,} has more than {LONGEST:,} characters.", number
            )
        text = line.rstrip("\r\n")
        if number > form.header_lines and text.strip():
            row = _row(form, text, bool(facts.bad_bytes))
            collector.add(table, row)
    collector.flush()
    return FileRead(tuple(text_notes(sent.name, facts, table.name)), facts.encoding)


def _table_of(sent: SentFile, ruleset: Ruleset) -> tuple[TableSpec, FixedTable]:
    tables = list(_fixed_tables(ruleset))
    if len(tables) > 1:
        stem = fold(Path(sent.name).stem)
        named = [(table, form) for table, form in tables if fold(table.name) in stem]
        if len(named) != 1:
            names = ", ".join(table.name for table, _ in tables)
            raise FileRejected(
                "AMBIGUOUS", f"Name the file after the table that it is, one of {names}."
            )
        tables = named
    return tables[0]


def _fixed_tables(ruleset: Ruleset) -> Iterator[tuple[TableSpec, FixedTable]]:
    for table in ruleset.spec.tables:
        if table.fixed is not None:
            yield table, table.fixed


def _row(form: FixedTable, text: str, damaged: bool) -> Row:
    last = max(end for _, end in form.columns.values())
    defect = None
    if form.width is not None and len(text) < form.width:
        defect = "TOO_FEW_FIELDS"
    elif text[max(form.width or 0, last) :].strip():
        defect = "TOO_MANY_FIELDS"
    elif damaged and REPLACEMENT in text:
        defect = "BAD_ENCODING"
    if defect is not None:
        return {"_raw": text, "_defect": defect}
    # Blanks fill a column up; they are no part of its value.
    return {
        name: text[first - 1 : end].strip(" ") or None
        for name, (first, end) in form.columns.items()
    }
