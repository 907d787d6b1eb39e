"""How a delimited file is written: its delimiter and header, found from its first record."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import FileRejected
from lgdp.intake.encoding import TextFacts
from lgdp.intake.header import HeaderMatch, best_match, named, require_match
from lgdp.intake.sent_file import SentFile
from lgdp.intake.text_stream import Utf8Stream

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 1 << 20


@dataclass(frozen=True)
class Dialect:
    """`header_bytes` is the length of everything up to the first record, in UTF-8."""

    delimiter: str
    match: HeaderMatch
    header_bytes: int


def find_dialect(sent: SentFile, facts: TextFacts, ruleset: Ruleset, limits: Limits) -> Dialect:
    """Choose the delimiter under which the first record is most like a header of the return.

    Raises FileRejected: TOO_MANY_COLUMNS, and what `require_match` raises.
    """
    with Utf8Stream(sent.path, facts) as stream:
        sample = stream.read(SAMPLE)
    text = sample.decode("utf-8", errors="replace")
    first = {delimiter: _first_record(text, delimiter) for delimiter in DELIMITERS}
    scored = {
        delimiter: best_match(headings, ruleset, sent.name)[0]
        for delimiter, (headings, _) in first.items()
    }
    delimiter = max(DELIMITERS, key=lambda key: (scored[key], len(first[key][0])))
    headings, end = first[delimiter]
    if len(headings) > limits.columns:
        raise FileRejected(
            "TOO_MANY_COLUMNS",
            f"The file has {len(headings):,} columns; at most {limits.columns:,} are read.",
        )
    match = require_match(headings, ruleset, sent.name)
    return Dialect(delimiter, match, len(text[:end].encode()))


def _first_record(text: str, delimiter: str) -> tuple[list[str], int]:
    """The headings in the first line that is not blank, and where it ends."""
    stream = io.StringIO(text, newline="")
    try:
        reader = csv.reader(stream, delimiter=delimiter)
        record = next((record for record in reader if record), [])
    except csv.Error:
        return [], 0
    return named(record), stream.tell()
