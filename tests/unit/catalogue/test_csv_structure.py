"""The structure of delimited files, through the pre-check (9 to 22)."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

from pathlib import Path

import pytest

from lgdp.pipeline.precheck import precheck
from lgdp.reports.plain_text import inert
from tests.unit.catalogue.answers import EVERY_FORM, VISIT, answer, as_answer, configured
from tests.unit.contracts.small_conf import SPEC
from tests.unit.intake.sent import LIMITS, read

ROW = "A1,01/06/2020,Y,5,n\n"


def test_c09_doubled_quotes_are_one(tmp_path: Path) -> None:
    got = answer(tmp_path, {"visit.csv": VISIT + 'A1,01/06/2020,Y,5,"He said ""no"", twice"\n'})
    assert (got.verdict, got.failures, got.tables) == ("clean", [], {"visit": (1, 1, 0)})


def test_c10_a_line_end_in_quotes_is_part_of_a_value(tmp_path: Path) -> None:
    got = answer(tmp_path, {"visit.csv": VISIT + 'A1,01/06/2020,Y,5,"one\n\ntwo"\n' + ROW})
    assert (got.verdict, got.failures, got.tables) == ("clean", [], {"visit": (2, 2, 0)})


def test_c11_a_quote_that_is_not_closed_swallows_nothing(tmp_path: Path) -> None:
    text = VISIT + ROW + 'A2,01/06/2020,Y,5,"open\n' + ROW * 50
    got = answer(tmp_path, {"visit.csv": text})
    assert (got.verdict, got.told) == ("rejected", [("UNCLOSED_QUOTE", 2)])
    assert got.message("UNCLOSED_QUOTE").startswith(
        "A value in record 2 opens with a quotation mark"
    )


def test_c12_rows_with_too_few_and_too_many_fields_are_kept_out(tmp_path: Path) -> None:
    got = answer(
        tmp_path, {"visit.csv": VISIT + "A1,01/06/2020\n" + ROW + "A3,01/06/2020,Y,5,n,more\n"}
    )
    assert got.told == [("TOO_FEW_FIELDS", 1), ("TOO_MANY_FIELDS", 3)]
    assert got.tables == {"visit": (3, 1, 2)}
    bronze = read(tmp_path, {"visit.csv": VISIT + "A1,01/06/2020\n"})
    assert bronze.rows("visit", "_raw") == [("A1,01/06/2020",)]


def test_c13_columns_in_another_order_are_found_by_name(tmp_path: Path) -> None:
    text = "NOTE,MINUTES,ALONE,SEEN,ID\nn,5,Y,01/06/2020,A1\n"
    got = answer(tmp_path, {"visit.csv": text})
    assert (got.verdict, got.failures) == ("clean", [])


@pytest.mark.parametrize(
    ("text", "verdict", "codes"),
    [
        ("ALONE,MINUTES,NOTE\nY,5,n\n", "rejected", ["MISSING_COLUMN"]),
        ("ID,SEEN,ALONE,MINUTES,NOTE,PET\n" + ROW.replace("\n", ",cat\n"), "clean", ["UNKNOWN_COLUMN"]),
        ("ID,BORN,favourite colour,WEIGHT\nA1,01/02/2010,RED,5\n", "clean", []),
        ("i d,Seen,alone,MINUTES,Note\n" + ROW, "clean", []),
    ],
    ids=["missing", "extra", "another name", "case and spacing"],
)  # fmt: skip
def test_c14_columns_missing_extra_renamed_and_spelled_otherwise(
    text: str, verdict: str, codes: list[str], tmp_path: Path
) -> None:
    got = answer(tmp_path, {"sent.csv": text})
    assert (got.verdict, [row["code"] for row in got.failures]) == (verdict, codes)


def test_c15_a_heading_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    got = answer(tmp_path, {"visit.csv": "ID,SEEN,ID\nA1,01/06/2020,A2\n"})
    assert (got.verdict, got.told) == ("rejected", [("DUPLICATE_HEADER", None)])


@pytest.mark.parametrize(
    ("text", "around", "verdict", "told", "notes"),
    [
        (ROW, "{}", "rejected", [("UNRECOGNISED", None)], []),
        ("Visits\n\n" + VISIT + ROW, "{}", "clean", [], ["BLANK_ROWS", "TITLE_ROWS"]),
        ("Visits\n" + VISIT + ROW, "{titles: refused}", "rejected", [("TITLE_ROWS", None)], []),
        (VISIT + ROW + "Total,,,5,\n", "{}", "has errors", [("TOTALS_ROW", 2)], []),
        (VISIT + ROW + "Total,,,5,\n", "{totals: accepted}", "clean", [], ["TOTALS_ROW"]),
    ],
    ids=["no header", "titles", "titles refused", "totals", "totals accepted"],
)  # fmt: skip
def test_c16_what_is_around_a_table_is_left_out_or_refused_as_the_return_says(
    text: str, around: str, verdict: str, told: list[object], notes: list[str], tmp_path: Path
) -> None:
    spec = SPEC.replace("xml: {root", f"around: {around}\nxml: {{root")
    got = answer(tmp_path, {"visit.csv": text}, specs={"2020-21": spec})
    assert (got.verdict, got.told, got.notes) == (verdict, told, notes)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_c17_another_delimiter_is_found(delimiter: str, tmp_path: Path) -> None:
    got = answer(tmp_path, {"visit.csv": (VISIT + ROW).replace(",", delimiter)})
    assert (got.verdict, got.failures, got.tables) == ("clean", [], {"visit": (1, 1, 0)})


@pytest.mark.parametrize(
    ("text", "nil", "verdict", "told"),
    [
        ("", "allowed", "rejected", [("EMPTY_FILE", None)]),
        (VISIT, "allowed", "clean", []),
        (VISIT, "refused", "rejected", [("NIL_NOT_ALLOWED", None)]),
    ],
    ids=["empty", "header alone", "header alone, where that is refused"],
)
def test_c18_an_empty_file_is_no_nil_return(
    text: str, nil: str, verdict: str, told: list[object], tmp_path: Path
) -> None:
    ret = EVERY_FORM.replace("nil: allowed", f"nil: {nil}")
    got = answer(tmp_path, {"visit.csv": text}, ret=ret)
    assert (got.verdict, got.told) == (verdict, told)


def test_c19_words_for_nothing_are_those_of_each_column(tmp_path: Path) -> None:
    spec = SPEC.replace(
        "MINUTES: {type: integer}", 'MINUTES: {type: integer, null_tokens: ["N/A", "-"]}'
    )
    text = (
        VISIT
        + "A1,01/06/2020,,N/A,\nA2,01/06/2020,,-,\nA3,01/06/2020,,,\nA4,01/06/2020,,NULL,\nA5,01/06/2020,-,5,\n"
    )
    got = answer(tmp_path, {"visit.csv": text}, specs={"2020-21": spec})
    assert got.told == [("TYPE", 4), ("TYPE", 5)]
    assert got.tables == {"visit": (5, 3, 2)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (VISIT + "A1,01/06/2020,,," + "x" * (1 << 20) + "y\n", [("VALUE_TOO_LONG", 1)]),
        (",".join(f"c{number}" for number in range(20_000)) + "\n", [("TOO_MANY_COLUMNS", None)]),
        (VISIT + ROW + "x" * (9 << 20) + "\n" + ROW, [("RECORD_TOO_LONG", 2)]),
    ],
    ids=["value", "columns", "line"],
)
def test_c20_what_is_over_the_limits_is_refused_with_the_reason(
    text: str, told: list[object], tmp_path: Path
) -> None:
    got = answer(tmp_path, {"visit.csv": text})
    assert (got.verdict, got.told) == ("rejected", told)


@pytest.mark.parametrize(
    "name", ["50% #1 visits.csv", "_visit.csv", ".visit.csv", "vísit ünicode.csv", "visit;rm -rf.csv", "a\nb.csv"]
)  # fmt: skip
def test_c21_odd_names_of_files_are_kept_as_they_are(name: str, tmp_path: Path) -> None:
    got = answer(tmp_path, {name: VISIT + "A1,31/02/2020,Y,5,n\n"})
    assert got.told == [("FORMAT", 1)]
    assert got.failures[0]["file"] == name


def test_c21_hidden_files_of_a_folder_are_ignored_and_others_are_not(tmp_path: Path) -> None:
    catalogue = configured(tmp_path)
    folder = tmp_path / "sent"
    folder.mkdir()
    (folder / "_visit.csv").write_text(VISIT + ROW)
    (folder / ".visit.csv").write_text(VISIT + ROW + ROW)
    got = as_answer(precheck(catalogue, LIMITS, [folder], "care", "2020-21", "Fife"))
    assert got.tables == {"visit": (1, 1, 0)}


@pytest.mark.parametrize("value", ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "\t=1+1", "-2+3"])
def test_c22_a_formula_is_stored_as_sent_and_disarmed_on_export(value: str, tmp_path: Path) -> None:
    got = read(tmp_path, {"visit.csv": VISIT + f'A1,01/06/2020,Y,5,"{value}"\n'})
    assert got.rows("visit", "NOTE") == [(value,)]
    assert inert(value)[0] not in "=+-@\t\r"
    assert inert("-5.25") == "-5.25"
