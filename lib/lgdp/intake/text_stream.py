"""A text file as a stream of UTF-8 bytes, whatever its encoding, with a last record of our own."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

from lgdp.intake.encoding import TextFacts

CTRL_Z = b"\x1a"


class Utf8Stream(io.RawIOBase):
    """Bytes of a file as UTF-8: mark and trailing Ctrl-Z removed, damaged bytes as U+FFFD.

    `ending` is appended after a line end. A reader that gives it back as a record of its own was
    not inside a quoted field when the file ended.
    """

    def __init__(self, path: Path, facts: TextFacts, ending: bytes = b"") -> None:
        super().__init__()
        self._file = path.open("rb")
        self._file.seek(facts.bom)
        plain = facts.encoding == "utf-8" and not facts.bad_bytes
        self._decoder = None if plain else codecs.getincrementaldecoder(facts.encoding)("replace")
        self._ending = ending
        self._ended = False
        self._ready = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Close the file as well."""
        self._file.close()
        super().close()

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; the last call before the end gives the ending."""
        if self._ready:
            data, self._ready = self._ready[:size], self._ready[size:]
            return data
        if self._ended:
            return b""
        raw = self._file.read(size)
        data = raw if self._decoder is None else self._decode(raw)
        while raw and not data:
            raw = self._file.read(size)
            data = self._decode(raw)
        if not raw:
            self._ended = True
            data += b"\n" + self._ending if self._ending else b""
        elif data.endswith(CTRL_Z) and not self._file.peek(1):
            data = data.rstrip(CTRL_Z)
        if 0 <= size < len(data):
            self._ready = data[size:]
            data = data[:size]
        return data

    def _decode(self, raw: bytes) -> bytes:
        assert self._decoder is not None
        return self._decoder.decode(raw, final=not raw).encode("utf-8")
