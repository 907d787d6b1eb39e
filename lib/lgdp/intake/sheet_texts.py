"""How much text the cells of a worksheet hold: one long text may be used by a million of them.

The reader of workbooks copies the text into every cell, so that a small file may take all memory.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from lxml import etree

from lgdp.errors import FileRejected

MOST_TEXT = 1 << 30
"""Characters in all cells of one sheet."""
LONGEST_CELL = 1 << 8
_USED = re.compile(rb'<(?:\w+:)?c(?=\s)[^>]*\bt="s"[^>]*>\s*<(?:\w+:)?v>(\d{1,9})<')


def text_sizes(archive: zipfile.ZipFile, part: str | None) -> npt.NDArray[np.int64]:
    """The number of characters of each shared text, in order."""
    if part is None:
        return np.empty(0, np.int64)
    sizes: list[int] = []
    with archive.open(part) as stream:
        events = etree.iterparse(
            stream, tag="{*}si", resolve_entities=False, no_network=True, load_dtd=False
        )
        for _, element in events:
            sizes.append(sum(len(text) for text in element.itertext()))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return np.array(sizes, np.int64)


def require_little_text(
    name: str, cells: int, sizes: npt.NDArray[np.int64], chunks: Iterable[bytes]
) -> None:
    """Raise FileRejected SHEET_TOO_LARGE if the cells hold more text than is read.

    The sheet is only looked at if its number of cells would allow for so much.
    """
    if not len(sizes) or int(sizes.max()) * cells <= MOST_TEXT:
        return
    total, rest = 0, b""
    for chunk in chunks:
        text = rest + chunk
        used = np.array([int(number) for number in _USED.findall(text)], np.int64)
        total += int(sizes[used[used < len(sizes)]].sum())
        if total > MOST_TEXT:
            raise FileRejected(
                "SHEET_TOO_LARGE",
                f"The cells of the sheet '{name}' hold more than {MOST_TEXT:,} characters, mostly "
                "the same ones. Send the table as CSV.",
            )
        rest = text[text.rfind(b"<c") if b"<c" in text[-LONGEST_CELL:] else len(text) :]
