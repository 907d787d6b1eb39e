"""Files in other encodings, and bytes that are not text (catalogue 1 to 8)."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from lgdp.intake.encoding import scan_text
from tests.unit.intake.sent import read

HEADER = "ID,SEEN,ALONE,MINUTES,NOTE\n"
TEXT = HEADER + "A1,01/02/2021,Y,5,£5 – café ’quoted’\nA2,02/02/2021,N,6,plain\n"
ROWS = [(1, "A1", "£5 – café ’quoted’", None), (2, "A2", "plain", None)]


@pytest.mark.parametrize(
    ("encoded", "encoding", "codes"),
    [
        (TEXT.encode(), "utf-8", []),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8", []),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le", ["ENCODING"]),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be", ["ENCODING"]),
        (TEXT.encode("cp1252"), "cp1252", ["ENCODING"]),
    ],
    ids=["utf-8", "bom", "utf-16-le", "utf-16-be", "windows-1252"],
)
def test_c01_c02_c03_the_encoding_is_found(
    encoded: bytes, encoding: str, codes: list[str], tmp_path: Path
) -> None:
    got = read(tmp_path, {"visit.csv": encoded})
    assert got.rows("visit", "_row", "ID", "NOTE", "_defect") == ROWS
    assert got.encodings == {"visit.csv": encoding}
    assert got.codes == codes


def test_c02_another_encoding_is_told(tmp_path: Path) -> None:
    got = read(tmp_path, {"visit.csv": TEXT.encode("cp1252")})
    (finding,) = got.findings
    assert finding.message == "The file is written in Windows-1252; it was read as such."
    assert (finding.severity, finding.table, finding.file) == ("info", "visit", "visit.csv")


def test_c04_a_row_with_damaged_bytes_is_set_aside_and_the_rest_passes(tmp_path: Path) -> None:
    damaged = TEXT.encode() + b"A3,03/02/2021,Y,7,caf\xe9 here\nA4,04/02/2021,Y,7,fine\n"
    got = read(tmp_path, {"visit.csv": damaged})
    assert got.rows("visit", "_row", "ID", "NOTE", "_defect") == [
        *ROWS,
        (3, "A3", "caf\ufffd here", "BAD_ENCODING"),
        (4, "A4", "fine", None),
    ]
    (finding,) = got.findings
    at = damaged.index(b"\xe9 here")
    assert finding.code == "DAMAGED_BYTES"
    assert finding.message == f"Bytes that are not UTF-8 text were found at offset {at}."


def test_c04_a_mark_says_utf_8_even_where_bytes_do_not(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + HEADER.encode() + b"A1,01/02/2021,Y,5,caf\xe9\nA2,,,,x\n"
    got = read(tmp_path, {"visit.csv": text})
    assert got.encodings == {"visit.csv": "utf-8"}
    assert got.rows("visit", "ID", "_defect") == [("A1", "BAD_ENCODING"), ("A2", None)]


def test_c04_half_a_character_of_utf_16_is_set_aside(tmp_path: Path) -> None:
    text = (HEADER + "A1,01/02/2021,Y,5,ab\nA2,,,,x\n").encode("utf-16-le")
    broken = text.replace("ab".encode("utf-16-le"), b"\x00\xd8b\x00")
    got = read(tmp_path, {"visit.csv": b"\xff\xfe" + broken})
    assert got.rows("visit", "ID", "_defect") == [("A1", "BAD_ENCODING"), ("A2", None)]
    assert got.codes == ["ENCODING", "DAMAGED_BYTES"]


def test_c04_offsets_are_right_in_every_chunk_of_a_large_file(tmp_path: Path) -> None:
    row = b"A1,01/02/2021,Y,5," + b"x" * 982 + b"\n"
    rows = [row] * 9000  # 9 MB, ASCII but for three rows
    for at, word in ((10, "é".encode()), (5000, b"\xff"), (8999, b"\xc3")):
        rows[at] = row.replace(b"xx", word.ljust(2, b"x"), 1)
    path = tmp_path / "visit.csv"
    path.write_bytes(HEADER.encode() + b"".join(rows))
    facts = scan_text(path)
    content = path.read_bytes()
    assert facts.encoding == "utf-8"
    assert facts.bad_bytes == (content.index(b"\xff"), content.rindex(b"\xc3"))
    got = read(tmp_path, {"visit.csv": content})
    bad = [row for row in got.rows("visit", "_row", "_defect") if row[1]]
    assert bad == [(5001, "BAD_ENCODING"), (9000, "BAD_ENCODING")]
    assert len(got.tables["visit"]) == 9000


def test_c04_bytes_that_windows_1252_does_not_have_are_set_aside(tmp_path: Path) -> None:
    text = HEADER.encode() + b"A1,,,,\xa35\nA2,,,,\x81\x8d\n"
    got = read(tmp_path, {"visit.csv": text})
    assert got.encodings == {"visit.csv": "cp1252"}
    assert got.rows("visit", "ID", "NOTE", "_defect") == [
        ("A1", "£5", None),
        ("A2", "\ufffd\ufffd", "BAD_ENCODING"),
    ]
    assert got.findings[1].message.startswith("Bytes that are not Windows-1252 text were found")


def test_c05_nul_bytes_set_a_row_aside(tmp_path: Path) -> None:
    text = HEADER + "A1,01/02/2021,Y,5,a\0b\nA2,02/02/2021,Y,5,ab\n"
    for content in (text.encode(), b"\xff\xfe" + text.encode("utf-16-le")):
        got = read(tmp_path, {"visit.csv": content})
        assert got.rows("visit", "_row", "NOTE", "_defect") == [
            (1, "a\0b", "NUL_BYTE"),
            (2, "ab", None),
        ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (TEXT.replace("\n", "\r"), [1, 2]),
        (TEXT.replace("\n", "\r\n"), [1, 2]),
        (TEXT.replace("\n", "\r\n", 1), [1, 2]),
        (TEXT + "\x1a", [1, 2]),
        (TEXT + "\x1a\r\n\x1a", [1, 2]),
        (TEXT.rstrip("\n"), [1, 2]),
        ("\n\r\n" + TEXT.replace("\n", "\n\n\n"), [1, 2]),
    ],
    ids=["cr", "crlf", "mixed", "ctrl-z", "ctrl-z and more", "no end", "blank lines"],
)
def test_c06_line_ends_of_every_kind(text: str, numbers: list[int], tmp_path: Path) -> None:
    got = read(tmp_path, {"visit.csv": text})
    assert got.rows("visit", "_row", "ID", "NOTE", "_defect") == ROWS
    assert got.rows("visit", "_row") == [(number,) for number in numbers]


def test_c06_a_ctrl_z_ends_a_utf_16_file_too(tmp_path: Path) -> None:
    got = read(tmp_path, {"visit.csv": b"\xfe\xff" + (TEXT + "\x1a\r\n").encode("utf-16-be")})
    assert got.rows("visit", "_row", "ID", "NOTE", "_defect") == ROWS


def workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet("other")
    return stream.getvalue()


def archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("visit.csv", TEXT)
    return stream.getvalue()


def macros() -> bytes:
    stream = io.BytesIO(workbook())
    with zipfile.ZipFile(stream, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (gzip.compress(TEXT.encode()), "a gzip archive under another name; call it .gz, or send the file in it"),
        (archive(), "a ZIP archive under another name; call it .zip, or send the files in it"),
        (b"PK\x03\x04 and nothing more", "a ZIP archive under another name; call it .zip, or send the files in it"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document; send the data itself"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "an old Office document that is no workbook; save the table as .xlsx"),
        (macros(), "a workbook with macros; save it as .xlsx, which has none"),
        (b"PAR1" + b"\0" * 20, "a Parquet file"),
        (b"\x89PNG\r\n\x1a\n", "a picture; send the data itself"),
        (bytes(range(256)) * 20, "not text, XML or a workbook"),
    ],
    ids=["gzip", "zip", "broken zip", "pdf", "ole", "xlsm", "parquet", "png", "random"],
)  # fmt: skip
def test_c08_a_file_is_what_its_bytes_are_not_its_name(
    content: bytes, what: str, tmp_path: Path
) -> None:
    got = read(tmp_path, {"visit.csv": content})
    expected = f"The file is {what}. Expected CSV or XML or XLSX."
    assert got.refusals == [("TYPE_MISMATCH", expected, None)]
    assert got.tables == {}


def test_c08_a_workbook_called_csv_is_read_as_a_workbook(tmp_path: Path) -> None:
    got = read(tmp_path, {"visit.csv": workbook()})
    assert got.refusals == [
        ("NO_SHEET", "No sheet is named like a table of care; expected child, visit.", None)
    ]
