"""Encodings and bytes, through the pre-check (1 to 8)."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.unit.catalogue.answers import CHILD, VISIT, answer
from tests.unit.intake.made_files import packed
from tests.unit.intake.test_workbooks import VISIT as HEADINGS
from tests.unit.intake.test_workbooks import workbook

TEXT = VISIT + "A1,01/06/2020,Y,5,£5 – café\nA2,02/06/2020,N,6,plain\n"


def test_c01_a_byte_order_mark_is_taken_off(tmp_path: Path) -> None:
    got = answer(tmp_path, {"visit.csv": b"\xef\xbb\xbf" + TEXT.encode()})
    assert (got.verdict, got.failures, got.tables) == ("clean", [], {"visit": (2, 2, 0)})


def test_c02_windows_1252_is_read_and_told(tmp_path: Path) -> None:
    got = answer(tmp_path, {"visit.csv": TEXT.encode("cp1252")})
    assert (got.verdict, got.notes, got.tables) == ("clean", ["ENCODING"], {"visit": (2, 2, 0)})
    assert got.message("ENCODING") == "The file is written in Windows-1252; it was read as such."


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""], ids=["mark", "no mark"])
def test_c03_utf_16_is_read_and_told(codec: str, mark: str, tmp_path: Path) -> None:
    got = answer(tmp_path, {"visit.csv": (mark + TEXT).encode(codec)})
    assert (got.verdict, got.notes, got.tables) == ("clean", ["ENCODING"], {"visit": (2, 2, 0)})


def test_c04_a_row_of_damaged_utf_8_is_kept_out_with_its_offset(tmp_path: Path) -> None:
    damaged = TEXT.encode() + b"A3,03/06/2020,Y,7,caf\xe9\nA4,04/06/2020,Y,7,fine\n"
    got = answer(tmp_path, {"visit.csv": damaged})
    assert (got.verdict, got.told, got.tables) == (
        "has errors",
        [("BAD_ENCODING", 3)],
        {"visit": (4, 3, 1)},
    )
    at = damaged.index(b"\xe9\n")
    message = f"Bytes that are not UTF-8 text were found at offset {at}."
    assert got.message("DAMAGED_BYTES") == message


def test_c05_rows_with_nul_bytes_are_kept_out(tmp_path: Path) -> None:
    got = answer(tmp_path, {"visit.csv": TEXT.replace("plain", "pla\0in")})
    assert (got.told, got.tables) == ([("NUL_BYTE", 2)], {"visit": (2, 1, 1)})


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (TEXT.replace("\n", "\r"), []),
        (TEXT.replace("\n", "\r\n"), []),
        (TEXT.replace("\n", "\r\n", 1), ["LINE_ENDS"]),
        (TEXT + "\x1a", []),
    ],
    ids=["CR", "CR LF", "mixed", "Ctrl-Z"],
)
def test_c06_line_ends_of_every_kind_are_taken(text: str, notes: list[str], tmp_path: Path) -> None:
    got = answer(tmp_path, {"visit.csv": text})
    assert (got.verdict, got.notes, got.tables) == ("clean", notes, {"visit": (2, 2, 0)})


@pytest.mark.parametrize(
    "code", ["\u00a0red", "RED\u200b", "\ufeffRED", " RED\t"], ids=["nbsp", "zwsp", "bom", "blanks"]
)
def test_c07_what_can_t_be_seen_is_taken_off_before_a_value_is_judged(
    code: str, tmp_path: Path
) -> None:
    got = answer(tmp_path, {"child.csv": CHILD + f"A1,01/02/2010,{code.upper()},\n"})
    assert (got.verdict, got.told) == ("clean", [])


@pytest.mark.parametrize(
    ("content", "verdict", "code"),
    [
        (gzip.compress(TEXT.encode()), "rejected", "TYPE_MISMATCH"),
        (packed({"visit.csv": TEXT}), "rejected", "TYPE_MISMATCH"),
        (b"%PDF-1.7\n", "rejected", "TYPE_MISMATCH"),
        (workbook({"visit": [HEADINGS, ("A1", "01/06/2020")]}), "clean", "MISNAMED"),
    ],
    ids=["gzip", "zip", "pdf", "xlsx"],
)
def test_c08_a_file_is_what_its_bytes_are(
    content: bytes, verdict: str, code: str, tmp_path: Path
) -> None:
    got = answer(tmp_path, {"visit.csv": content})
    assert got.verdict == verdict
    assert [row["code"] for row in got.failures] == [code]
