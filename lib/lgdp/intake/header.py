"""Which table a header row belongs to, and which column each heading is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lgdp.contracts.heading import fold
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.table import TableSpec
from lgdp.errors import FileRejected

RECOGNISED = 0.3
"""Least share of common headings, of all headings of file and table, to be that table."""


@dataclass(frozen=True)
class HeaderMatch:
    """A header read against a table: for each heading its column, null where nobody declared it.

    In a wide table, `names` holds what a heading says beside its measure, by the heading's place.
    """

    table: TableSpec
    headings: tuple[str, ...]
    columns: tuple[str | None, ...]
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headings that are no column of the table, as sent."""
        pairs = zip(self.headings, self.columns, strict=True)
        return tuple(heading for heading, column in pairs if column is None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Declared columns that the file does not have."""
        found = set(self.columns)
        if self.names and self.table.wide:
            found.add(self.table.wide.names)
        return tuple(name for name in self.table.column_names if name not in found)


def named(headings: Sequence[str]) -> list[str]:
    """Headings without white space around them; a blank one is called by its place.

    >>> named([" A ", "", "B"])
    ['A', 'column 2', 'B']
    """
    bare = [heading.strip("\ufeff \t\r\n\u00a0") for heading in headings]
    return [text or f"column {place}" for place, text in enumerate(bare, start=1)]


def _match(table: TableSpec, headings: Sequence[str], folded: Sequence[str]) -> HeaderMatch:
    columns = [table.headings.get(text) for text in folded]
    if table.wide is None:
        return HeaderMatch(table, tuple(headings), tuple(columns))
    names: dict[int, str] = {}
    for place, heading in enumerate(headings):
        read = table.wide.read(heading)
        if read is not None:
            names[place], columns[place] = read
    if names:
        spread = (table.wide.names, *table.wide.measures)
        columns = [
            None if column in spread and place not in names else column
            for place, column in enumerate(columns)
        ]
    return HeaderMatch(table, tuple(headings), tuple(columns), names)


def _likeness(match: HeaderMatch) -> float:
    common = len(match.table.columns) - len(match.missing)
    return common / (len(match.table.columns) + len(match.unknown))


def best_match(
    headings: Sequence[str], ruleset: Ruleset, name: str, rows: int = 1
) -> tuple[float, HeaderMatch | None]:
    """The table whose headings are most like these, and how alike; a file's name breaks ties.

    Looks at those tables only whose header is of so many `rows`.
    """
    likeness, matches = _best_matches(headings, ruleset, name, rows)
    return likeness, matches[0] if likeness > 0 else None


def _best_matches(
    headings: Sequence[str], ruleset: Ruleset, name: str, rows: int
) -> tuple[float, list[HeaderMatch]]:
    stem = fold(Path(name).stem)
    folded = [fold(heading) for heading in headings]
    tables = [table for table in ruleset.spec.tables if header_rows(table) == rows]
    matches = [_match(table, headings, folded) for table in tables]
    scores = [(_likeness(match), fold(match.table.name) in stem) for match in matches]
    best = max(scores, default=(0.0, False))
    return best[0], [match for match, score in zip(matches, scores, strict=True) if score == best]


def header_rows(table: TableSpec) -> int:
    """How many rows the header of a table has."""
    return table.wide.header_rows if table.wide else 1


def require_match(
    headings: Sequence[str], ruleset: Ruleset, name: str, rows: int = 1
) -> HeaderMatch:
    """The table of a file's header.

    Raises FileRejected: UNRECOGNISED when no table is like it, AMBIGUOUS when two are equally,
    DUPLICATE_HEADER when a heading occurs twice, MISSING_COLUMN when a column that may not be
    blank is not there.
    """
    likeness, matches = _best_matches(headings, ruleset, name, rows)
    if likeness < RECOGNISED:
        raise FileRejected(
            "UNRECOGNISED",
            f"The first row is not the header of any table of {ruleset.return_name}. "
            f"Put the column names in the first row. Expected one of: {_headers_of(ruleset)}",
        )
    if len(matches) > 1:
        names = " and ".join(match.table.name for match in matches)
        raise FileRejected(
            "AMBIGUOUS",
            f"The header fits {names} equally well. Name the file after the table that it is.",
        )
    _refuse_twice(matches[0])
    _refuse_missing(matches[0])
    return matches[0]


def match_of(table: TableSpec, headings: Sequence[str]) -> HeaderMatch:
    """The headings read against a table that is known; raises as `require_match` does."""
    match = _match(table, headings, [fold(heading) for heading in headings])
    _refuse_twice(match)
    _refuse_missing(match)
    return match


def _headers_of(ruleset: Ruleset) -> str:
    shown = 6
    return "; ".join(
        f"{table.name}: {', '.join(table.column_names[:shown])}"
        + (", …" if len(table.columns) > shown else "")
        for table in ruleset.spec.tables
    )


def _refuse_twice(match: HeaderMatch) -> None:
    pairs = zip(match.columns, match.headings, strict=True)
    counts = Counter(
        " ".join((match.names[place], str(column)))
        if place in match.names
        else column or fold(text)
        for place, (column, text) in enumerate(pairs)
    )
    twice = sorted(name for name, count in counts.items() if count > 1)
    if twice:
        raise FileRejected(
            "DUPLICATE_HEADER",
            f"The heading {', '.join(twice)} occurs more than once. "
            "Name each column once, so that it is certain which values count.",
        )


def _refuse_missing(match: HeaderMatch) -> None:
    table = match.table
    needed = [name for name in match.missing if table.column(name).required or name in table.key]
    if needed:
        raise FileRejected(
            "MISSING_COLUMN",
            f"Table {table.name} needs the column{'s' if len(needed) > 1 else ''} "
            f"{', '.join(needed)}, which the file does not have. Add what is missing"
            f"{_wide_hint(table)} and send the file again.",
        )


def _wide_hint(table: TableSpec) -> str:
    return f" (a heading of figures looks like '{table.wide.example}')" if table.wide else ""
