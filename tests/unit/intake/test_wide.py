"""Wide tables: a column for each year and measure becomes a row for each year."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lgdp.contracts.contract import Contract
from lgdp.errors import ConfigurationError
from tests.unit.contracts.small_conf import care
from tests.unit.intake.sent import Read, read
from tests.unit.intake.test_workbooks import workbook

SPEC = """\
first: 2020-21
description: A wide table.
tables:
  indicator:
    title: Indicators by year
    key: [code, year]
    columns:
      code: {type: string, required: true, headers: [Indicator code]}
      title: {type: string}
      year: {type: string, required: true}
      numerator: {type: "decimal(18,4)"}
      denominator: {type: "decimal(18,4)"}
      value: {type: "decimal(18,4)"}
    layout: wide
    wide:
      names: year
      pattern: '[0-9]{4}-[0-9]{2}'
      measures: {numerator: [num], denominator: [den], value: [""]}
      example: 2023-24 Numerator
"""
FIGURES = ("_row", "code", "year", "numerator", "denominator", "value")
HEADER = "Indicator code,Title,2019-20 num,Denominator (2019-20),2020-21 Numerator,2020-21\n"


def indicators(root: Path, *changes: tuple[str, str]) -> Contract:
    """The contract with pieces of its spec changed."""
    spec = SPEC
    for old, new in changes:
        assert old in spec
        spec = spec.replace(old, new)
    return care(root / "wide", specs={"2020-21": spec})


def read_wide(folder: Path, files: dict[str, bytes | str], *changes: tuple[str, str]) -> Read:
    return read(folder, files, contract=indicators(folder, *changes))


def notes(got: Read) -> list[tuple[str, str]]:
    return [(item.code, item.message) for item in got.findings]


def test_a_record_becomes_a_row_for_each_year(tmp_path: Path) -> None:
    text = HEADER + "C1,Cost,1,2,3,4.5\nC2,Size,5,,,\nC3,Both,,6,7,\n"
    got = read_wide(tmp_path, {"indicator.csv": text})
    assert sorted(got.rows("indicator", *FIGURES)) == [
        (1, "C1", "2019-20", "1", "2", None),
        (1, "C1", "2020-21", "3", None, "4.5"),
        (2, "C2", "2019-20", "5", None, None),
        (3, "C3", "2019-20", None, "6", None),
        (3, "C3", "2020-21", "7", None, None),
    ]
    assert got.rows("indicator", "title")[0] == ("Cost",)
    assert got.findings == ()


def test_blanks_and_words_for_nothing_make_no_row_and_are_told(tmp_path: Path) -> None:
    text = HEADER + "C1,Cost,#N/A, n/a,3,\nC2,Size,,,,\nC3,None,#N/A,,,\n"
    got = read_wide(tmp_path, {"indicator.csv": text})
    assert got.rows("indicator", *FIGURES) == [(1, "C1", "2020-21", "3", None, None)]
    assert notes(got) == [
        ("NO_FIGURES", "Records 2, 3 hold no figure; no row was made of it."),
        ("NOT_AVAILABLE", "No figure is available in 3 cells; taken as blank."),
    ]


def test_rows_without_figures_are_kept_where_declared(tmp_path: Path) -> None:
    more = ("names: year", "names: year\n      keep_blank: true")
    got = read_wide(tmp_path, {"indicator.csv": HEADER + "C1,Cost,,,3,\n"}, more)
    assert sorted(got.rows("indicator", *FIGURES)) == [
        (1, "C1", "2019-20", None, None, None),
        (1, "C1", "2020-21", "3", None, None),
    ]


def test_footnotes_below_and_marks_on_figures_are_left_out_and_kept(tmp_path: Path) -> None:
    text = HEADER + "C1,Cost,1*,2 [r],-3²,4\n* provisional\n[r] revised,,,,,\n"
    got = read_wide(tmp_path, {"indicator.csv": text})
    assert sorted(got.rows("indicator", *FIGURES, "_extra"), key=str) == [
        (1, "C1", "2019-20", "1", "2", None, [("numerator footnote", "*"), ("denominator footnote", "[r]")]),
        (1, "C1", "2020-21", "-3", None, "4", [("numerator footnote", "²")]),
    ]  # fmt: skip
    assert notes(got) == [
        ("FOOTNOTE", "Records 2, 3 hold a text and nothing else; left out."),
        ("FOOTNOTE_MARK", "A footnote mark was taken off, and kept, in 3 cells."),
    ]


def test_damaged_records_are_set_aside_whole(tmp_path: Path) -> None:
    text = HEADER.encode() + b"C1,Cost,1,2,3,4\nC2,Caf\xff,1,2,3,4\nC3,\xc3\xa9,5\n"
    got = read_wide(tmp_path, {"indicator.csv": text})
    assert sorted(got.rows("indicator", "_row", "code", "_raw", "_defect"), key=str) == [
        (1, "C1", None, None),
        (1, "C1", None, None),
        (2, None, "C2,Caf�,1,2,3,4", "BAD_ENCODING"),
        (3, None, "C3,é,5", "TOO_FEW_FIELDS"),
    ]


def test_years_above_measures_are_read_with_them(tmp_path: Path) -> None:
    two = ("names: year", "names: year\n      header_rows: 2")
    text = "Benchmarks\n,,2019-20,,2020-21,,\nCode,Title,Numerator,Denominator,Numerator,Value,Comment\nC1,Cost,1,2,3,4,why\n"
    got = read_wide(tmp_path, {"indicator.csv": text}, two, ('[""]', "[]"))
    assert sorted(got.rows("indicator", *FIGURES, "_extra")) == [
        (1, "C1", "2019-20", "1", "2", None, [("2020-21 Comment", "why")]),
        (1, "C1", "2020-21", "3", None, "4", [("2020-21 Comment", "why")]),
    ]
    assert notes(got) == [
        ("TITLE_ROWS", "The header was found below titles: 1 row is above it, left out. It is row 2, blank rows not counted."),
        ("UNKNOWN_COLUMN", "The column '2020-21 Comment' is not part of indicator; it is kept, and not used."),
    ]  # fmt: skip


def test_a_workbook_s_merged_years_numbers_and_errors_are_understood(tmp_path: Path) -> None:
    two = ("names: year", "names: year\n      header_rows: 2")

    def finish(book: Any, sheet: Any) -> None:
        sheet.merge_range(1, 2, 1, 3, "2019-20")
        sheet.merge_range(1, 4, 1, 5, "2020-21")
        sheet.write_formula(3, 2, "=NA()", None, "#N/A")
        sheet.write_formula(3, 5, "=1/8", None, 0.125)

    rows = [
        ("Benchmarks 2020-21",),
        (),
        ("Code", "Title", "Numerator", "Denominator", "Numerator", "Value"),
        ("C1", "Cost", None, 410.0, 5120.0, None),
        (),
        ("Source: the council's accounts",),
    ]
    content = workbook({"Indicator": rows}, finish)
    got = read_wide(tmp_path, {"b.xlsx": content}, two, ('[""]', "[]"))
    assert got.rows("indicator", *FIGURES) == [
        (1, "C1", "2019-20", None, "410", None),
        (1, "C1", "2020-21", "5120", None, "0.125"),
    ]
    assert [code for code, _ in notes(got)] == [
        "NOT_AVAILABLE",
        "TITLE_ROWS",
        "FOOTNOTE",
        "BLANK_ROWS",
    ]
    assert (
        notes(got)[0][1]
        == "In sheet 'Indicator': No figure is available in 1 cells; taken as blank."
    )


def test_years_that_are_numbers_in_a_workbook_are_headings(tmp_path: Path) -> None:
    years = (("[0-9]{4}-[0-9]{2}'", "20[0-9]{2}'"), ("2023-24 Num", "2023 Num"))
    content = workbook({"indicator": [("code", 2019, 2020.0), ("C1", 1.5, 2)]})
    got = read_wide(tmp_path, {"b.xlsx": content}, *years)
    assert got.rows("indicator", *FIGURES) == [
        (1, "C1", "2019", None, None, "1.5"),
        (1, "C1", "2020", None, None, "2"),
    ]


def test_a_wide_table_may_be_sent_long(tmp_path: Path) -> None:
    text = "code,year,numerator,denominator,value\nC1,2019-20,1,2,\n"
    got = read_wide(tmp_path, {"indicator.csv": text})
    assert got.rows("indicator", *FIGURES) == [(1, "C1", "2019-20", "1", "2", None)]
    assert got.codes == ["ABSENT_COLUMN"]


@pytest.mark.parametrize(
    ("header", "code", "message"),
    [
        ("code,title,numerator,value", "MISSING_COLUMN", "Table indicator needs the column year, which the file does not have. Add what is missing (a heading of figures looks like '2023-24 Numerator') and send the file again."),
        ("code,2019-20 num,2019-20 Numerator", "DUPLICATE_HEADER", "The heading 2019-20 numerator occurs more than once. Name each column once, so that it is certain which values count."),
        ("title,2019-20,2019-20 den", "MISSING_COLUMN", "Table indicator needs the column code, which the file does not have. Add what is missing (a heading of figures looks like '2023-24 Numerator') and send the file again."),
    ],
)  # fmt: skip
def test_a_header_that_lacks_something_is_refused(
    header: str, code: str, message: str, tmp_path: Path
) -> None:
    got = read_wide(tmp_path, {"indicator.csv": header + "\n"})
    assert got.refusals == [(code, message, None)]


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("names: year", "names: month", "tables.indicator", "month is not a column of the table"),
        ("layout: wide", "layout: long", "tables.indicator", "'layout: wide' and a part 'wide' go together"),
        ("example: 2023-24 Numerator", "example: 2023 Numerator", "tables.indicator.wide", "the example '2023 Numerator' is not a heading of the pattern"),
        ("example: 2023-24 Numerator", "example: 2023-24 Rate", "tables.indicator.wide", "the example '2023-24 Rate' is not a heading of the pattern"),
        ("[num]", "[den]", "tables.indicator.wide", "'den' means both numerator and denominator"),
        ("'[0-9]{4}-", "'[0-9{4}-", "tables.indicator.wide.pattern", "[0-9{4}-[0-9]{2} is not a regular expression: "),
        ("[0-9]{2}'", "[0-9]{2}'\n      header_rows: 9", "tables.indicator.wide.header_rows", "Input should be less than or equal to 4"),
    ],
)  # fmt: skip
def test_a_mapping_that_means_nothing_is_refused_when_it_is_loaded(
    old: str, new: str, key: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        indicators(tmp_path, (old, new))
    (problem,) = [item for item in caught.value.problems if item.key == key]
    assert problem.message.startswith(message)


def test_a_later_year_renames_and_removes_measures(tmp_path: Path) -> None:
    later = """\
first: 2021-22
description: d
changes:
  - {description: d, table: indicator, rename: {year: period_text, numerator: top}}
  - {description: d, table: indicator, remove: [value]}
"""
    contract = care(tmp_path / "wide", specs={"2020-21": SPEC, "2021-22": later})
    text = "code,2019-20 top,2020-21 Numerator,2019-20 Value\nC1,1,2,3\n"
    got = read(tmp_path, {"a.csv": text}, contract=contract, period="2021-22")
    assert sorted(got.rows("indicator", "code", "period_text", "top", "_extra")) == [
        ("C1", "2019-20", "1", [("2019-20 Value", "3")]),
        ("C1", "2020-21", "2", [("2019-20 Value", "3")]),
    ]
