"""Where the header of a table is: in its first row, or below titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
    """Where a header was found: `above` rows are before it, and it has `rows` rows itself."""

    match: HeaderMatch
    above: int
    rows: int


@dataclass(frozen=True)
class HeaderGuess:
    """The first rows that look like a header, not yet held to anything; likeness 0 to 1."""

    likeness: float
    above: int
    rows: int
    headings: tuple[str, ...]


def guess_header(records: Sequence[Sequence[str]], ruleset: Ruleset, name: str) -> HeaderGuess:
    """The first of the rows that is like a header; the very first row if none is.

    `records` are the rows of a file that are not blank, as far as they are known.
    """
    depths = sorted({header_rows(table) for table in ruleset.spec.tables})
    first = HeaderGuess(0.0, 0, 1, tuple(named(records[0] if records else ())))
    for above in range(min(WITHIN, len(records))):
        best = first
        for rows in depths:
            headings = joined_headings(records[above : above + rows])
            likeness, match = best_match(headings, ruleset, name, rows)
            if match is not None and likeness > best.likeness:
                best = HeaderGuess(likeness, above, rows, tuple(headings))
        if best.likeness >= RECOGNISED:
            return best
        if above == 0:
            first = best
    return first


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
    return HeaderPlace(match, guess.above, guess.rows)


def titles_note(above: int) -> str:
    """What is said of rows above a header that were left out."""
    return (
        f"The header was found below titles: {rows_are(above)} above it, left out. "
        f"It is row {above + 1}, blank rows not counted."
    )


def header_notes(file: str, match: HeaderMatch, titles: int) -> Iterator[Finding]:
    """What is to be said of a header that was accepted."""
    table = match.table.name
    if titles:
        yield Finding(file, "TITLE_ROWS", "info", titles_note(titles), table)
    for heading in match.unknown:
        message = f"The column '{heading}' is not part of {table}; it is kept, and not used."
        yield Finding(file, "UNKNOWN_COLUMN", "info", message, table, heading)
    for name in match.missing:
        message = f"The column {name} of {table} is not in the file; it was taken as blank."
        yield Finding(file, "ABSENT_COLUMN", "info", message, table, name)


def rows_are(count: int) -> str:
    """How many rows there are, as the start of a sentence says it."""
    return "1 row is" if count == 1 else f"{count:,} rows are"


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
