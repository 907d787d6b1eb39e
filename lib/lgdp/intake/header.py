"""Which table a header row belongs to, and which column each heading is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.table import TableSpec
from lgdp.errors import FileRejected

RECOGNISED = 0.3
"""Least share of common headings (of all headings of file and table) for a file to be that table."""


@dataclass(frozen=True)
class HeaderMatch:
    """A header read against a table: for each heading its column, null where nobody declared it."""

    table: TableSpec
    headings: tuple[str, ...]
    columns: tuple[str | None, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headings that are no column of the table, as sent."""
        pairs = zip(self.headings, self.columns, strict=True)
        return tuple(heading for heading, column in pairs if column is None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Declared columns that the file does not have."""
        found = set(self.columns)
        return tuple(name for name in self.table.column_names if name not in found)


def fold(heading: str) -> str:
    """A heading without case, accents, spacing and punctuation.

    >>> fold(" Date of\\u00a0Birth ")
    'dateofbirth'
    """
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return re.sub(r"[\W_]+", "", plain)


def _known_headings(table: TableSpec) -> dict[str, str]:
    known: dict[str, str] = {}
    for column in table.columns:
        for heading in (column.name, *column.headers):
            known.setdefault(fold(heading), column.name)
    return known


def _match(table: TableSpec, headings: Sequence[str]) -> HeaderMatch:
    known = _known_headings(table)
    return HeaderMatch(table, tuple(headings), tuple(known.get(fold(text)) for text in headings))


def _likeness(match: HeaderMatch) -> float:
    common = len(match.table.columns) - len(match.missing)
    return common / (len(match.table.columns) + len(match.unknown))


def best_match(
    headings: Sequence[str], ruleset: Ruleset, name: str
) -> tuple[float, HeaderMatch | None]:
    """The table whose headings are most like these, and how alike; a file's name breaks ties."""
    stem = fold(Path(name).stem)
    scored = [
        (_likeness(match), fold(match.table.name) in stem, match)
        for match in (_match(table, headings) for table in ruleset.spec.tables)
    ]
    likeness, _, match = max(scored, key=lambda item: item[:2])
    return likeness, match if likeness > 0 else None


def require_match(headings: Sequence[str], ruleset: Ruleset, name: str) -> HeaderMatch:
    """The table of a file's header.

    Raises FileRejected: UNRECOGNISED when no table is like it, DUPLICATE_HEADER when a heading
    occurs twice, MISSING_COLUMN when a column that may not be blank is not there.
    """
    likeness, match = best_match(headings, ruleset, name)
    if match is None or likeness < RECOGNISED:
        wanted = "; ".join(
            f"{table.name}: {', '.join(table.column_names[:6])}, …" for table in ruleset.spec.tables
        )
        raise FileRejected(
            "UNRECOGNISED",
            f"The first row is not the header of any table of {ruleset.return_name}. "
            f"Put the column names in the first row. Expected one of: {wanted}",
        )
    counts = Counter(
        column or fold(text) for column, text in zip(match.columns, headings, strict=True)
    )
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise FileRejected(
            "DUPLICATE_HEADER",
            f"The heading {', '.join(sorted(twice))} occurs more than once. "
            "Name each column once, so that it is certain which values count.",
        )
    needed = [
        name
        for name in match.missing
        if match.table.column(name).required or name in match.table.key
    ]
    if needed:
        raise FileRejected(
            "MISSING_COLUMN",
            f"Table {match.table.name} needs the column{'s' if len(needed) > 1 else ''} "
            f"{', '.join(needed)}, which the file does not have. Add what is missing and send again.",
        )
    return match
