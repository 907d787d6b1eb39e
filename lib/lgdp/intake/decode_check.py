"""Whether bytes are text of an encoding, looked at chunk by chunk without keeping the text."""

from __future__ import annotations

import codecs
from collections.abc import Callable

MOST_OFFSETS = 1000
_DECODERS: dict[str, Callable[[bytes, str, bool], tuple[str, int]]] = {
    "utf-8": codecs.utf_8_decode,
    "utf-16-le": codecs.utf_16_le_decode,
    "utf-16-be": codecs.utf_16_be_decode,
}


class DecodeCheck:
    """Counts bytes beyond one per character and remembers where bytes are not valid.

    `start` is the offset in the file of the first byte that is fed.
    """

    def __init__(self, encoding: str, start: int) -> None:
        self._decode, self._is_utf8 = _DECODERS[encoding], encoding == "utf-8"
        self._pending = b""
        self._offset = start
        self._bad: list[int] = []
        self.multibyte = 0
        self.nul = False

    def feed(self, chunk: bytes, final: bool = False) -> None:
        """Look at the next bytes."""
        start = self._offset - len(self._pending)
        self._offset += len(chunk)
        if self._is_decided or (self._is_utf8 and not self._pending and chunk.isascii()):
            return
        data = memoryview(self._pending + chunk)
        position = 0
        while not self._is_decided:
            try:
                text, used = self._decode(data[position:], "strict", final)  # type: ignore[arg-type]
            except UnicodeDecodeError as error:
                self._count(*self._decode(data[position : position + error.start], "strict", True))  # type: ignore[arg-type]
                self._bad.append(start + position + error.start)
                position += error.end
                continue
            self._count(text, used)
            self._pending = bytes(data[position + used :])
            return

    def finish(self) -> tuple[int, ...]:
        """The offsets of bytes that are not valid, at most a thousand."""
        if self._pending:
            self.feed(b"", final=True)
        return tuple(self._bad)

    @property
    def _is_decided(self) -> bool:
        """A thousand bad bytes say all there is to say."""
        return len(self._bad) >= MOST_OFFSETS

    def _count(self, text: str, used: int) -> None:
        self.multibyte += used - len(text)
        self.nul = self.nul or (not self._is_utf8 and "\0" in text)
