"""Numbers of records in their file, when a parser gives good ones in batches and bad ones apart."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from lgdp.intake.arrays import integers


class Numbering:
    """Counts records from 1. Bad ones come with their number, at the latest before the next good.

    The parser reads ahead, so that bad records of a later batch may be known before an earlier
    batch of good ones is numbered.
    """

    def __init__(self) -> None:
        self._next = 1
        self._aside: list[int] = []
        self._last_aside = 0

    @property
    def last(self) -> int:
        """The last record that is known of."""
        return max(self._next - 1, self._last_aside)

    def set_aside(self, number: int) -> None:
        """A record that is not among the good ones; in ascending order."""
        self._aside.append(number)
        self._last_aside = number

    def take(self, count: int) -> pa.Array:
        """The numbers of the next `count` good records, ascending."""
        bad = np.array(self._aside, np.int64)
        numbers = np.arange(self._next, self._next + count + len(bad), dtype=np.int64)
        numbers = numbers[~np.isin(numbers, bad, assume_unique=True)][:count]
        if count:
            self._next = int(numbers[-1]) + 1
            self._aside = [number for number in self._aside if number >= self._next]
        return integers(np.ascontiguousarray(numbers))
