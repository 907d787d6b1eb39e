"""Line ends, blank lines and odd quotation marks, counted as bytes pass in any pieces."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lgdp.intake.line_watch import LineFacts, LineWatch


def watched(text: bytes, size: int = 1 << 20) -> LineFacts:
    watch = LineWatch()
    for start in range(0, len(text), size):
        watch.feed(text[start : start + size])
    return watch.facts()


@pytest.mark.parametrize("size", [1 << 20, 3, 2, 1])
@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (b"", LineFacts()),
        (b"a\nb\n", LineFacts(lf=2)),
        (b"a\r\nb\r\n", LineFacts(crlf=2)),
        (b"a\rb\r", LineFacts(cr=2)),
        (b"a\r\nb\nc\rd", LineFacts(crlf=1, lf=1, cr=1)),
        (b"\n\na\n\n\nb\n\n", LineFacts(lf=7, blank=2)),
        (b"a\r\n\r\nb\r\n", LineFacts(crlf=3, blank=1)),
        (b"a\r\rb", LineFacts(cr=2, blank=1)),
        (b'"a\n\nb",c\r\n', LineFacts(crlf=1)),
        (b'"a ""b"" c","",""""\n', LineFacts(lf=1)),
        (b'x\n5" pipe,1\n', LineFacts(lf=2, odd_quote=2)),
        (b'a, "b"\n', LineFacts(lf=1, odd_quote=1)),
        (b'"a" ,b\n', LineFacts(lf=1, odd_quote=1)),
        (b'"a";"b"\t"c"|"d"\n', LineFacts(lf=1)),
    ],
)
def test_what_is_odd_is_counted(text: bytes, facts: LineFacts, size: int) -> None:
    assert watched(text, size) == facts


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(["a", ",", "\n", "\r\n", "\r", '"'])), st.integers(1, 7))
def test_pieces_make_no_difference_and_lines_are_those_of_splitlines(
    parts: list[str], size: int
) -> None:
    text = "".join(parts).encode()
    facts = watched(text, size)
    assert facts == watched(text)
    if b'"' not in text:
        ends = re.findall(rb"\r\n|\n|\r", text)
        counts = [ends.count(end) for end in (b"\r\n", b"\n", b"\r")]
        assert [facts.crlf, facts.lf, facts.cr] == counts
        assert facts.blank == text.strip(b"\r\n").splitlines().count(b"")
