"""A quote that is not closed never swallows records unseen (catalogue 11)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lgdp.intake.quotation import find_unclosed, swallows
from tests.unit.intake.sent import read

HEADER = "ID,SEEN,ALONE,MINUTES,NOTE\n"
PLAIN = "A{},01/02/2021,Y,5,x\n"
QUOTED = 'A{},01/02/2021,Y,5,"x, ""y"""\n'


def message(record: int) -> str:
    return (
        f'A value in record {record:,} opens with a quotation mark (") that is not closed, so the '
        "records after it can't be told apart. Close it, or double it if it is part of the text, "
        "and send the file again."
    )


def lines(template: str, first: int, last: int) -> str:
    return "".join(template.format(number) for number in range(first, last + 1))


@pytest.mark.parametrize("template", [PLAIN, QUOTED], ids=["no quote after", "quotes after"])
@pytest.mark.parametrize("record", [1, 5, 9, 10])
def test_the_record_is_named_wherever_it_is(record: int, template: str, tmp_path: Path) -> None:
    broken = f'A{record},01/02/2021,Y,5,"open\n'
    text = HEADER + lines(template, 1, record - 1) + broken + lines(template, record + 1, 10)
    got = read(tmp_path, {"visit.csv": text})
    assert got.refusals == [("UNCLOSED_QUOTE", message(record), record)]


def test_a_quote_that_is_closed_by_another_open_one(tmp_path: Path) -> None:
    text = HEADER + 'A1,,,,"open\n' + lines(PLAIN, 2, 4) + 'A5,,,y",x\nA6,,,,x\n'
    got = read(tmp_path, {"visit.csv": text})
    # The lines in between are whole records, which is no coincidence.
    assert got.refusals == [("UNCLOSED_QUOTE", message(1), 1)]


def test_a_quote_in_the_middle_of_a_record_is_found_too(tmp_path: Path) -> None:
    text = HEADER + 'A1,"01/02/2021,Y,5,x\n' + lines(QUOTED, 2, 4)
    got = read(tmp_path, {"visit.csv": text})
    assert got.refusals == [("UNCLOSED_QUOTE", message(1), 1)]


@pytest.mark.parametrize("after", [PLAIN, QUOTED], ids=["no quote after", "quotes after"])
def test_in_a_file_of_many_blocks_it_is_named_all_the_same(after: str, tmp_path: Path) -> None:
    before = lines(QUOTED, 1, 100_000)
    text = HEADER + before + 'A100001,,,,"open\n' + lines(after, 100_002, 400_000)
    got = read(tmp_path, {"visit.csv": text})
    assert got.refusals == [("UNCLOSED_QUOTE", message(100_001), 100_001)]


def test_line_ends_and_blank_lines_do_not_change_the_number(tmp_path: Path) -> None:
    text = (HEADER + lines(PLAIN, 1, 3) + 'A4,,,,"two\nlines"\nA5,,,,"open\nA6,,,,x\n').replace(
        "\n", "\r\n\r\n"
    )
    got = read(tmp_path, {"visit.csv": text})
    assert got.refusals == [("UNCLOSED_QUOTE", message(5), 5)]


def test_text_of_several_lines_is_not_taken_for_records(tmp_path: Path) -> None:
    notes = ["a,b\nc,d,e,f,g\nh", "1,2,3,4,5\n1,2,3,4,5", "one\n\ntwo", 'x\n"y", z\nw']
    body = "".join(
        f'A{number},,,,"{note.replace(chr(34), chr(34) * 2)}"\n'
        for number, note in enumerate(notes, start=1)
    )
    got = read(tmp_path, {"visit.csv": HEADER + body})
    assert got.rows("visit", "NOTE") == [(note,) for note in notes]
    assert got.refusals == []


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("a,b\n1,2,3,4\n5,6,7,8\nc", 4, True),
        ("a,b\n1,2,3,4\nc", 4, False),  # three delimiters may be a coincidence
        ("a,b\n1,2,3,4\n\n5,6,7,8\nc", 4, False),
        ("a\n1,2,3,4,5,6,7\nc", 7, True),
        ('a\n1,2,"3",4,5,6,7\nc', 7, True),
        ('a\n1,2,"3,4,5,6,7\nc', 7, False),
        ("1,2,3,4,5,6,7\n1,2,3,4,5,6,7", 7, False),
        ("a", 7, False),
        ("a\nb\nc\nd\ne\nf\ng\nh", 1, False),
    ],
)
def test_lines_that_are_records_are_told_from_text(text: str, width: int, expected: bool) -> None:
    assert swallows(text, ",", width) is expected


FIELD = st.text(alphabet='ab," \n\r\t;é', max_size=8)


@given(st.lists(st.lists(FIELD, min_size=2, max_size=4), max_size=8))
def test_what_a_csv_writer_writes_has_no_unclosed_quote(rows: list[list[str]]) -> None:
    text = "".join(
        ",".join('"' + field.replace('"', '""') + '"' for field in row) + "\r\n" for row in rows
    )
    assert find_unclosed(text.splitlines(keepends=True), ",", 1 << 20) is None


@given(st.integers(1, 6), st.integers(0, 6), st.booleans())
def test_an_open_quote_is_found_at_its_record(before: int, after: int, quoted: bool) -> None:
    template = 'a,"b"\n' if quoted else "a,b\n"
    text = template * before + 'a,"b\n' + template * after
    assert find_unclosed(text.splitlines(keepends=True), ",", 1 << 20) == before + 1
