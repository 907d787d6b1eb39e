"""The lines of a delimited file in which its records are."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.intake.dialect import find_dialect
from lgdp.intake.encoding import TextFacts, scan_text
from lgdp.intake.sent_file import SentFile
from lgdp.intake.text_stream import Utf8Stream, read_lines
from lgdp.reports.layout import Layout, layout_of

LINE_END = re.compile("\r\n|\r|\n")
LONGEST_LINE = 1 << 24


def text_layouts(
    sent: SentFile, ruleset: Ruleset, limits: Limits, records: Collection[int]
) -> list[Layout]:
    """The one table of a delimited file. Raises FileRejected for a file that is none."""
    facts = scan_text(sent.path)
    dialect = find_dialect(sent, facts, ruleset, limits)
    lines = read_lines(sent.path, facts, dialect.header_bytes, LONGEST_LINE)
    first = 1 + _lines_before(sent, facts, dialect.header_bytes)
    rows = dict(_record_lines(lines, dialect.delimiter, first, records))
    return [layout_of(dialect.match, "", 0, rows)]


def _lines_before(sent: SentFile, facts: TextFacts, size: int) -> int:
    """Lines that end before what comes after the header, which begins with its own line end."""
    with Utf8Stream(sent.path, facts) as stream:
        before = stream.read(size).decode("utf-8", "replace")
    # A last carriage return belongs to the line feed that follows.
    return len(LINE_END.findall(before.removesuffix("\r")))


def _record_lines(
    lines: Iterator[str], delimiter: str, first: int, wanted: Collection[int]
) -> Iterator[tuple[int, int]]:
    """Number and first line of each wanted record; blank lines are no records."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))
    reader = csv.reader(lines, delimiter=delimiter)
    last, number, line = max(wanted, default=0), 0, 0
    while number < last:
        try:
            record = next(reader, None)
        except csv.Error:
            return
        if record is None:
            return
        number += bool(record)
        if record and number in wanted:
            yield number, first + line
        line = reader.line_num
