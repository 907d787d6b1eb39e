"""Delimited text to bronze rows, streamed, every record kept with its number."""

from __future__ import annotations

from collections.abc import Iterator

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.dialect import Dialect, find_dialect
from lgdp.intake.encoding import TextFacts, scan_text
from lgdp.intake.finding import FileRead, Finding
from lgdp.intake.header_search import header_notes
from lgdp.intake.records import RecordReader
from lgdp.intake.sent_file import SentFile

WORDS = {"cp1252": "Windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
OFFSETS_SHOWN = 5


def read_delimited(sent: SentFile, ruleset: Ruleset, limits: Limits, sink: BronzeSink) -> FileRead:
    """Write the rows of a delimited file to the sink; notes on encoding and columns come back.

    Records with too few or too many fields, damaged bytes or NULs become rows of their own with
    `_defect` set. Raises FileRejected when the file as a whole cannot be read.
    """
    facts = scan_text(sent.path)
    dialect = find_dialect(sent, facts, ruleset, limits)
    reader = RecordReader(sent, facts, dialect, limits, sink)
    reader.run()
    notes = (*_notes(sent, facts, dialect), *reader.notes())
    return FileRead(notes, facts.encoding)


def _notes(sent: SentFile, facts: TextFacts, dialect: Dialect) -> Iterator[Finding]:
    match = dialect.match
    table = match.table.name
    if facts.encoding != "utf-8":
        message = f"The file is written in {WORDS[facts.encoding]}; it was read as such."
        yield Finding(sent.name, "ENCODING", "info", message, table)
    if facts.bad_bytes:
        shown = [f"{offset:,}" for offset in facts.bad_bytes[:OFFSETS_SHOWN]]
        more = ", …" if len(facts.bad_bytes) > OFFSETS_SHOWN else ""
        written = WORDS.get(facts.encoding, "UTF-8")
        message = (
            f"Bytes that are not {written} text were found at offset {', '.join(shown)}{more}."
        )
        yield Finding(sent.name, "DAMAGED_BYTES", "info", message, table)
    yield from header_notes(sent.name, match, dialect.titles)
