"""XLSX workbooks: declared sheets, cells as text, damage and bombs refused (36 and 37)."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import FileRejected
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.sent_file import look_at
from lgdp.intake.workbook import read_workbook
from tests.unit.contracts.small_conf import SPEC, care
from tests.unit.intake.sent import COUNCIL, LIMITS, SUBMISSION, read

CHILD = ("ID", "BORN", "COLOUR", "WEIGHT")
VISIT = ("ID", "SEEN", "ALONE", "MINUTES", "NOTE")
Rows = Sequence[Sequence[object]]


def workbook(sheets: Mapping[str, Rows], change: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook of those sheets; text stays text, dates are date cells."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "dd/mm/yyyy"}) as book:
        book.set_properties({"created": datetime(2021, 1, 1)})  # noqa: DTZ001  (the same bytes)
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for index, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(index, column, cell)
                    elif cell is not None:
                        sheet.write(index, column, cell)
            if change is not None:
                change(book, sheet)
    return stream.getvalue()


def test_cells_are_the_text_that_they_would_be_in_csv(tmp_path: Path) -> None:
    rows = [
        VISIT,
        ("00123", date(2021, 2, 1), True, 5.0, 12.5),
        (123, datetime(2021, 2, 1, 13, 30), False, 0.1 + 0.2, date(2021, 3, 4)),  # noqa: DTZ001
        (1234567890123456789, None, None, None, " padded "),
        (),
        ("A4", "01/02/2021", "Y", "5", "=1+1"),
    ]
    got = read(tmp_path, {"care.xlsx": workbook({"Visit": rows})})
    assert got.rows("visit", "_row", *VISIT) == [
        (1, "00123", "01/02/2021", "True", "5", "12.5"),
        (2, "123", "2021-02-01T13:30:00", "False", "0.3", "2021-03-04"),
        (3, "1.23456789012346e+18", None, None, None, " padded "),
        (4, "A4", "01/02/2021", "Y", "5", "=1+1"),
    ]
    assert [(item.code, item.message) for item in got.findings] == [
        ("BLANK_ROWS", "In sheet 'Visit': Blank rows are among the records (1).")
    ]
    assert got.encodings == {}


def test_a_file_s_name_does_not_matter(tmp_path: Path) -> None:
    content = workbook({"visit": [VISIT, ("A1",)]})
    for name in ("care.csv", "care.xls", "care", "0" * 64):
        assert read(tmp_path, {name: content}).rows("visit", "ID") == [("A1",)]


def test_columns_are_found_by_heading_and_others_kept(tmp_path: Path) -> None:
    rows = [("Note", "Colour", "id", "", "SEEN", ""), ("n", "red", "A1", "x", "d", None, "over")]
    got = read(tmp_path, {"care.xlsx": workbook({"visit": rows})})
    assert got.rows("visit", "ID", "SEEN", "NOTE", "_extra") == [
        ("A1", "d", "n", [("Colour", "red"), ("column 4", "x"), ("column 7", "over")])
    ]


def test_sheets_that_are_no_table_are_told(tmp_path: Path) -> None:
    def hide(book: Any, sheet: Any) -> None:
        if sheet.name in ("child", "scratch"):
            sheet.hide()

    sheets = {
        "Visit ": [VISIT, ("A1",)],
        "Notes": [("hello",)],
        "child": [("ID", "BORN", "COLOUR", "WEIGHT"), ("A1", "01/02/2010", "RED")],
        "scratch": [("x",)],
    }
    got = read(tmp_path, {"care.xlsx": workbook(sheets, hide)})
    assert got.rows("visit", "ID") == [("A1",)]
    assert got.rows("child", "ID", "COLOUR") == [("A1", "RED")]
    assert [(item.code, item.message) for item in got.findings] == [
        ("OTHER_SHEET", "The sheet 'Notes' is not in the return."),
        ("HIDDEN_SHEET", "The sheet 'child' is hidden; it was read."),
        ("OTHER_SHEET", "The sheet 'scratch' is not in the return."),
    ]


def test_an_empty_sheet_is_no_rows_and_a_header_may_be_below_titles(tmp_path: Path) -> None:
    got = read(tmp_path, {"care.xlsx": workbook({"visit": [], "child": [CHILD]})})
    message = "In sheet 'visit': The sheet is empty, not even a header is in it."
    assert [(item.code, item.message) for item in got.findings] == [("EMPTY_SHEET", message)]
    assert got.tables == {}
    got = read(tmp_path, {"care.xlsx": workbook({"visit": [("Visits",), (), VISIT, ("A1",)]})})
    assert got.rows("visit", "_row", "ID") == [(1, "A1")]
    message = (
        "The header was found below titles: 1 row is above it, left out. It is row 2, blank rows "
        "not counted."
    )
    assert [(item.code, item.message) for item in got.findings] == [("TITLE_ROWS", message)]
    got = read(tmp_path, {"care.xlsx": workbook({"visit": [(), (), VISIT, ("A1",)]})})
    assert got.rows("visit", "_row", "ID") == [(1, "A1")]
    assert got.findings == ()
    got = read(tmp_path, {"care.xlsx": workbook({"visit": [("Visits",), (), ("A1",)]})})
    assert got.refusals[0][0] == "UNRECOGNISED"


def test_a_missing_sheet_is_told(tmp_path: Path) -> None:
    got = read(tmp_path, {"care.xlsx": workbook({"Sheet1": [VISIT]})})
    message = "No sheet is named like a table of care; expected child, visit."
    assert got.refusals == [("NO_SHEET", message, None)]


def test_a_sheet_may_have_another_name_than_its_table(tmp_path: Path) -> None:
    spec = SPEC.replace("title: Visits", "title: Visits\n    sheet: List 2 - Visits")
    contract = care(tmp_path / "named", specs={"2020-21": spec})
    content = workbook({"list 2 visits": [VISIT, ("A1",)], "visit": [VISIT, ("A2",)]})
    got = read(tmp_path, {"care.xlsx": content}, contract=contract)
    assert got.rows("visit", "ID") == [("A1",)]
    assert got.codes == ["OTHER_SHEET"]


def test_a_long_value_is_refused(tmp_path: Path) -> None:
    content = workbook({"visit": [VISIT, ("A1",), ("A2", "", "", "", "x" * 1300)]})
    got = read(tmp_path, {"care.xlsx": content}, field_bytes=1200)
    message = "The value of NOTE in record 2 is 1,300 bytes; at most 1,200 are read."
    assert got.refusals == [("VALUE_TOO_LONG", message, 2)]


def test_c36_a_formula_is_its_cached_value(tmp_path: Path) -> None:
    def formulas(book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 3, "=2+3", None, 5)
        sheet.write_formula(1, 4, '="a"&"b"', None, "ab")

    got = read(tmp_path, {"care.xlsx": workbook({"visit": [VISIT, ("A1",)]}, formulas)})
    assert got.rows("visit", "ID", "MINUTES", "NOTE") == [("A1", "5", "ab")]


def test_c36_an_error_in_a_cell_is_not_taken_for_a_blank(tmp_path: Path) -> None:
    def errors(book: Any, sheet: Any) -> None:
        for row in range(1, 8):
            sheet.write_formula(row, 4, "=A1/0", None, "#DIV/0!")

    sheets = {"Visit": [VISIT, ("A1",)]}
    got = read(tmp_path, {"care.xlsx": workbook(sheets, errors)})
    message = (
        "Cells hold an error such as #REF! instead of a value: Visit!E2, Visit!E3, Visit!E4, "
        "Visit!E5, Visit!E6, …. Mend the formulas and send the file again."
    )
    assert got.refusals == [("CELL_ERROR", message, None)]

    def elsewhere(book: Any, sheet: Any) -> None:
        if sheet.name == "Notes":
            sheet.write_formula(1, 4, "=A1/0", None, "#DIV/0!")

    got = read(tmp_path, {"care.xlsx": workbook({**sheets, "Notes": []}, elsewhere)})
    assert got.refusals == []
    assert got.rows("visit", "ID") == [("A1",)]


def test_c36_an_error_that_is_a_null_token_of_every_column_is_a_blank(tmp_path: Path) -> None:
    def errors(book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 4, "=NA()", None, "#N/A")

    token = "defaults: {date_formats: [dd/MM/yyyy], null_tokens: ['#N/A']}"
    spec = SPEC.replace("defaults: {date_formats: [dd/MM/yyyy]}", token)
    sent = {"care.xlsx": workbook({"Visit": [VISIT, ("A1",)]}, errors)}
    got = read(tmp_path, sent, contract=care(tmp_path / "all", specs={"2020-21": spec}))
    assert got.rows("visit", "ID", "NOTE") == [("A1", None)]
    assert got.codes == ["NOT_AVAILABLE"]
    one = spec.replace("ID: {type: string,", "ID: {type: string, null_tokens: [none],")
    got = read(tmp_path, sent, contract=care(tmp_path / "one", specs={"2020-21": one}))
    assert got.codes == ["CELL_ERROR"]


def test_c36_a_formula_without_its_result_is_refused(tmp_path: Path) -> None:
    def formulas(book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 3, "=2+3", None, "")
        sheet.write_formula(2, 4, "=2+3", None, 0)

    got = read(tmp_path, {"care.xlsx": workbook({"Visit": [VISIT, ("A1",)]}, formulas)})
    message = (
        "Cells hold a formula without its result: Visit!D2. Open the workbook in a spreadsheet "
        "program, save it, and send it again; or paste the values."
    )
    assert got.refusals == [("NO_CACHED_VALUE", message, None)]


def test_c36_hidden_rows_and_columns_are_read_and_told(tmp_path: Path) -> None:
    def hide(book: Any, sheet: Any) -> None:
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(2, 3, None, None, {"hidden": True})

    rows = [VISIT, ("A1", "01/02/2021", "Y", 5, "n"), ("A2",)]
    got = read(tmp_path, {"care.xlsx": workbook({"Visit": rows}, hide)})
    assert got.rows("visit", "ID", "MINUTES") == [("A1", "5"), ("A2", None)]
    assert [(item.code, item.message) for item in got.findings] == [
        ("HIDDEN_ROWS", "Rows of the sheet 'Visit' are hidden (1); read."),
        ("HIDDEN_COLUMNS", "Columns of the sheet 'Visit' are hidden (2); read."),
    ]


def bomb(lie: bool) -> bytes:
    """Zeros packed a thousandfold; with `lie` the directory says that they are few."""
    stream = io.BytesIO(workbook({"visit": [VISIT]}))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet2.xml", b"0" * (20 << 20))
    content = bytearray(stream.getvalue())
    if lie:
        at = content.rindex(b"PK\x01\x02")
        assert struct.unpack_from("<I", content, at + 24) == (20 << 20,)
        struct.pack_into("<I", content, at + 24, 1000)
    return bytes(content)


@pytest.mark.parametrize("lie", [False, True], ids=["as said", "lied about"])
def test_c37_a_bomb_is_refused_before_it_is_unpacked(lie: bool, tmp_path: Path) -> None:
    content = bomb(lie)
    got = read(tmp_path, {"care.xlsx": content})
    message = (
        f"The workbook unpacks to more than {len(content) * 100:,} bytes ({len(content):,} packed);"
        " that is more than is read."
    )
    assert got.refusals == [("ARCHIVE_TOO_LARGE", message, None)]
    big = read(tmp_path, {"care.xlsx": content}, compression_ratio=5000, sheet_bytes=10 << 20)
    assert big.refusals[0][1].startswith("The workbook unpacks to more than 10,485,760 bytes")


def test_c37_a_long_text_in_many_cells_is_refused_before_it_is_copied(tmp_path: Path) -> None:
    rows = [VISIT, *[("A1", "", "", "", "x" * 30_000)] * 40_000]
    content = workbook({"visit": rows})
    assert len(content) < 1 << 20
    ((code, message, _),) = read(tmp_path, {"care.xlsx": content}).refusals
    assert code == "SHEET_TOO_LARGE"
    assert message == (
        "The cells of the sheet 'visit' hold more than 1,073,741,824 characters, mostly the same "
        "ones. Send the table as CSV."
    )
    fewer = workbook({"visit": rows[:100]})
    assert len(read(tmp_path, {"fewer.xlsx": fewer}).tables["visit"]) == 99


@pytest.mark.parametrize("keep", [60, 300, 2000, -1])
def test_c36_a_cut_workbook_is_refused(keep: int, tmp_path: Path) -> None:
    content = workbook({"visit": [VISIT, ("A1",)]})[:keep]
    ((code, _, _),) = read(tmp_path, {"care.xlsx": content}).refusals
    assert code in ("TYPE_MISMATCH", "UNREADABLE")


def test_c36_a_damaged_sheet_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook({"visit": [VISIT, ("A1",)]}))) as whole,
        zipfile.ZipFile(stream, "w") as packed,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            packed.writestr(name, content[:200] if "sheet1" in name else content)
    got = read(tmp_path, {"care.xlsx": stream.getvalue()})
    message = "The workbook can't be opened; save it again as .xlsx without a password."
    assert got.refusals == [("UNREADABLE", message, None)]


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    contract = care(tmp_path_factory.mktemp("care"))
    return contract.ruleset(contract.read_period("2020-21"))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_workbook_with_changed_bytes_is_rows_or_refused(
    tmp_path_factory: pytest.TempPathFactory, ruleset: Ruleset, data: st.DataObject
) -> None:
    content = bytearray(workbook({"visit": [VISIT, ("A1", date(2021, 2, 1), True, 5, "n")]}))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    folder = tmp_path_factory.mktemp("changed")
    path = folder / "care.xlsx"
    path.write_bytes(content)
    sink = BronzeSink(folder, SUBMISSION, COUNCIL)
    sent = replace(look_at(path), media_type="xlsx")
    try:
        read_workbook(sent, ruleset, LIMITS, sink)
    except FileRejected as error:
        assert error.message
    finally:
        sink.close()
