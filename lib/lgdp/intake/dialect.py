"""How a delimited file is written: its delimiter and header, found from its first records."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.table import TableSpec
from lgdp.errors import FileRejected
from lgdp.intake.encoding import TextFacts
from lgdp.intake.header import RECOGNISED, HeaderMatch
from lgdp.intake.header_search import (
    ENOUGH,
    WITHIN,
    HeaderGuess,
    HeaderPlace,
    guess_header,
    require_header,
)
from lgdp.intake.sent_file import SentFile
from lgdp.intake.text_stream import Utf8Stream

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 1 << 20


@dataclass(frozen=True)
class Dialect:
    """`header_bytes` is the length of everything up to the header's line end, in UTF-8."""

    delimiter: str
    place: HeaderPlace
    header_bytes: int

    @property
    def match(self) -> HeaderMatch:
        """The header read against its table."""
        return self.place.match


@dataclass(frozen=True)
class _Start:
    """The first records under one delimiter that are not blank, and where each ends."""

    records: list[list[str]]
    ends: list[int]


def find_dialect(sent: SentFile, facts: TextFacts, ruleset: Ruleset, limits: Limits) -> Dialect:
    """Choose the delimiter under which one of the first records is most like a header.

    A file of a positional table may begin with a record instead. Raises FileRejected:
    TOO_MANY_COLUMNS, and what `require_header` raises.
    """
    with Utf8Stream(sent.path, facts) as stream:
        sample = stream.read(SAMPLE)
    text = sample.decode("utf-8", errors="replace")
    starts: dict[str, _Start] = {}
    guesses: dict[str, HeaderGuess] = {}
    for delimiter in DELIMITERS:
        starts[delimiter] = _start(text, delimiter)
        guesses[delimiter] = guess_header(starts[delimiter].records, ruleset, sent.name)
        if _is_certain(guesses[delimiter]):
            break
    by_place = [table for table in ruleset.spec.tables if table.positional]
    if by_place and max(guess.likeness for guess in guesses.values()) < RECOGNISED:
        return _headless(starts, by_place)
    delimiter = max(guesses, key=lambda key: (guesses[key].likeness, len(guesses[key].headings)))
    guess, start = guesses[delimiter], starts[delimiter]
    if len(guess.headings) > limits.columns:
        raise FileRejected(
            "TOO_MANY_COLUMNS",
            f"The file has {len(guess.headings):,} columns; at most {limits.columns:,} are read.",
        )
    place = require_header(guess, ruleset, sent.name)
    header = text[: start.ends[place.above + place.rows - 1]]
    # Arrow takes a byte-order mark at the start of its stream away, be it the first record's.
    header = header[:-1] if header.endswith(("\n", "\r")) else header
    return Dialect(delimiter, place, len(header.encode()))


def _is_certain(guess: HeaderGuess) -> bool:
    """Whether the first row is a table's header to the letter, as that of most files is."""
    return guess.likeness == 1 and guess.above == 0 and len(guess.headings) > 1


def _start(text: str, delimiter: str) -> _Start:
    stream = io.StringIO(text, newline="")
    reader = csv.reader(stream, delimiter=delimiter)
    start = _Start([], [])
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                start.records.append(record)
                start.ends.append(stream.tell())
            if len(start.records) >= ENOUGH:
                break
    except csv.Error:
        pass
    return start


def _headless(starts: Mapping[str, _Start], tables: Sequence[TableSpec]) -> Dialect:
    """The dialect of a file whose columns are known by their place.

    The first record may be damaged like any other, so the first few are looked at.
    """
    most, found = "", 0
    for delimiter, start in starts.items():
        widths = [len(record) for record in start.records[:WITHIN]]
        for table in tables:
            if len(table.columns) in widths:
                names = table.column_names
                return Dialect(delimiter, HeaderPlace(HeaderMatch(table, names, names)), 0)
        if max(widths, default=0) > found:
            most, found = delimiter, max(widths)
    shown = {"\t": "a tab"}.get(most, f"'{most}'")
    wanted = " or ".join(f"{len(table.columns)} ({table.name})" for table in tables)
    raise FileRejected(
        "UNRECOGNISED",
        f"The first record is no header, and it has {found:,} fields with {shown} between them, "
        f"not {wanted}. Send every column in its place, or put the column names in the first row.",
    )
