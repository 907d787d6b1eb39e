"""How a table is laid out wide: a column for each year (or quarter, or council) and measure."""

from __future__ import annotations

import re
from functools import cached_property

from pydantic import Field, field_validator, model_validator

from lgdp.contracts.heading import fold
from lgdp.contracts.strict import Strict

MOST_HEADER_ROWS = 4
FOOTNOTE_MARK = r"\s*(?:\*+|[†‡§]+|[¹²³⁴-⁹]+|\[[^\[\]]{1,12}\])\Z"

AROUND = " \t\r\n()[]:;,./–-"
"""What stands between a name and a measure in a heading, beside words."""


class WideTable(Strict):
    """How headings of a wide table are read, and what its cells may hold beside figures.

    A heading that contains `pattern` (at word boundaries) makes rows: what matched goes to the
    column `names`, the rest of the heading says which of `measures` the cell is; a measure is
    given by its column's name or one of these words, and `""` stands for a heading without any.
    `example` is one such heading, and is tried when the contract is loaded. With several
    `header_rows`, an upper cell holds to the right until the next one that is filled (as merged
    cells do), and the texts of one column are joined. Every other column of the table is read from
    its own heading and repeated on each row of its record.

    Cells that hold one of `not_available` are blank; a mark at the end of a figure that fits
    `footnote_mark` is taken off. Where all measures are blank no row is made, unless `keep_blank`.
    """

    names: str
    pattern: str
    measures: dict[str, tuple[str, ...]] = Field(min_length=1)
    example: str
    header_rows: int = Field(default=1, ge=1, le=MOST_HEADER_ROWS)
    not_available: tuple[str, ...] = ("#N/A", "N/A")
    footnote_mark: str = FOOTNOTE_MARK
    keep_blank: bool = False

    @field_validator("pattern", "footnote_mark")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"{value} is not a regular expression: {error}") from error
        return value

    @model_validator(mode="after")
    def _means_something(self) -> WideTable:
        owners: dict[str, str] = {}
        for column, words in self.measures.items():
            for word in {fold(text) for text in (column, *words)}:
                if owners.setdefault(word, column) != column:
                    raise ValueError(f"'{word}' means both {owners[word]} and {column}")
        if self.read(self.example) is None:
            raise ValueError(f"the example '{self.example}' is not a heading of the pattern")
        return self

    def read(self, heading: str) -> tuple[str, str] | None:
        """Name and measure column of a heading; null if it is none of the wide ones."""
        for found in self._finder.finditer(heading):
            rest = f"{heading[: found.start()]} {heading[found.end() :]}"
            column = self._measures.get(fold(rest.strip(AROUND)))
            if column is not None:
                return found[0], column
        return None

    def is_available(self, text: str) -> bool:
        """Whether a cell says something else than that there is no figure."""
        return text.strip().casefold() not in self._not_available

    def split_mark(self, text: str) -> tuple[str, str | None]:
        """A figure without its footnote mark, and the mark."""
        found = self._mark.search(text)
        if found is None or not found[0].strip() or not text[: found.start()].strip():
            return text, None
        return text[: found.start()], found[0].strip()

    @cached_property
    def _finder(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![^\W_])(?:{self.pattern})(?![^\W_])")

    @cached_property
    def _mark(self) -> re.Pattern[str]:
        return re.compile(self.footnote_mark)

    @cached_property
    def _measures(self) -> dict[str, str]:
        return {
            fold(word): column
            for column, words in self.measures.items()
            for word in (column, *words)
        }

    @cached_property
    def _not_available(self) -> frozenset[str]:
        return frozenset(text.casefold() for text in self.not_available)
