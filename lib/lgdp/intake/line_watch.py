"""What is odd about the lines of a text file, though it can be read: looked at as bytes pass.

Line ends and blank lines inside of quotation marks belong to values and are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

QUOTE, LF, CR = 0x22, 0x0A, 0x0D
BESIDE_A_QUOTE = bytes([*b",;\t|\r\n", QUOTE])
"""What may stand beside a quotation mark that encloses a value, or is doubled in one."""
_MAY_BE_BESIDE = np.zeros(256, bool)
_MAY_BE_BESIDE[list(BESIDE_A_QUOTE)] = True


@dataclass(frozen=True)
class LineFacts:
    """Kinds of line ends with how often each is, blank lines among others, the first odd quote.

    A quotation mark is odd if neither of its neighbours is a delimiter, a line end or another one;
    `odd_quote` is the number of its line, null if there is none.
    """

    crlf: int = 0
    lf: int = 0
    cr: int = 0
    blank: int = 0
    odd_quote: int | None = None

    @property
    def kinds(self) -> list[str]:
        """The kinds of line ends that there are, by name."""
        counts = (("CR LF", self.crlf), ("LF", self.lf), ("CR", self.cr))
        return [name for name, count in counts if count]


class LineWatch:
    """Fed with the bytes of a text in an encoding that has ASCII in it; `facts` at the end."""

    def __init__(self) -> None:
        self._last = LF
        self._held = b""
        self._inside = False
        self._crlf = self._lf = self._cr = 0
        self._blank = self._waiting = 0
        self._seen_text = False
        self._lines = 0
        self._odd: int | None = None

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes; the last one waits until its neighbour is there."""
        data = self._held + chunk
        if len(data) > 1:
            self._look(data[:-1], data[-1])
            self._held = data[-1:]
        else:
            self._held = data

    def facts(self) -> LineFacts:
        """What was found."""
        if self._held:
            # The end of the file is as good as a line end that is no second half of another.
            self._look(self._held, CR)
            self._held = b""
        return LineFacts(self._crlf, self._lf, self._cr, self._blank, self._odd)

    def _look(self, data: bytes, after: int) -> None:
        if self._inside or b'"' in data or not self._look_at_plain(data, after):
            self._look_closely(data, after)
        self._last = data[-1]

    def _look_at_plain(self, data: bytes, after: int) -> bool:
        """Count the line ends of nearly every chunk of nearly every file; whether it is one.

        It is if nothing is enclosed, no line is blank, and all lines end in LF or all in CR LF.
        """
        codes = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(codes == LF)
        is_crlf = b"\r" in data
        joins = data[0] in (LF, CR) and self._last in (LF, CR)
        if joins or data[-1] == CR or after == CR or not self._seen_text:
            return False
        if is_crlf and (
            int(np.count_nonzero(codes == CR)) != len(ends) or not (codes[ends - 1] == CR).all()
        ):
            return False
        if len(ends) > 1 and int(np.diff(ends).min()) <= 1 + is_crlf:
            return False
        if is_crlf:
            self._crlf += len(ends)
        else:
            self._lf += len(ends)
        self._settle_blank(data, ends[:0])
        self._lines += len(ends)
        return True

    def _look_closely(self, data: bytes, after: int) -> None:
        codes = np.frombuffer(data, np.uint8)
        around = _Around(codes, self._last, after)
        has_cr = b"\r" in data
        ends = np.flatnonzero((codes == LF) | (codes == CR) if has_cr else codes == LF)
        quotes = np.flatnonzero(codes == QUOTE)
        is_odd = ~_MAY_BE_BESIDE[around.before(quotes)] & ~_MAY_BE_BESIDE[around.after(quotes)]
        # From the first odd one on it is not certain what is inside, and all is taken as outside.
        certain = 0 if self._odd is not None else len(data)
        if self._odd is None and is_odd.any():
            certain = int(quotes[is_odd][0])
            self._odd = self._lines + 1 + data.count(b"\n", 0, certain)
        is_inside = (np.searchsorted(quotes, ends) + self._inside) % 2 == 1
        outside = ends[~is_inside | (ends >= certain)]
        kinds, previous = codes[outside], around.before(outside)
        seconds = (kinds == LF) & (previous == CR)
        self._crlf += int(np.count_nonzero(seconds))
        self._lf += int(np.count_nonzero((kinds == LF) & ~seconds))
        self._cr += int(np.count_nonzero((kinds == CR) & (around.after(outside) != LF)))
        # A line is blank if its end comes right after another's.
        self._settle_blank(data, outside[~seconds & ((previous == LF) | (previous == CR))])
        self._lines += data.count(b"\n") if has_cr else len(ends)
        self._inside = self._odd is None and bool((len(quotes) + self._inside) % 2)

    def _settle_blank(self, data: bytes, blank: npt.NDArray[np.intp]) -> None:
        """Count blank lines with text before and after them."""
        first = len(data) - len(data.lstrip(b"\r\n"))
        if first == len(data):
            self._waiting += len(blank) if self._seen_text else 0
            return
        last = len(data.rstrip(b"\r\n"))
        before = int(np.count_nonzero(blank < first)) if self._seen_text else 0
        within = int(np.count_nonzero((blank >= first) & (blank < last)))
        self._blank += self._waiting + before + within
        self._waiting = int(np.count_nonzero(blank >= last))
        self._seen_text = True


class _Around:
    """The neighbours of places in a chunk, beyond whose ends there are two more bytes."""

    def __init__(self, codes: npt.NDArray[np.uint8], first: int, last: int) -> None:
        self._codes, self._first, self._last = codes, first, last

    def before(self, places: npt.NDArray[np.intp]) -> npt.NDArray[np.uint8]:
        """The byte before each of the places, which are in order."""
        found = self._codes[places - 1]
        if len(places) and places[0] == 0:
            found[0] = self._first
        return found

    def after(self, places: npt.NDArray[np.intp]) -> npt.NDArray[np.uint8]:
        """The byte after each of the places, which are in order."""
        found = self._codes.take(places + 1, mode="clip")
        if len(places) and places[-1] == len(self._codes) - 1:
            found[-1] = self._last
        return found
