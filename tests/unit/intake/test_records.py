"""Delimited text: records, their numbers, and those that are set aside (catalogue 9 to 20)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.unit.contracts.small_conf import care
from tests.unit.intake.sent import read

HEADER = "ID,SEEN,ALONE,MINUTES,NOTE\n"
PLACE = ("_row", "ID", "_defect", "_raw")


def test_c09_doubled_quotes_and_delimiters_in_quotes(tmp_path: Path) -> None:
    text = (
        HEADER + 'A1,01/02/2021,Y,5,"He said ""no"", twice"\nA2,,,,5" pipe\nA3,,,,""\nA4,,,,\\"\n'
    )
    got = read(tmp_path, {"visit.csv": text})
    assert got.rows("visit", "_row", "NOTE") == [
        (1, 'He said "no", twice'),
        (2, '5" pipe'),
        (3, None),
        (4, '\\"'),
    ]
    (note,) = got.findings
    assert (note.code, note.severity) == ("STRAY_QUOTE", "info")
    assert note.message.startswith("A quotation mark is in the midst of a value, first in line 3;")


def test_c10_a_line_end_in_quotes_is_part_of_the_value(tmp_path: Path) -> None:
    text = HEADER + 'A1,,,,"one\ntwo\r\n\nthree"\nA2,,,,x\n"A\r3",,,,"a, b, c\nd, e"\n'
    got = read(tmp_path, {"visit.csv": text})
    assert got.rows("visit", "_row", "ID", "NOTE") == [
        (1, "A1", "one\ntwo\r\n\nthree"),
        (2, "A2", "x"),
        (3, "A\r3", "a, b, c\nd, e"),
    ]
    assert got.findings == ()


def test_c12_short_and_long_records_keep_their_place_and_text(tmp_path: Path) -> None:
    text = (
        HEADER + "first\nA2,02/02/2021,Y,5,x\n\nA3,03/02/2021\n"
        'A4,"4,4",Y,5,x,more\nA5,,,,\nA6,,,,,,\nlast,"a\nb"\n'
    )
    got = read(tmp_path, {"visit.csv": text})
    assert got.rows("visit", *PLACE) == [
        (1, None, "TOO_FEW_FIELDS", "first"),
        (2, "A2", None, None),
        (3, None, "TOO_FEW_FIELDS", "A3,03/02/2021"),
        (4, None, "TOO_MANY_FIELDS", 'A4,"4,4",Y,5,x,more'),
        (5, "A5", None, None),
        (6, None, "TOO_MANY_FIELDS", "A6,,,,,,"),
        (7, None, "TOO_FEW_FIELDS", 'last,"a\nb"'),
    ]
    assert got.codes == ["BLANK_ROWS"]


def test_c12_a_file_of_nothing_but_bad_records(tmp_path: Path) -> None:
    got = read(tmp_path, {"visit.csv": HEADER + "x\n" * 5000})
    assert got.rows("visit", "_row", "_defect") == [
        (number, "TOO_FEW_FIELDS") for number in range(1, 5001)
    ]


@pytest.mark.parametrize("share", [0.0005, 0.3, 0.98])
def test_c12_numbers_are_exact_over_many_blocks(share: float, tmp_path: Path) -> None:
    chance = random.Random(4)  # noqa: S311  (no secret)
    lines, expected = [], []
    for number in range(1, 60_001):
        if chance.random() < share:
            lines.append(f"bad {number}" + ",x" * chance.choice([1, 7]))
            expected.append((number, None, lines[-1]))
        else:
            padding = "y" * chance.randrange(300)
            note = f'"{number}\n{padding}"' if number % 5 == 0 else f"{number} {padding}"
            lines.append(f"A{number},,,,{note}")
            expected.append((number, f"A{number}", None))
    text = HEADER + "\n".join(lines)  # 9 MB of good records, and no line end at the end
    got = read(tmp_path, {"visit.csv": text})
    assert got.rows("visit", "_row", "ID", "_raw") == expected
    assert got.findings == ()


def test_c17_a_first_row_that_is_a_header_settles_the_delimiter(tmp_path: Path) -> None:
    under_another = "a;b;c\nID;SEEN;ALONE;MINUTES;NOTE\n"
    got = read(tmp_path, {"visit.csv": HEADER + "A1,,,,x;y;z\n" + under_another})
    assert got.rows("visit", "_row", "ID", "_defect")[:2] == [
        (1, "A1", None),
        (2, None, "TOO_FEW_FIELDS"),
    ]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_c17_other_delimiters_are_found(delimiter: str, tmp_path: Path) -> None:
    text = HEADER + 'A1,01/02/2021,Y,5,"x;\t|y"\n'
    text = text.replace(",", delimiter)
    got = read(tmp_path, {"visit.txt": text})
    assert got.rows("visit", "ID", "SEEN", "NOTE") == [("A1", "01/02/2021", "x;\t|y")]


def test_c18_a_header_alone_is_no_rows_and_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert read(tmp_path, {"visit.csv": HEADER}).findings == ()
    assert read(tmp_path, {"visit.csv": HEADER.rstrip()}).tables == {}
    for content in (b"", b"\n \r\n", b"\xef\xbb\xbf\n", b"\x1a", b"\0\0"):
        got = read(tmp_path, {"visit.csv": content})
        message = "The file is empty, not even a header is in it."
        assert got.refusals == [("EMPTY_FILE", message, None)]


def test_c18_blank_lines_before_the_header_are_no_empty_file(tmp_path: Path) -> None:
    got = read(tmp_path, {"visit.csv": "\n" * 10_000 + HEADER + "A1,,,,\n"})
    assert got.rows("visit", "_row", "ID") == [(1, "A1")]


def test_c20_a_value_that_is_too_long_is_refused(tmp_path: Path) -> None:
    text = HEADER + "A1,,,,x\nbad\nA3,,,," + "é" * 600 + "\n"
    got = read(tmp_path, {"visit.csv": text}, field_bytes=1199)
    message = "The value of NOTE in record 3 is 1,200 bytes; at most 1,199 are read."
    assert got.refusals == [("VALUE_TOO_LONG", message, 3)]
    assert read(tmp_path, {"visit.csv": text}, field_bytes=1200).refusals == []


def test_c20_too_many_columns_are_refused(tmp_path: Path) -> None:
    header = HEADER.rstrip() + "".join(f",X{number}" for number in range(46))
    got = read(tmp_path, {"visit.csv": header + "\n"})
    message = "The file has 51 columns; at most 50 are read."
    assert got.refusals == [("TOO_MANY_COLUMNS", message, None)]


def test_c20_a_record_longer_than_a_block_is_refused(tmp_path: Path) -> None:
    text = HEADER + "A1,,,,x\n" + "A2,,,,x\n" * 5 + "y" * (9 << 20) + "\nA9,,,,x\n"
    got = read(tmp_path, {"visit.csv": text})
    ((code, message, row),) = got.refusals
    assert (code, row) == ("RECORD_TOO_LONG", 7)
    assert message == (
        "A record after record 6 is longer than 4,194,304 bytes; no record of a return is."
    )


ALONE = """\
first: 2020-21
description: One table of one column.
tables: {child: {key: [ID], columns: {ID: {type: string}}}}
"""


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    contract = care(tmp_path / "one", specs={"2020-21": ALONE})
    got = read(tmp_path, {"child.csv": 'ID\nA1\n\n""\n"a,b"\nc,d\n'}, contract=contract)
    assert got.rows("child", "_row", "ID", "_defect") == [
        (1, "A1", None),
        (2, None, None),
        (3, "a,b", None),
        (4, None, "TOO_MANY_FIELDS"),
    ]


def test_every_row_says_whose_it_is_and_from_which_file(tmp_path: Path) -> None:
    files = {"visit 1%.csv": HEADER + "A1,,,,\nbad\n", "_visit2.csv": HEADER + "A2,,,,\n"}
    got = read(tmp_path, files)
    rows = [
        (row["_file"], row["_row"], row["_submission"], row["_council"])
        for row in got.tables["visit"]
    ]
    assert sorted(rows) == [
        ("_visit2.csv", 1, "0" * 32, "S12000047"),
        ("visit 1%.csv", 1, "0" * 32, "S12000047"),
        ("visit 1%.csv", 2, "0" * 32, "S12000047"),
    ]
