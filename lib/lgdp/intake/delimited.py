"""Delimited text to bronze rows, streamed, every record kept with its number."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import FileRejected
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.encoding import TextFacts, scan_text
from lgdp.intake.records import RecordReader
from lgdp.intake.finding import FileRead, Finding
from lgdp.intake.header import HeaderMatch, best_match, require_match
from lgdp.intake.sent_file import SentFile
from lgdp.intake.text_stream import Utf8Stream

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 1 << 20


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written, found from its header."""

    delimiter: str
    match: HeaderMatch


def find_dialect(sent: SentFile, facts: TextFacts, ruleset: Ruleset, limits: Limits) -> Dialect:
    """Choose the delimiter under which the first record is most like a header of the return."""
    with Utf8Stream(sent.path, facts) as stream:
        sample = stream.read(SAMPLE).decode("utf-8", errors="replace")
    first = {delimiter: _first_record(sample, delimiter) for delimiter in DELIMITERS}
    scored = {
        delimiter: best_match(record, ruleset, sent.name)[0] for delimiter, record in first.items()
    }
    delimiter = max(DELIMITERS, key=lambda text: (scored[text], len(first[text])))
    headings = first[delimiter]
    if len(headings) > limits.columns:
        raise FileRejected(
            "TOO_MANY_COLUMNS",
            f"The file has {len(headings):,} columns; at most {limits.columns:,} are read.",
        )
    return Dialect(delimiter, require_match(headings, ruleset, sent.name))


def _first_record(sample: str, delimiter: str) -> list[str]:
    try:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        return next((record for record in reader if any(record)), [])
    except csv.Error:
        return []


def read_delimited(sent: SentFile, ruleset: Ruleset, limits: Limits, sink: BronzeSink) -> FileRead:
    """Write the rows of a delimited file to the sink; notes on encoding and columns come back.

    Records with too few or too many fields, damaged bytes or NULs become rows of their own with
    `_defect` set. Raises FileRejected when the file as a whole cannot be read.
    """
    facts = scan_text(sent.path)
    dialect = find_dialect(sent, facts, ruleset, limits)
    RecordReader(sent, facts, dialect.match, dialect.delimiter, limits, sink).run()
    return FileRead(tuple(_notes(sent, facts, dialect)), facts.encoding)


def _notes(sent: SentFile, facts: TextFacts, dialect: Dialect) -> list[Finding]:
    match, found = dialect.match, []
    table = match.table.name
    if facts.encoding != "utf-8":
        words = {"cp1252": "Windows-1252"}.get(facts.encoding, facts.encoding.upper())
        message = f"The file is written in {words}; it was read as such."
        found.append(Finding(sent.name, "ENCODING", "info", message, table))
    if facts.bad_bytes:
        places = ", ".join(f"{offset:,}" for offset in facts.bad_bytes[:5])
        message = f"Bytes that are not {facts.encoding} text were found at offset {places}."
        found.append(Finding(sent.name, "DAMAGED_BYTES", "info", message, table))
    for heading in match.unknown:
        message = f"The column '{heading}' is not part of {table}; it is kept, and not used."
        found.append(Finding(sent.name, "UNKNOWN_COLUMN", "info", message, table, heading))
    for name in match.missing:
        message = f"The column {name} of {table} is not in the file; it was taken as blank."
        found.append(Finding(sent.name, "ABSENT_COLUMN", "info", message, table, name))
    return found
