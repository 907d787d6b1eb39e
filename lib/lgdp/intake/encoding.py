"""The encoding of a text file: a byte-order mark, else strict UTF-8, else Windows-1252."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lgdp.intake.decode_check import MOST_OFFSETS, DecodeCheck
from lgdp.intake.line_watch import LineFacts, LineWatch
from lgdp.intake.sent_file import CHUNK

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
ENDS = {
    "utf-8": re.compile(rb"(?:\x1a[\x1a\r\n]*)\Z"),
    "utf-16-le": re.compile(rb"(?:\x1a\0(?:[\x1a\r\n]\0)*)\Z"),
    "utf-16-be": re.compile(rb"(?:\0\x1a(?:\0[\x1a\r\n])*)\Z"),
}
"""A Ctrl-Z with which DOS programs end a file, and line ends after it."""
TAIL = 4096
MOSTLY, RARELY = 0.7, 0.1
REPLACEMENT = "\ufffd"
"""Stands, after transcoding, for bytes that are not text; rows that hold it are set aside."""


@dataclass(frozen=True)
class TextFacts:
    """What one pass over a text file found.

    `encoding` is a Python codec; the text is the bytes from `start` to `end`. `bad_bytes` are the
    offsets in the file of bytes that are not valid in the encoding (the first thousand). `lines` is
    null for UTF-16, whose line ends are not looked at.
    """

    encoding: str
    start: int
    end: int
    nul: bool
    bad_bytes: tuple[int, ...] = ()
    lines: LineFacts | None = None


def scan_text(path: Path) -> TextFacts:
    """Find encoding and shape of a text file in one pass, in constant memory.

    A file without a mark that is not wholly valid UTF-8 is Windows-1252, unless it also holds
    valid multi-byte UTF-8 characters: then it is UTF-8 with damaged rows.
    """
    with path.open("rb") as stream:
        head = stream.read(TAIL)
    mark, encoding = next(
        ((mark, encoding) for mark, encoding in BOMS if head.startswith(mark)),
        (b"", _without_mark(head)),
    )
    start, end = len(mark), _end(path, encoding)
    check, watch = DecodeCheck(encoding, start), LineWatch()
    nul, is_bytewise = False, encoding == "utf-8"
    for chunk in _chunks(path, start, end):
        nul = nul or (is_bytewise and b"\0" in chunk)
        check.feed(chunk)
        if is_bytewise:
            watch.feed(chunk)
    bad, lines = check.finish(), watch.facts() if is_bytewise else None
    if bad and not mark and check.multibyte == 0:
        return TextFacts("cp1252", start, end, nul, tuple(_undefined(path, end)), lines)
    return TextFacts(encoding, start, end, nul or check.nul, bad, lines)


def _without_mark(head: bytes) -> str:
    """UTF-16 shows by a NUL in nearly every second byte of what is mostly ASCII."""
    half = len(head) // 2
    if half and head[1::2].count(0) > half * MOSTLY and head[::2].count(0) < half * RARELY:
        return "utf-16-le"
    if half and head[::2].count(0) > half * MOSTLY and head[1::2].count(0) < half * RARELY:
        return "utf-16-be"
    return "utf-8"


def _end(path: Path, encoding: str) -> int:
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - TAIL))
        ending = ENDS[encoding].search(stream.read())
    return size - len(ending[0]) if ending else size


def _chunks(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(start)
        while start < end and (chunk := stream.read(min(CHUNK, end - start))):
            start += len(chunk)
            yield chunk


def _undefined(path: Path, end: int) -> Iterator[int]:
    """Offsets of the five bytes that Windows-1252 gives no character."""
    base, found = 0, 0
    for chunk in _chunks(path, 0, end):
        for match in NOT_IN_CP1252.finditer(chunk):
            found += 1
            if found > MOST_OFFSETS:
                return
            yield base + match.start()
        base += len(chunk)
