"""Which columns of a bronze file are tidy: no value of theirs has anything to be cleaned of.

A value is tidy if it is not empty, has no character from U+0300 on, and begins and ends with a
printed one, so that trimming it, normalising it and taking it for blank would leave it as it is:
Unicode composes nothing below U+0300 (NFC_Quick_Check, Unicode Standard Annex 15). Most columns of
most files are, and checks are spared a third of their work by knowing it from the file's footer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

KEY = b"lgdp.tidy"
FIRST_PRINTED, LAST_PRINTED = ord("!"), ord("~")
FIRST_LETTERS = 0xC3
"""The first byte in UTF-8 of U+00C0 to U+00FF; those to U+02FF are printed as well."""
COMPOSING = 0xCC
"""The first byte in UTF-8 of U+0300, the first character that may be composed with others."""


class TidyWatch:
    """Looks at the rows of one table as they pass, and forgets columns that are not tidy."""

    def __init__(self, columns: Iterable[str]) -> None:
        self._left = list(columns)

    def look(self, batch: pa.RecordBatch) -> None:
        """See more rows of the table."""
        self._left = [name for name in self._left if is_tidy(batch.column(name))]

    @property
    def metadata(self) -> dict[bytes, bytes]:
        """What is put into the footer: the columns that are tidy in all rows seen."""
        return tidy_metadata(self._left)


def tidy_metadata(columns: Iterable[str]) -> dict[bytes, bytes]:
    """Metadata of a file in which these columns are tidy."""
    return {KEY: json.dumps(sorted(columns)).encode()}


def tidy_columns(metadata: Mapping[bytes, bytes] | None) -> frozenset[str]:
    """The columns that a file's metadata calls tidy; none if it says nothing."""
    return frozenset(json.loads((metadata or {}).get(KEY, b"[]")))


def is_tidy(column: pa.Array) -> bool:
    """Whether every value of an array of strings is tidy; nulls are."""
    _, places, content = column.buffers()
    if column.null_count == len(column) or places is None or content is None:
        return bool(column.null_count == len(column))
    offsets = np.frombuffer(places, np.int32, len(column) + 1, 4 * column.offset)
    filled = offsets[1:] > offsets[:-1]
    if np.count_nonzero(filled) != len(column) - column.null_count:
        return False
    text = np.frombuffer(content, np.uint8)
    if text[offsets[0] : offsets[-1]].max() >= COMPOSING:
        return False
    ends = offsets[1:][filled] - 1
    return _are_printed(text[offsets[:-1][filled]]) and _are_printed(_first_bytes(text, ends))


def _first_bytes(text: npt.NDArray[np.uint8], ends: npt.NDArray[np.int32]) -> npt.NDArray[np.uint8]:
    """Of the characters that end at these places, each of one or two bytes, the first byte."""
    lasts = text[ends]
    if lasts.max() <= LAST_PRINTED:
        return lasts
    return text[ends - (lasts > 0x7F)]


def _are_printed(firsts: npt.NDArray[np.uint8]) -> bool:
    if firsts.min() < FIRST_PRINTED:
        return False
    others = firsts[firsts > LAST_PRINTED]
    return not len(others) or bool(others.min() >= FIRST_LETTERS)
