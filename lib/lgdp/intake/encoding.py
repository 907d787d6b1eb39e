"""The encoding of a text file: a byte-order mark, else strict UTF-8, else Windows-1252."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lgdp.intake.sent_file import CHUNK

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MOST_OFFSETS = 1000
REPLACEMENT = "\ufffd"
"""Stands, after transcoding, for bytes that are not text; rows that hold it are set aside."""


@dataclass(frozen=True)
class TextFacts:
    """What one pass over a text file found.

    `encoding` is a Python codec; `bom` its mark's length. `newlines` counts line ends.
    `bad_bytes` are the offsets of bytes that are not valid in the encoding (the first thousand).
    """

    encoding: str
    bom: int
    newlines: int
    nul: bool
    ascii: bool
    bad_bytes: tuple[int, ...] = ()


def scan_text(path: Path) -> TextFacts:
    """Find encoding and shape of a text file in one pass, in constant memory.

    A file that is not wholly valid UTF-8 is Windows-1252 unless it also holds valid multi-byte
    UTF-8 characters: then it is UTF-8 with damaged rows.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    for mark, encoding in BOMS:
        if head.startswith(mark) and encoding != "utf-8":
            return TextFacts(encoding, len(mark), _count(path, encoding), False, False)
    bom = 3 if head.startswith(codecs.BOM_UTF8) else 0
    newlines, returns, nul, is_ascii = 0, 0, False, True
    decoder = _Utf8Checker()
    with path.open("rb") as stream:
        stream.seek(bom)
        while chunk := stream.read(CHUNK):
            newlines += chunk.count(b"\n")
            returns += chunk.count(b"\r") if newlines == 0 else 0
            nul = nul or b"\0" in chunk
            if not chunk.isascii() or decoder.pending:
                is_ascii = False
                decoder.feed(chunk)
    multibyte, bad = decoder.finish()
    if bad and multibyte == 0:
        undefined = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
        offsets = tuple(_offsets(path, undefined))
        return TextFacts("cp1252", bom, newlines or returns, nul, False, offsets)
    return TextFacts("utf-8", bom, newlines or returns, nul, is_ascii, tuple(bad))


class _Utf8Checker:
    """Counts valid multi-byte characters and remembers the offsets of invalid bytes."""

    def __init__(self) -> None:
        self.pending = b""
        self.multibyte = 0
        self.bad: list[int] = []
        self.offset = 0

    def feed(self, chunk: bytes, final: bool = False) -> None:
        data = memoryview(self.pending + chunk)
        start = self.offset - len(self.pending)
        self.offset += len(chunk)
        position = 0
        while not self.decided:
            try:
                text, used = codecs.utf_8_decode(data[position:], "strict", final)
            except UnicodeDecodeError as error:
                good = codecs.utf_8_decode(data[position : position + error.start])[0]
                self.multibyte += error.start - len(good)
                self.bad.append(start + position + error.start)
                position += error.end
                continue
            self.multibyte += used - len(text)
            self.pending = bytes(data[position + used :])
            return

    @property
    def decided(self) -> bool:
        """A thousand bad bytes say all there is to say."""
        return len(self.bad) >= MOST_OFFSETS

    def finish(self) -> tuple[int, list[int]]:
        if self.pending:
            self.feed(b"", final=True)
        return self.multibyte, self.bad


def _offsets(path: Path, needles: tuple[bytes, ...]) -> Iterator[int]:
    base, found = 0, 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            for offset in sorted(i for needle in needles for i in _positions(chunk, needle)):
                found += 1
                if found > MOST_OFFSETS:
                    return
                yield base + offset
            base += len(chunk)


def _positions(chunk: bytes, needle: bytes) -> Iterator[int]:
    at = chunk.find(needle)
    while at >= 0:
        yield at
        at = chunk.find(needle, at + 1)


def _count(path: Path, encoding: str) -> int:
    newline = "\n".encode(encoding)
    with path.open("rb") as stream:
        return sum(chunk.count(newline) for chunk in iter(lambda: stream.read(CHUNK), b""))
