"""The report as a workbook, as CSV and as a page, and that nothing in them runs."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from lgdp.errors import UsageError
from lgdp.ledger.standing import Explanation
from lgdp.reports.building import build_report
from lgdp.reports.columns import ANSWER, BECAUSE, REFERENCE
from lgdp.reports.error_report import ErrorReport
from lgdp.reports.explanations import read_explanations
from lgdp.reports.plain_text import LONGEST, fitted, inert, visible
from lgdp.reports.subject import Subject
from lgdp.reports.writing import write_report
from tests.unit.intake.sent import LIMITS
from tests.unit.reports.checked_files import VISIT, report_on
from tests.unit.reports.subjects import failures_of, subject
from tests.unit.reports.test_error_report import FILES

EVIL = '=HYPERLINK("http://x","y")'
Rows = list[dict[str, object]]


@pytest.fixture
def report(tmp_path: Path) -> ErrorReport:
    return report_on(tmp_path, FILES)


def sheet_rows(path: Path, sheet: str) -> Rows:
    rows = list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_workbook_begins_with_the_verdict_and_has_a_sheet_for_each_severity(
    report: ErrorReport, tmp_path: Path
) -> None:
    path = tmp_path / "r.xlsx"
    write_report(report, path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Summary", "Must fix", "Explain", "Notes"]
    texts = [cell.value for row in book["Summary"].iter_rows() for cell in row if cell.value]
    assert texts[:2] == ["Visits to children in care, 2020-21", "Verdict: has errors"]
    assert texts[10:15] == ["Table", "What it holds", "Received", "Kept", "Kept out"]
    sheet = book["Must fix"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:M7")


def test_a_line_of_the_workbook_has_place_value_and_words(
    report: ErrorReport, tmp_path: Path
) -> None:
    path = tmp_path / "r.xlsx"
    write_report(report, path)
    born = next(row for row in sheet_rows(path, "Must fix") if row["Rule"] == "102")
    assert born == {
        "File": "child.csv",
        "Row": 4,
        "Column": "C",
        "Column name": "BORN",
        "Record": "ID A2",
        "Value sent": "31/02/2010",
        "What is wrong": "“31/02/2010” is not a date as expected.",
        "What is expected": "A date written dd/MM/yyyy, such as 31/03/2025",
        BECAUSE: "",
        "Table": "child",
        "Rule": "102",
        "Record number": 2,
        REFERENCE: report.items[1].reference,
    }
    assert ANSWER in sheet_rows(path, "Explain")[0]


def test_explanations_come_back_for_one_failure_or_for_a_whole_rule(
    report: ErrorReport, tmp_path: Path
) -> None:
    path = tmp_path / "r.xlsx"
    write_report(report, path)
    assert read_explanations(path) == []
    book = openpyxl.load_workbook(path)
    sheet = book["Explain"]
    answer = [cell.value for cell in sheet[1]].index(ANSWER) + 1
    sheet.cell(2, answer).value = "  They live far away. "
    sheet.cell(4, answer).value = "A birthday."
    book.save(tmp_path / "filled.xlsx")
    second = [item for item in report.items if item.code == "LONG"][1]
    assert read_explanations(tmp_path / "filled.xlsx") == [
        Explanation(text="They live far away.", code="LONG", table="visit"),
        Explanation(text="A birthday.", failure=second.reference),
    ]


def test_a_workbook_that_is_no_report_is_refused(report: ErrorReport, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    path.write_bytes(b"nothing")
    with pytest.raises(UsageError, match=r"'r\.xlsx' can't be read as an error report"):
        read_explanations(path)
    write_report(report, path)
    book = openpyxl.load_workbook(path)
    book["Explain"].delete_cols(13)
    book.save(path)
    with pytest.raises(UsageError, match="needs the columns 'Your explanation' and 'Reference'"):
        read_explanations(path)


def test_a_report_that_would_take_all_memory_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Explain")
    for cell in ("A1", "XFD1048576"):
        sheet[cell] = ANSWER
    book.save(tmp_path / "r.xlsx")
    with pytest.raises(UsageError, match="can't be read as an error report"):
        read_explanations(tmp_path / "r.xlsx")


def test_c65_no_value_runs_moves_a_cursor_or_breaks_a_page(tmp_path: Path) -> None:
    values = f'A1,"{EVIL.replace(chr(34), chr(34) * 2)}",N,,<script>alert(1)</script>\n'
    values += "-5,@SUM(1),N,,\nA3,\x1b[31m\u202ex,N,,\nA4,+1,N,,\n"
    report = report_on(tmp_path, {"visit <b>.csv": VISIT + values})
    for name in ("r.xlsx", "r.csv", "r.html"):
        write_report(report, tmp_path / name)
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Must fix"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    sent = [row["Value sent"] for row in csv_rows(tmp_path / "r.csv")]
    assert {f"'{EVIL}", "'@SUM(1)", "'+1", "\\x1b[31m\\u202ex"} <= set(sent)
    assert all(not value.startswith(("=", "@", "+")) for value in sent)
    text = (tmp_path / "r.html").read_text()
    assert "\x1b" not in text
    assert "<script" not in text
    page = html.fromstring(text)
    assert page.xpath("//td[text()='visit <b>.csv']")
    assert not page.xpath("//b | //script | //link | //img | //@src | //@href")


@given(text=st.text(st.characters(exclude_categories=()), max_size=40))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)
def test_any_text_comes_back_from_a_workbook_as_it_is_shown(
    text: str, report: ErrorReport, tmp_path: Path
) -> None:
    item = replace(report.items[0], value=text)
    write_report(replace(report, items=[item]), tmp_path / "any.xlsx")
    (row,) = [row for row in sheet_rows(tmp_path / "any.xlsx", "Must fix") if row["File"]]
    assert row["Value sent"] == (visible(text) or "")


def test_a_value_longer_than_a_cell_is_cut_and_its_length_said(
    report: ErrorReport, tmp_path: Path
) -> None:
    item = replace(report.items[0], value="x" * 40_000)
    write_report(replace(report, items=[item]), tmp_path / "long.xlsx")
    value = sheet_rows(tmp_path / "long.xlsx", "Must fix")[0]["Value sent"]
    assert isinstance(value, str)
    assert (len(value), value[-22:]) == (LONGEST, "x … (40,000 characters)"[-22:])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-5", "-5"),
        ("-5.25", "-5.25"),
        ("-5+1", "'-5+1"),
        ("- no", "'- no"),
        ("=1", "'=1"),
        ("\t=1", "\\t=1"),
        ("|x", "'|x"),
        ("plain", "plain"),
    ],
)
def test_only_plain_negative_numbers_keep_their_sign_in_csv(text: str, shown: str) -> None:
    assert inert(text) == shown
    assert fitted(text) == shown.removeprefix("'")


def test_the_csv_has_the_verdict_first_and_a_line_for_each_failure(
    report: ErrorReport, tmp_path: Path
) -> None:
    path = tmp_path / "r.csv"
    write_report(report, path)
    rows = csv_rows(path)
    assert rows[0]["Section"] == "Summary"
    assert rows[0]["What is wrong"].startswith("Verdict: has errors. 5 rows of 5 are kept out")
    sections = [row["Section"] for row in rows[1:]]
    assert sections == ["Must fix"] * 6 + ["Explain"] * 4 + ["Notes"]
    assert rows[1] | {"Reference": ""} == {
        "Section": "Must fix",
        "File": "child.csv",
        "Row": "2",
        "Column": "A",
        "Column name": "COLOUR (headed “Favourite colour”)",
        "Record": "ID A1",
        "Value sent": "PINK",
        "What is wrong": "“PINK” is not a code of COLOUR in this period.",
        "What is expected": "One of: RED (Red), BLUE (Blue)",
        BECAUSE: "",
        "Table": "child",
        "Rule": "CODE_LIST",
        "Record number": "1",
        "Reference": "",
    }


def test_the_page_needs_nothing_else_and_has_a_table_for_each_section(
    report: ErrorReport, tmp_path: Path
) -> None:
    path = tmp_path / "r.html"
    write_report(report, path)
    page: etree._Element = html.fromstring(path.read_text())
    headings = [each.text for each in page.iter("h2")]
    assert headings == [
        "What to do next", "Counts", "What occurs most often", "Must fix", "Explain", "Notes",
        "What was checked",
    ]  # fmt: skip
    rows = page.xpath("//table[contains(@class, 'critical')]//tr[td]")
    cells = [cell.text for cell in rows[1]]
    assert cells[:6] == ["child.csv", "4", "C", "BORN", "ID A2", "31/02/2010"]
    assert "http" not in path.read_text()


@pytest.mark.parametrize("name", ["r.pdf", "r", "r.xlsx.txt"])
def test_another_kind_of_file_is_refused(name: str, report: ErrorReport, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"end its name in \.xlsx, \.csv, \.html"):
        write_report(report, tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_folder_that_is_not_there_is_named(report: ErrorReport, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none/r\.xlsx' can't be written: No such file"):
        write_report(report, tmp_path / "none/r.xlsx")


def test_the_same_report_is_written_in_the_same_bytes(report: ErrorReport, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_report(report, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "html"])
def test_a_hundred_thousand_failures_do_not_break_it(suffix: str, tmp_path: Path) -> None:
    made: Subject = subject(tmp_path, _many(100_000), errors=100_003)
    started = time.process_time()
    report = build_report(made, LIMITS)
    path = tmp_path / f"r.{suffix}"
    write_report(report, path)
    assert time.process_time() - started < 20
    assert len(report.items) == 1003
    assert next(report.lines("critical")).heading == (  # type: ignore[union-attr]
        "Rule TYPE of visit: 100,000 times; 1,000 listed, 99,000 more not listed. "
        "Such as: “x” is not a whole number."
    )
    assert path.stat().st_size < 1_000_000


def _many(count: int) -> pa.Table:
    failure: Mapping[str, object] = {
        "table": "visit", "file": "visit.csv", "key": "A1|01/06/2020", "severity": "critical",
        "value": "x", "message": "'x' is not a whole number; write MINUTES as that.",
    }  # fmt: skip
    many = [{**failure, "row": row, "code": "TYPE", "column": "MINUTES"} for row in range(count)]
    few = [{**failure, "row": row, "code": "FORMAT", "column": "SEEN"} for row in range(3)]
    return failures_of([*many, *few])
