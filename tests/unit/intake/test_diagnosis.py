"""A file that is none of the return's tables is told its own defects as well."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.unit.intake.sent import read
from tests.unit.intake.test_workbooks import workbook


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a,b,c\n1,2,3\n", []),
        ("a,b,c\n1,2\n1,2,3,4\n", ["TOO_FEW_FIELDS", "TOO_MANY_FIELDS"]),
        ("a;b;a\n1;2;3\n", ["DUPLICATE_HEADER"]),
        ("a,,c\n1,2,3\n", ["BLANK_HEADING"]),
        ("a, b\n1,2\n", ["HEADING_SPACES"]),
        ("a,b\n1,2\n\n3,4\r\n", ["LINE_ENDS", "BLANK_ROWS"]),
        ("a,b\n,\n1,2\n", ["BLANK_ROWS"]),
        ('a,b\n1,"x" y\n', ["STRAY_QUOTE"]),
        ('a,b\n1,"x\n2,y\n', ["UNCLOSED_QUOTE"]),
        ("a,b\n1,\0\n", ["NUL_BYTE"]),
        ("a,b\n1,£\n".encode("cp1252"), ["ENCODING"]),
        ("é,b\n1,\xa3\n".encode() + b"\xff,1\n", ["DAMAGED_BYTES"]),
    ],
)
def test_text_that_is_no_table(text: str | bytes, codes: list[str], tmp_path: Path) -> None:
    got = read(tmp_path, {"x.csv": text})
    assert got.codes == ["UNRECOGNISED", *codes]


def test_where_fields_are_too_few_is_said(tmp_path: Path) -> None:
    text = "a,b,c\n" + "1,2\n" * 7
    got = read(tmp_path, {"x.csv": text})
    message = "Records below the first row have fewer fields than its 3: 1, 2, 3, 4, 5, …."
    assert got.refusals[1] == ("TOO_FEW_FIELDS", message, 1)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('[{"a": 1}]', []),
        ('[{"a": 1,}]', ["NOT_WELL_FORMED"]),
        ("[1] x", ["NOT_WELL_FORMED"]),
        ('{"a": 1}\n{"a": 1, "a": 2}\n', ["DUPLICATE_KEY"]),
        ("[NaN]", ["NOT_A_NUMBER"]),
        ("[" * 100_000, ["TOO_DEEP"]),
    ],
)
def test_json_for_a_return_that_takes_none(text: str, codes: list[str], tmp_path: Path) -> None:
    got = read(tmp_path, {"x.json": text})
    assert got.codes == ["FORMAT_NOT_ACCEPTED", *codes]


def test_xml_of_another_root(tmp_path: Path) -> None:
    assert read(tmp_path, {"x.xml": "<a><b/></a>"}).codes == ["WRONG_ROOT"]
    assert read(tmp_path, {"x.xml": "<a>&</a>"}).codes == ["WRONG_ROOT", "NOT_WELL_FORMED"]


def test_a_workbook_of_other_sheets(tmp_path: Path) -> None:
    good = workbook({"Sheet1": [("a", "b")]})
    assert read(tmp_path, {"x.xlsx": good}).codes == ["NO_SHEET"]
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    got = read(tmp_path, {"y.xlsx": stream.getvalue()})
    assert got.codes == ["NO_SHEET", "UNREADABLE"]
