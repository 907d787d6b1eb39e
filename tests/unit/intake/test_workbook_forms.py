"""Workbooks of other forms than XLSX, and cells merged over rows."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from lgdp.contracts.contract import Contract
from tests.unit.contracts.small_conf import RETURN, care
from tests.unit.intake.made_files import ods, ods_rows, ole, xls
from tests.unit.intake.sent import Read, read
from tests.unit.intake.test_workbooks import CHILD, VISIT, workbook

ALL_FORMS = "formats: [csv, xml, xlsx, xls, ods]"
OLD = "OLD_WORKBOOK"


def every_form(root: Path) -> Contract:
    return care(root / "forms", ret=RETURN.replace("formats: [csv, xml, xlsx]", ALL_FORMS))


def read_form(folder: Path, name: str, content: bytes) -> Read:
    return read(folder, {name: content}, contract=every_form(folder))


def test_an_old_workbook_is_read_like_a_new_one(tmp_path: Path) -> None:
    rows = [
        ("Visits",),
        VISIT,
        ("A1", ("date", 44228.0), "Y", 5.0, "£5 – né"),
        (),
        (12.0, None, "N"),
    ]
    got = read_form(tmp_path, "care.xls", xls({"Notes": [("x",)], "visit": rows}))
    assert got.rows("visit", "_row", *VISIT) == [
        (1, "A1", "01/02/2021", "Y", "5", "£5 – né"),
        (2, "12", None, "N", None, None),
    ]
    assert got.codes == ["OTHER_SHEET", OLD, "TITLE_ROWS", "BLANK_ROWS"]


def test_an_old_workbook_may_count_days_from_1904(tmp_path: Path) -> None:
    content = xls({"visit": [VISIT, ("A1", ("date", 42766.0))]}, first_day_1904=True)
    assert read_form(tmp_path, "care.xls", content).rows("visit", "SEEN") == [("01/02/2021",)]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (xls({"visit": [VISIT]}, password=True), "ENCRYPTED", "The workbook has a password; save it without one and send it again."),
        (ole({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), "ENCRYPTED", "The workbook has a password; save it without one and send it again."),
        (ole({"Workbook": b"x", "_VBA_PROJECT": b"x"}), "TYPE_MISMATCH", "The file is a workbook with macros; save it as .xlsx, which has none. Expected CSV or XML or XLSX or XLS or ODS."),
        (ole({"WordDocument": b"x"}), "TYPE_MISMATCH", "The file is an old Office document that is no workbook; save the table as .xlsx. Expected CSV or XML or XLSX or XLS or ODS."),
        (ole({"Workbook": b"\x09\x08nonsense"}), "UNREADABLE", "The workbook is damaged and can't be unpacked; save it again."),
        (ods({"visit": ""}, "<manifest:encryption-data/>"), "ENCRYPTED", "The workbook has a password; save it without one and send it again."),
    ],
    ids=["password", "new with password", "macros", "document", "damaged", "ods with password"],
)  # fmt: skip
def test_c36_what_can_t_be_opened_is_refused_with_a_hint(
    content: bytes, code: str, said: str, tmp_path: Path
) -> None:
    assert read_form(tmp_path, "care.xls", content).refusals == [(code, said, None)]


def test_c36_an_old_workbook_whose_sectors_go_round_in_a_ring_is_refused(tmp_path: Path) -> None:
    content = bytearray(xls({"visit": [VISIT, ("A1",)]}))
    directory = 512 + 4
    assert struct.unpack_from("<I", content, directory) == (0xFFFFFFFE,)
    struct.pack_into("<I", content, directory, 1)
    got = read_form(tmp_path, "care.xls", bytes(content))
    message = "The workbook is damaged and can't be unpacked; save it again."
    assert got.refusals == [("UNREADABLE", message, None)]


def test_a_form_that_the_return_does_not_take_is_refused(tmp_path: Path) -> None:
    got = read(tmp_path, {"care.xls": xls({"visit": [VISIT]})})
    message = "The file is XLS; care is sent as CSV or XML or XLSX."
    assert got.refusals == [("FORMAT_NOT_ACCEPTED", message, None)]


def test_an_open_document_is_read_like_a_workbook(tmp_path: Path) -> None:
    rows = [VISIT, ("A1", "01/02/2021", "Y", 5, "n"), (), ("A2", None, "N", 6.5)]
    got = read_form(tmp_path, "care.ods", ods({"visit": ods_rows(rows), "other": ""}))
    assert got.rows("visit", "_row", *VISIT) == [
        (1, "A1", "01/02/2021", "Y", "5", "n"),
        (2, "A2", None, "N", "6.5", None),
    ]
    assert got.codes == ["OTHER_SHEET", "BLANK_ROWS"]


def cell(text: str, **attributes: str) -> str:
    said = "".join(
        f' {name.replace("__", ":").replace("_", "-")}="{value}"'
        for name, value in attributes.items()
    )
    return f'<table:table-cell office:value-type="string"{said}><text:p>{text}</text:p></table:table-cell>'  # fmt: skip


def test_signs_in_an_open_document_are_told(tmp_path: Path) -> None:
    header = ods_rows([VISIT]).partition("<table:table-row table:number")[0]
    first = cell("A1", table__number_rows_spanned="2")
    rows = (
        '<table:table-column table:number-columns-repeated="2" table:visibility="collapse"/>'
        + header
        + f'<table:table-row table:visibility="filter">{first}{cell("01/02/2021")}</table:table-row>'
        + f"<table:table-row><table:covered-table-cell/>{cell('02/02/2021')}</table:table-row>"
    )
    got = read_form(tmp_path, "care.ods", ods({"visit": rows}))
    assert got.rows("visit", "ID", "SEEN") == [("A1", "01/02/2021"), ("A1", "02/02/2021")]
    assert got.codes == ["HIDDEN_ROWS", "HIDDEN_COLUMNS", "MERGED_CELLS"]


@pytest.mark.parametrize(
    ("odd", "code", "said"),
    [
        (cell("#DIV/0!", calcext__value_type="error"), "CELL_ERROR", "visit!B2"),
        ('<table:table-cell table:formula="of:=1"/>', "NO_CACHED_VALUE", "visit!B2"),
        (cell("x", table__number_columns_repeated="99999999"), "SHEET_TOO_LARGE", "100,000,000 columns"),
        (cell("x", table__number_columns_repeated="many"), "UNREADABLE", "says number-columns-repeated in no number"),
    ],
)  # fmt: skip
def test_cells_of_an_open_document_that_are_refused(
    odd: str, code: str, said: str, tmp_path: Path
) -> None:
    header = ods_rows([VISIT]).partition("<table:table-row table:number")[0]
    rows = f"{header}<table:table-row>{cell('A1')}{odd}</table:table-row>"
    ((found, message, _),) = read_form(tmp_path, "care.ods", ods({"visit": rows})).refusals
    assert found == code
    assert said in message


def test_c36_a_value_merged_down_holds_for_each_row(tmp_path: Path) -> None:
    def merge(book: Any, sheet: Any) -> None:
        sheet.merge_range(2, 1, 4, 1, "A1")
        sheet.merge_range(5, 1, 5, 2, "A2")

    rows = [("Visits",), ("", *VISIT), *[("", None, f"0{day}/02/2021") for day in (1, 2, 3, 4)]]
    got = read_form(tmp_path, "care.xlsx", workbook({"visit": rows}, merge))
    assert got.rows("visit", "_row", "ID", "SEEN") == [
        (1, "A1", "01/02/2021"),
        (2, "A1", "02/02/2021"),
        (3, "A1", "03/02/2021"),
        (4, "A2", "04/02/2021"),
    ]
    message = "In sheet 'visit': Cells are merged over several rows; each of them was given the value (2 cells)."
    assert [item.message for item in got.findings if item.code == "MERGED_CELLS"] == [message]


def test_c16_a_row_of_totals_below_a_sheet_is_kept_out_or_left_out(tmp_path: Path) -> None:
    rows = [CHILD, ("A1", "01/02/2010", "RED", 5), ("Total", None, None, 5)]
    got = read_form(tmp_path, "care.xlsx", workbook({"child": rows}))
    assert got.rows("child", "_row", "ID", "_defect") == [
        (1, "A1", None),
        (2, "Total", "TOTALS_ROW"),
    ]
