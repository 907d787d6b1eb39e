"""Delimited text to bronze rows, streamed, every record kept with its number."""

from __future__ import annotations

from collections.abc import Iterator

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.dialect import find_dialect
from lgdp.intake.encoding import TextFacts, scan_text
from lgdp.intake.finding import FileRead, Finding
from lgdp.intake.header_search import header_notes
from lgdp.intake.line_watch import LineFacts
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
    reader = RecordReader(sent, facts, dialect, limits, sink, around=ruleset.spec.around)
    reader.run()
    match = dialect.match
    notes = (
        *text_notes(sent.name, facts, match.table.name),
        *line_notes(sent.name, facts, match.table.name),
        *header_notes(sent.name, dialect.place),
        *reader.notes(),
    )
    return FileRead(notes, facts.encoding)


def text_notes(file: str, facts: TextFacts, table: str | None) -> Iterator[Finding]:
    """What is to be said of how a text file is encoded."""
    if facts.encoding != "utf-8":
        message = f"The file is written in {WORDS[facts.encoding]}; it was read as such."
        yield Finding(file, "ENCODING", "info", message, table)
    if facts.bad_bytes:
        shown = [f"{offset:,}" for offset in facts.bad_bytes[:OFFSETS_SHOWN]]
        more = ", …" if len(facts.bad_bytes) > OFFSETS_SHOWN else ""
        written = WORDS.get(facts.encoding, "UTF-8")
        message = (
            f"Bytes that are not {written} text were found at offset {', '.join(shown)}{more}."
        )
        yield Finding(file, "DAMAGED_BYTES", "info", message, table)


def line_notes(file: str, facts: TextFacts, table: str | None) -> Iterator[Finding]:
    """What is odd about the lines of a delimited file, though they were read."""
    lines = facts.lines or LineFacts()
    if len(lines.kinds) > 1:
        message = f"Lines end in different ways ({', '.join(lines.kinds)}); all were taken."
        yield Finding(file, "LINE_ENDS", "info", message, table)
    if lines.blank:
        message = f"Blank lines are among the others ({lines.blank:,}); they were left out."
        yield Finding(file, "BLANK_ROWS", "info", message, table)
    if lines.odd_quote is not None:
        message = (
            f"A quotation mark is in the midst of a value, first in line {lines.odd_quote:,}; it "
            "was taken as part of the text. Values with one are enclosed in quotation marks and "
            "have it doubled."
        )
        yield Finding(file, "STRAY_QUOTE", "info", message, table)
