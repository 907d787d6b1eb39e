"""How a delimited file is written: its delimiter and header, found from its first record."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.table import TableSpec
from lgdp.errors import FileRejected
from lgdp.intake.encoding import TextFacts
from lgdp.intake.header import RECOGNISED, HeaderMatch, best_match, named, require_match
from lgdp.intake.sent_file import SentFile
from lgdp.intake.text_stream import Utf8Stream

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 1 << 20
LOOKED_AT = 20
"""Records, of a file without a header, one of which has to have as many fields as the table."""


@dataclass(frozen=True)
class Dialect:
    """`header_bytes` is the length of everything up to the first record, in UTF-8."""

    delimiter: str
    match: HeaderMatch
    header_bytes: int


def find_dialect(sent: SentFile, facts: TextFacts, ruleset: Ruleset, limits: Limits) -> Dialect:
    """Choose the delimiter under which the first record is most like a header of the return.

    A file of a positional table may begin with a record instead. Raises FileRejected:
    TOO_MANY_COLUMNS, and what `require_match` raises.
    """
    with Utf8Stream(sent.path, facts) as stream:
        sample = stream.read(SAMPLE)
    text = sample.decode("utf-8", errors="replace")
    first = {delimiter: _first_record(text, delimiter) for delimiter in DELIMITERS}
    scored = {
        delimiter: best_match(headings, ruleset, sent.name)[0]
        for delimiter, (headings, _) in first.items()
    }
    by_place = [table for table in ruleset.spec.tables if table.positional]
    if by_place and max(scored.values()) < RECOGNISED:
        return _headless(sent, text, by_place)
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


def _headless(sent: SentFile, text: str, tables: Sequence[TableSpec]) -> Dialect:
    """The dialect of a file whose columns are known by their place.

    The first record may be damaged like any other, so the first few are looked at.
    """
    most, found = "", 0
    for delimiter in DELIMITERS:
        widths = _widths(text, delimiter)
        for table in tables:
            if len(table.columns) in widths:
                names = table.column_names
                return Dialect(delimiter, HeaderMatch(table, names, names), 0)
        if max(widths, default=0) > found:
            most, found = delimiter, max(widths)
    shown = {"\t": "a tab"}.get(most, f"'{most}'")
    wanted = " or ".join(f"{len(table.columns)} ({table.name})" for table in tables)
    raise FileRejected(
        "UNRECOGNISED",
        f"The first record is no header, and it has {found:,} fields with {shown} between them, "
        f"not {wanted}. Send every column in its place, or put the column names in the first row.",
    )


def _widths(text: str, delimiter: str) -> list[int]:
    """How many fields the first records have."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [len(record) for record in islice((row for row in reader if row), LOOKED_AT)]
    except csv.Error:
        return []
