"""A window on the text of a JSON file, decoded value by value with the place of every error.

The decoder is Python's own, called for one record at a time: it keeps numbers as they are written,
shows every pair of an object (so that a doubled key is seen) and says where an error is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lgdp.errors import FileRejected

READ = 1 << 20
LONGEST = 1 << 25
"""Characters of one record; a longer one is taken for an array or quote that is not closed."""
NEAR_END = 64
BLANK = " \t\r\n"


@dataclass(frozen=True)
class Constant:
    """`NaN` and the like: words that JSON does not have and that some programs write."""

    word: str


class Doubled(dict[str, object]):
    """An object in which a key occurs twice; the last value is kept."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Doubled(made)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=Constant
)


@dataclass(frozen=True)
class Decoded:
    """A value, its text, and the line on which it begins. Numbers are text as written."""

    value: object
    text: str
    line: int


class JsonWindow:
    """`read` gives up to so many characters, fewer only at the end."""

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read = read
        self._text, self._at, self._ended = "", 0, False
        self._lines, self._column = 0, 0

    @property
    def line(self) -> int:
        """The line of the place that has been reached, from 1."""
        return self._place(self._at)[0]

    def peek(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in BLANK:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, character: str) -> bool:
        """Go past a character if it is the next one."""
        if self.peek() != character:
            return False
        self._at += 1
        return True

    def require(self, *characters: str) -> str:
        """Go past one of these characters, and say which. FileRejected NOT_WELL_FORMED if none."""
        found = self.peek()
        if found not in characters or not found:
            raise self.not_well_formed(f"Expecting {' or '.join(map(repr, characters))}")
        self._at += 1
        return found

    def decode(self) -> Decoded:
        """The next value.

        Raises FileRejected: NOT_WELL_FORMED (line, column), TOO_DEEP, RECORD_TOO_LONG.
        """
        self.peek()
        self._forget()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._may_go_on(error) and self._more():
                    continue
                if len(self._text) - self._at > LONGEST:
                    raise self._too_long() from error
                raise self.not_well_formed(error.msg, error.pos) from error
            except RecursionError as error:
                raise too_deep(self.line) from error
            if end < len(self._text) or not self._more():
                decoded = Decoded(value, self._text[self._at : end], self.line)
                self._at = end
                return decoded

    def items(self) -> Iterator[None]:
        """Before each item of an array or object whose first bracket was taken; to its end."""
        if self.take("]"):
            return
        while True:
            yield
            if self.require(",", "]") == "]":
                return

    def not_well_formed(self, reason: str, at: int | None = None) -> FileRejected:
        """What is wrong, and where."""
        line, column = self._place(self._at if at is None else at)
        reason = reason.removesuffix(" at").removesuffix(" starting").strip()
        return FileRejected(
            "NOT_WELL_FORMED",
            f"The file is not well-formed JSON at line {line:,}, column {column:,}: {reason}.",
        )

    def _too_long(self) -> FileRejected:
        return FileRejected(
            "RECORD_TOO_LONG",
            f"The record at line {self.line:,} is longer than {LONGEST:,} characters, or a bracket "
            "or quotation mark in it is not closed.",
        )

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        """Whether what seems wrong may be the end of what was read."""
        if len(self._text) - self._at > LONGEST:
            return False
        return error.pos + NEAR_END >= len(self._text) or error.msg.startswith("Unterminated")

    def _more(self) -> bool:
        if self._ended:
            return False
        # As much again as waits, so that a long record is not decoded over and over.
        text = self._read(max(READ, len(self._text) - self._at))
        self._ended = not text
        self._text += text
        return bool(text)

    def _forget(self) -> None:
        """Let go of what has been decoded."""
        if self._at < READ:
            return
        line, column = self._place(self._at)
        self._lines, self._column = line - 1, column - 1
        self._text, self._at = self._text[self._at :], 0

    def _place(self, at: int) -> tuple[int, int]:
        lines = self._text.count("\n", 0, at)
        if lines == 0:
            return self._lines + 1, self._column + at + 1
        return self._lines + lines + 1, at - self._text.rfind("\n", 0, at)


def too_deep(line: int, most: int | None = None) -> FileRejected:
    """Values inside of values inside of values."""
    limit = f"deeper than {most}" if most else "far too deep"
    return FileRejected("TOO_DEEP", f"Values are nested {limit} in the record at line {line:,}.")
