"""Where the header of a table is: in its first row, or below titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lgdp.contracts.heading import fold
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.wide import MOST_HEADER_ROWS
from lgdp.errors import FileRejected
from lgdp.intake.finding import Finding
from lgdp.intake.header import (
    RECOGNISED,
    HeaderMatch,
    best_match,
    header_rows,
    named,
    require_match,
)

WITHIN = 20
"""A header is looked for in so many rows that are not blank."""
ENOUGH = WITHIN + MOST_HEADER_ROWS
"""So many rows, not blank, say where the header is."""


@dataclass(frozen=True)
class HeaderPlace:
    """Where a header was found: `above` rows are before it, and it has `rows` rows itself.

    `padded` are headings that have white space around them, as sent.
    """

    match: HeaderMatch
    above: int = 0
    rows: int = 1
    padded: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeaderGuess:
    """The first rows that look like a header, not yet held to anything; likeness 0 to 1."""

    likeness: float
    above: int
    rows: int
    headings: tuple[str, ...]
    padded: tuple[str, ...] = ()


def guess_header(records: Sequence[Sequence[str]], ruleset: Ruleset, name: str) -> HeaderGuess:
    """The first of the rows that is like a header; the very first row if none is.

    `records` are the rows of a file that are not blank, as far as they are known.
    """
    depths = sorted({header_rows(table) for table in ruleset.spec.tables})
    first = HeaderGuess(0.0, 0, 1, tuple(named(records[0] if records else ())))
    for above in range(min(WITHIN, len(records))):
        if not _may_be_header(records[above], ruleset):
            continue
        best = first
        for rows in depths:
            headings = joined_headings(records[above : above + rows])
            likeness, match = best_match(headings, ruleset, name, rows)
            if match is not None and likeness > best.likeness:
                best = HeaderGuess(likeness, above, rows, tuple(headings))
        if best.likeness >= RECOGNISED:
            padded = _padded(records[above : above + best.rows])
            return replace(best, padded=tuple(padded))
        if above == 0:
            first = best
    return first


def _may_be_header(row: Sequence[str], ruleset: Ruleset) -> bool:
    """Whether a row has any table's heading, which is soon told and spares most rows the rest.

    A wide table's headings are not listed, so that any row may be its.
    """
    tables = ruleset.spec.tables
    if any(table.wide for table in tables):
        return True
    folded = {fold(text) for text in named(row)}
    return any(not folded.isdisjoint(table.headings) for table in tables)


def require_header(guess: HeaderGuess, ruleset: Ruleset, name: str) -> HeaderPlace:
    """The guessed header as that of a table.

    Raises FileRejected: what `require_match` raises, and TITLE_ROWS when there are rows above the
    header and the return refuses them.
    """
    match = require_match(guess.headings, ruleset, name, guess.rows)
    if guess.above and ruleset.spec.around.titles == "refused":
        raise FileRejected(
            "TITLE_ROWS",
            f"The header of {match.table.name} is not the first row: {rows_are(guess.above)} "
            "above it. Delete what is above the header, and send the file again.",
        )
    return HeaderPlace(match, guess.above, guess.rows, guess.padded)


def header_notes(file: str, place: HeaderPlace) -> Iterator[Finding]:
    """What is to be said of a header that was accepted."""
    match, table = place.match, place.match.table.name
    if place.above:
        message = (
            f"The header was found below titles: {rows_are(place.above)} above it, left out. It is "
            f"row {place.above + 1}, blank rows not counted."
        )
        yield Finding(file, "TITLE_ROWS", "info", message, table)
    if place.padded:
        shown = ", ".join(f"'{heading}'" for heading in place.padded)
        message = f"Headings have white space around them: {shown}; it was taken off."
        yield Finding(file, "HEADING_SPACES", "info", message, table)
    for heading in match.unknown:
        message = f"The column '{heading}' is not part of {table}; it is kept, and not used."
        yield Finding(file, "UNKNOWN_COLUMN", "info", message, table, heading)
    for name in match.missing:
        message = f"The column {name} of {table} is not in the file; it was taken as blank."
        yield Finding(file, "ABSENT_COLUMN", "info", message, table, name)


def rows_are(count: int) -> str:
    """How many rows there are, as the start of a sentence says it."""
    return "1 row is" if count == 1 else f"{count:,} rows are"


def _padded(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Cells that begin or end with white space, be it in quotation marks."""
    for cell in (cell for row in rows for cell in row):
        if cell.strip() and cell != cell.strip(" \t\u00a0"):
            yield cell


def joined_headings(rows: Sequence[Sequence[str]]) -> list[str]:
    """Headings of one or several rows; an upper cell holds until the next that is filled.

    >>> joined_headings([["Code", "2023-24", "", "2024-25"], ["", "Num", "Den", "Num"]])
    ['Code', '2023-24 Num', '2023-24 Den', '2024-25 Num']
    """
    if len(rows) <= 1:
        return named(rows[0] if rows else ())
    width = max(len(row) for row in rows)
    cells = [[text.strip() for text in (*row, *[""] * (width - len(row)))] for row in rows]
    for upper, *below in (cells[index:] for index in range(len(cells) - 1)):
        for place in range(1, width):
            if not upper[place] and any(row[place] for row in below):
                upper[place] = upper[place - 1]
    parts = [dict.fromkeys(row[place] for row in cells if row[place]) for place in range(width)]
    return named([" ".join(texts) for texts in parts])
