"""Records of a wide table to bronze rows: one for each year (or what else its headings name)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from lgdp.errors import LgdpError
from lgdp.intake.finding import Finding
from lgdp.intake.header import HeaderMatch

MOST_SHOWN = 5
Row = dict[str, object]


class WideRows:
    """Spreads the records of one file or sheet, and remembers what it left out."""

    def __init__(self, match: HeaderMatch) -> None:
        if match.table.wide is None:
            raise LgdpError(f"{match.table.name} is no wide table")
        self._match, self._wide = match, match.table.wide
        self._groups: dict[str, dict[int, str]] = defaultdict(dict)
        for place, name in match.names.items():
            self._groups[name][place] = str(match.columns[place])
        self._unavailable = 0
        self._marked = 0
        self._footnotes: list[int] = []
        self._without_figures: list[int] = []

    def rows(self, number: int, texts: Sequence[str | None]) -> list[Row]:
        """The rows of record `number`, in the order of the headings.

        A record with one cell filled, and that no figure, is a footnote and gives none.
        """
        filled = [place for place, text in enumerate(texts) if text is not None and text.strip()]
        if len(filled) == 1 and filled[0] not in self._match.names:
            self.footnote(number)
            return []
        shared, extra = self._shared(texts)
        rows = []
        for name, places in self._groups.items():
            row = self._figures(texts, places)
            if self._wide.keep_blank or any(row.get(column) for column in places.values()):
                pairs = [*extra, *row.pop("_extra", [])]  # type: ignore[misc]
                rows.append({**shared, self._wide.names: name, **row, "_extra": pairs or None})
        if filled and not rows:
            self._without_figures.append(number)
        return rows

    def footnote(self, number: int) -> None:
        """Leave a record out as a footnote."""
        self._footnotes.append(number)

    def notes(self, file: str) -> Iterator[Finding]:
        """What was left out or taken as blank."""
        table = self._match.table.name
        said = (
            ("FOOTNOTE", self._footnotes, "a text and nothing else; left out"),
            ("NO_FIGURES", self._without_figures, "no figure; no row was made of it"),
        )
        for code, records, what in said:
            if records:
                shown = ", ".join(f"{number:,}" for number in records[:MOST_SHOWN])
                more = ", …" if len(records) > MOST_SHOWN else ""
                where = f"Records {shown}{more} hold" if records[1:] else f"Record {shown} holds"
                yield Finding(file, code, "info", f"{where} {what}.", table, row=records[0])
        if self._unavailable:
            message = f"No figure is available in {self._unavailable:,} cells; taken as blank."
            yield Finding(file, "NOT_AVAILABLE", "info", message, table)
        if self._marked:
            message = f"A footnote mark was taken off, and kept, in {self._marked:,} cells."
            yield Finding(file, "FOOTNOTE_MARK", "info", message, table)

    def _shared(self, texts: Sequence[str | None]) -> tuple[Row, list[tuple[str, str]]]:
        """Values and undeclared cells that every row of the record repeats."""
        shared: Row = {}
        extra = []
        for place, text in enumerate(texts):
            if place in self._match.names:
                continue
            known = place < len(self._match.columns)
            column = self._match.columns[place] if known else None
            if column is not None:
                shared[column] = text
            elif text is not None:
                heading = self._match.headings[place] if known else f"column {place + 1}"
                extra.append((heading, text))
        return shared, extra

    def _figures(self, texts: Sequence[str | None], places: dict[int, str]) -> Row:
        row: Row = {}
        marks = []
        for place, column in places.items():
            text = texts[place] if place < len(texts) else None
            if text is None or not text.strip():
                continue
            if not self._wide.is_available(text):
                self._unavailable += 1
                continue
            row[column], mark = self._wide.split_mark(text)
            if mark is not None:
                self._marked += 1
                marks.append((f"{column} footnote", mark))
        return {**row, "_extra": marks} if marks else row


def is_wide(match: HeaderMatch) -> bool:
    """Whether records of this header have to be spread; a wide table may be sent long, too."""
    return bool(match.names)
