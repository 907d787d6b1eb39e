"""A text file as a stream of UTF-8 bytes, whatever its encoding, with a last record of our own."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

from lgdp.intake.encoding import TextFacts

LINES_AT_ONCE = 1 << 16


class Utf8Stream(io.RawIOBase):
    """Bytes of a file as UTF-8, without its mark, damaged bytes as U+FFFD.

    The first `skip` bytes (of UTF-8) are left out. `ending` is appended after a line end: a reader
    that gives it back as a record of its own was not inside a quoted field when the file ended.
    """

    def __init__(self, path: Path, facts: TextFacts, skip: int = 0, ending: bytes = b"") -> None:
        super().__init__()
        self._left = facts.end - facts.start
        plain = facts.encoding == "utf-8" and not facts.bad_bytes
        self._decoder = None if plain else codecs.getincrementaldecoder(facts.encoding)("replace")
        self._ending = b"\n" + ending if ending else b""
        self._ended = False
        self._ready = b""
        self._file = path.open("rb")
        self._file.seek(facts.start)
        while skip and (data := self.read(skip)):
            skip -= len(data)

    def readable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Close the file as well."""
        self._file.close()
        super().close()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read up to the length of `buffer` into it."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Exactly `size` bytes, fewer only at the end (all if negative).

        Arrow's CSV reader takes a short block in the middle of a file for a record too long.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        pieces, have = [self._ready], len(self._ready)
        while have < size and not self._ended:
            pieces.append(self._next(size - have))
            have += len(pieces[-1])
        data = b"".join(pieces) if len(pieces) > 2 or self._ready else pieces[-1]
        self._ready = data[size:]
        return data[:size]

    def _next(self, size: int) -> bytes:
        raw = self._file.read(min(size, self._left)) if self._left > 0 else b""
        self._left -= len(raw)
        if raw:
            return raw if self._decoder is None else self._decode(raw)
        self._ended = True
        rest = b"" if self._decoder is None else self._decode(b"")
        return rest + self._ending

    def _decode(self, raw: bytes) -> bytes:
        if self._decoder is None:
            return raw
        return self._decoder.decode(raw, final=not raw).encode("utf-8")


def read_lines(path: Path, facts: TextFacts, skip: int, longest: int) -> Iterator[str]:
    """The lines of a file, line ends kept; a line of more than `longest` characters ends it all."""
    with io.BufferedReader(Utf8Stream(path, facts, skip), LINES_AT_ONCE) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8", errors="replace", newline="")
        while line := text.readline(longest):
            yield line
            if len(line) >= longest:
                return
