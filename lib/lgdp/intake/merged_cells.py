"""Merged cells: a value merged down over several rows holds for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

Range = tuple[tuple[int, int], tuple[int, int]]
"""Row and column of the first and the last cell, from 0."""


class MergedCells:
    """Fed with the rows of a sheet from its top; fills what is below the first cell of a range.

    The reader of workbooks gives the value in the first cell only. Cells merged across are left as
    they are: the columns beside the first one are blank.
    """

    def __init__(self, ranges: Iterable[Range], first_column: int) -> None:
        self._starts: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (top, left), (bottom, _) in ranges:
            if bottom > top and left >= first_column:
                self._starts[top].append((left - first_column, bottom))
        self._open: list[tuple[int, int, object]] = []
        self.filled = 0

    def fill(self, row: int, cells: Sequence[object]) -> Sequence[object]:
        """The cells of a row with what is merged into it."""
        self._open = [item for item in self._open if item[1] >= row]
        if self._open:
            filled = list(cells)
            for place, _, value in self._open:
                if place < len(filled) and filled[place] == "" and value != "":
                    filled[place] = value
                    self.filled += 1
            cells = filled
        for place, bottom in self._starts.get(row, ()):
            if place < len(cells):
                self._open.append((place, bottom, cells[place]))
        return cells
