"""Where records and columns are in a file as a person sees it: lines, sheet rows, letters.

Checks number the records without the header. Here a file is looked at once more, to say in which
line of it, or row of which sheet, a record is, and under which letter a column.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from python_calamine import CalamineError, CalamineWorkbook

from lgdp.config import Limits
from lgdp.contracts.heading import fold
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import FileRejected
from lgdp.intake.cell import cell_text
from lgdp.intake.dialect import find_dialect
from lgdp.intake.encoding import TextFacts, scan_text
from lgdp.intake.header import HeaderMatch
from lgdp.intake.header_search import ENOUGH, guess_header, require_header
from lgdp.intake.sent_file import SentFile
from lgdp.intake.sheet_parts import scan_sheets
from lgdp.intake.text_stream import Utf8Stream, read_lines
from lgdp.intake.unpacking import check_unpacked

LINE_END = re.compile("\r\n|\r|\n")
LONGEST_LINE = 1 << 24


@dataclass(frozen=True)
class Layout:
    """How one table lies in one file. `rows` has those records that were asked for.

    `headings` are the columns' headings as sent; `sheet` is empty unless the file is a workbook.
    """

    table: str
    sheet: str
    letters: Mapping[str, str]
    headings: Mapping[str, str]
    rows: Mapping[int, int]


def letter_of(index: int) -> str:
    """The letter of a column, counted from 0.

    >>> letter_of(0), letter_of(25), letter_of(26), letter_of(701), letter_of(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def layouts_of(
    sent: SentFile, ruleset: Ruleset, limits: Limits, records: Collection[int]
) -> list[Layout]:
    """The tables in a file, with the places of these records (of any of them).

    Empty for a file that can't be read, and for forms that have no lines or letters, such as XML.
    """
    readers = {"csv": _text_layouts, "xlsx": _workbook_layouts}
    reader = readers.get(sent.media_type)
    if reader is None:
        return []
    try:
        return reader(sent, ruleset, limits, records)
    except FileRejected:
        # The report says why; there is no place to name.
        return []


def _text_layouts(
    sent: SentFile, ruleset: Ruleset, limits: Limits, records: Collection[int]
) -> list[Layout]:
    facts = scan_text(sent.path)
    dialect = find_dialect(sent, facts, ruleset, limits)
    lines = read_lines(sent.path, facts, dialect.header_bytes, LONGEST_LINE)
    first = 1 + _lines_before(sent, facts, dialect.header_bytes)
    rows = dict(_record_lines(lines, dialect.delimiter, first, records))
    return [_layout(dialect.match, "", rows)]


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


def _workbook_layouts(
    sent: SentFile, ruleset: Ruleset, limits: Limits, records: Collection[int]
) -> list[Layout]:
    check_unpacked(sent, limits)
    tables = {fold(table.sheet or table.name): table for table in ruleset.spec.tables}
    try:
        with sent.path.open("rb") as stream:
            workbook = CalamineWorkbook.from_filelike(stream)
            known = {
                name: table.wide.not_available if table.wide else ()
                for name in workbook.sheet_names
                if (table := tables.get(fold(name))) is not None
            }
            scan_sheets(sent, known)
            found = [_sheet_layout(name, workbook, ruleset, records) for name in known]
    except CalamineError:
        return []
    return [layout for layout in found if layout is not None]


def _sheet_layout(
    name: str, workbook: CalamineWorkbook, ruleset: Ruleset, records: Collection[int]
) -> Layout | None:
    """The layout of a sheet; null if nothing is in it."""
    rows = (
        (number, [cell_text(cell, None) or "" for cell in row])
        for number, row in enumerate(workbook.get_sheet_by_name(name).iter_rows(), start=1)
        if any(cell != "" for cell in row)
    )
    top = list(islice(rows, ENOUGH))
    if not top:
        return None
    place = require_header(
        guess_header([_bare(cells) for _, cells in top], ruleset, name), ruleset, name
    )
    below = chain(top[place.above + place.rows :], rows)
    found = {
        record: number for record, (number, _) in enumerate(below, start=1) if record in records
    }
    return _layout(place.match, name, found)


def _bare(cells: list[str]) -> list[str]:
    """The cells of a row without blank ones at its end."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _layout(match: HeaderMatch, sheet: str, rows: Mapping[int, int]) -> Layout:
    # What nobody declared goes by its heading.
    names = [
        column or heading for column, heading in zip(match.columns, match.headings, strict=True)
    ]
    # In a wide table one column of ours is many of the sheet's, and none can be named.
    single = {name: index for index, name in enumerate(names) if names.count(name) == 1}
    return Layout(
        match.table.name,
        sheet,
        {name: letter_of(index) for name, index in single.items()},
        {name: match.headings[index] for name, index in single.items()},
        rows,
    )
