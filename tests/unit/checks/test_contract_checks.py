"""What a contract checks by itself: type, format, required, code list, defects of records."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.unit.checks.checked import CHILD, VISIT, check_files
from tests.unit.contracts.small_conf import SPEC


def test_a_clean_delivery_is_typed_and_signed(tmp_path: Path) -> None:
    files = {
        "child": CHILD + " a1 ,01/02/2010,RED,5.5\nA2,03/04/2011,,\n",
        "visit": VISIT + "A1,05/06/2020,yes,007,  \n",
    }
    got = check_files(tmp_path, files)
    assert got.verdict == "clean"
    assert got.failures == []
    assert got.rows("child", "ID", "BORN", "COLOUR", "WEIGHT") == [
        ("A1", date(2010, 2, 1), "RED", Decimal("5.50")),
        ("A2", date(2011, 4, 3), None, None),
    ]
    (visit,) = got.silver["visit"]
    assert visit == {
        "ID": "A1",
        "SEEN": date(2020, 6, 5),
        "ALONE": True,
        "MINUTES": 7,
        "NOTE": None,
        "_row": 1,
        "_file": "visit.csv",
        "_submission": "0" * 32,
        "_council": "S12000047",
        "_ruleset": got.outcome.ruleset,
    }
    assert got.outcome.summary() == {
        "verdict": "clean",
        "ruleset": got.outcome.ruleset,
        "tables": {
            "child": {"rows": 2, "silver": 2, "quarantine": 0},
            "visit": {"rows": 1, "silver": 1, "quarantine": 0},
        },
        "rules": [],
        "previous": [],
        "errors": 0,
        "queries": 0,
        "notes": 0,
    }


def test_every_row_meets_every_check(tmp_path: Path) -> None:
    text = CHILD + ",31/02/2010,PINK,1.005\nA2,,BLUE,\nA3,01/02/2010,GREEN,1\nA4,01/02/2010,red,x\n"
    got = check_files(tmp_path, {"child": text})
    assert got.verdict == "has errors"
    assert got.places("key", "severity", "column", "value", "message", "consequence_of") == [
        ("child", 1, "102", "", "critical", "BORN", "31/02/2010", "'31/02/2010' is not a date written dd/MM/yyyy; write BORN as that.", None),
        ("child", 1, "CODE_LIST", "", "critical", "COLOUR", "PINK", "'PINK' is not a code of COLOUR for this period; use one of RED, BLUE.", None),
        ("child", 1, "REQUIRED", "", "critical", "ID", None, "ID is blank; it must be filled in.", None),
        ("child", 1, "TYPE", "", "critical", "WEIGHT", "1.005", "'1.005' is not a number with at most 2 decimal places; write WEIGHT as that.", None),
        ("child", 2, "REQUIRED", "A2", "critical", "BORN", None, "BORN is blank; it must be filled in.", None),
        ("child", 3, "CODE_LIST", "A3", "critical", "COLOUR", "GREEN", "'GREEN' is not a code of COLOUR for this period; use one of RED, BLUE.", None),
        ("child", 4, "CODE_LIST", "A4", "critical", "COLOUR", "red", "'red' is not a code of COLOUR for this period; use one of RED, BLUE.", None),
        ("child", 4, "TYPE", "A4", "critical", "WEIGHT", "x", "'x' is not a number with at most 2 decimal places; write WEIGHT as that.", None),
    ]  # fmt: skip
    assert got.kept_out("child") == [
        (1, ["102", "CODE_LIST", "REQUIRED", "TYPE"]),
        (2, ["REQUIRED"]),
        (3, ["CODE_LIST"]),
        (4, ["CODE_LIST", "TYPE"]),
    ]
    (first,) = (row for row in got.quarantine["child"] if row["_row"] == 1)
    assert {name: first[name] for name in ("ID", "BORN", "COLOUR", "WEIGHT", "_raw")} == {
        "ID": None,
        "BORN": "31/02/2010",
        "COLOUR": "PINK",
        "WEIGHT": "1.005",
        "_raw": None,
    }
    assert (got.outcome.errors, got.outcome.queries, got.outcome.notes) == (8, 0, 0)


def test_codes_are_those_of_the_collection_year(tmp_path: Path) -> None:
    text = CHILD + "A1,01/02/2010,BLUE,\nA2,01/02/2010,GREEN,\n"
    assert check_files(tmp_path / "a", {"child": text}, period="2020-21").places() == [
        ("child", 2, "CODE_LIST")
    ]
    assert check_files(tmp_path / "b", {"child": text}, period="2022-23").places() == [
        ("child", 1, "CODE_LIST")
    ]


def test_required_and_codes_may_be_softened_types_may_not(tmp_path: Path) -> None:
    spec = SPEC.replace(
        "COLOUR: {type: code, codes: colour,",
        "COLOUR: {type: code, codes: colour, required: true, severity: {codes: warning, required: info},",
    )
    text = CHILD + "A1,01/02/2010,PINK,\nA2,01/02/2010,,\n"
    got = check_files(tmp_path, {"child": text}, conf={"specs": {"2020-21": spec}})
    assert got.verdict == "has queries"
    assert got.places("severity") == [
        ("child", 1, "CODE_LIST", "warning"),
        ("child", 2, "REQUIRED", "info"),
    ]
    assert got.rows("child", "ID", "COLOUR") == [("A1", "PINK"), ("A2", None)]


def test_codes_of_a_number_are_compared_as_numbers(tmp_path: Path) -> None:
    spec = SPEC.replace(
        "MINUTES: {type: integer}",
        "MINUTES: {type: integer, codes: size, formats: [plain, point_zero]}",
    )
    codes = {
        "index": "list,status,source,licence,note\ncolour,official,,,\nsize,official,,,\n",
        "colour": "code,label,valid_from,valid_to\nRED,Red,,\n",
        "size": "code,label,valid_from,valid_to\n0,None,,\n1,One,,\n02,Two,,\n",
    }
    body = "".join(
        f"A1,0{day}/02/2021,,{text},\n"
        for day, text in enumerate(["1", "1.0", "01", "02", "2", "3", "x", ""], start=1)
    )
    got = check_files(
        tmp_path, {"visit": VISIT + body}, conf={"specs": {"2020-21": spec}, "codes": codes}
    )
    assert got.places("value") == [
        ("visit", 5, "CODE_LIST", "2"),
        ("visit", 6, "CODE_LIST", "3"),
        ("visit", 7, "CODE_LIST", "x"),
        ("visit", 7, "TYPE", "x"),
    ]


def test_records_with_a_defect_are_kept_out_with_their_text(tmp_path: Path) -> None:
    text = (
        VISIT.encode()
        + b"A1,01/02/2021,Y,5\nA2,01/02/2021,Y,5,n\nA3,,,,,\nA4,01/02/2021,,,a\0\nA5,01/02/2021,,,\xe9\nA6,01/02/2021,,,\xc3\xa9\n"
    )
    got = check_files(tmp_path, {"visit": text})
    assert (
        got.places("severity", "column")
        == [
            ("visit", None, "DAMAGED_BYTES", "info", None),
            ("visit", 1, "TOO_FEW_FIELDS", "critical", None),
            ("visit", 3, "TOO_MANY_FIELDS", "critical", None),
            ("visit", 4, "NUL_BYTE", "critical", None),
            ("visit", 5, "BAD_ENCODING", "critical", None),
        ]
        or got.places("severity", "column")[1:] == []
    )
    messages = {row["code"]: row["message"] for row in got.failures}
    assert messages["TOO_MANY_FIELDS"] == (
        "The record has more fields than the header; put values that contain the delimiter in "
        "quotation marks."
    )
    assert [(row["_row"], row["_raw"]) for row in got.quarantine["visit"]] == [
        (1, "A1,01/02/2021,Y,5"),
        (3, "A3,,,,,"),
        (4, None),
        (5, None),
    ]
    assert got.rows("visit", "ID", "NOTE") == [("A2", "n"), ("A6", "é")]


def test_values_are_data_whatever_they_hold(tmp_path: Path) -> None:
    awkward = "'; DROP TABLE x; --"
    text = CHILD + f'"{awkward}",01/02/2010,"{{value}} ""q"" \x1b[31m",\nA2,01/02/2010,"a\nb",\n'
    got = check_files(tmp_path, {"child": text})
    assert got.places("key", "value") == [
        ("child", 1, "CODE_LIST", awkward.upper(), '{value} "q" \x1b[31m'),
        ("child", 2, "CODE_LIST", "A2", "a\nb"),
    ]
    assert got.failures[0]["message"] == (
        "'{value} \"q\" \x1b[31m' is not a code of COLOUR for this period; use one of RED, BLUE."
    )


def test_c22_a_formula_is_stored_as_it_is(tmp_path: Path) -> None:
    notes = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)"]
    body = "".join(f'A{n},01/02/2021,,,"{note}"\n' for n, note in enumerate(notes, start=1))
    got = check_files(tmp_path, {"visit": VISIT + body})
    assert got.rows("visit", "NOTE") == [(note,) for note in notes]


def test_c07_ids_that_look_alike_are_composed_and_trimmed(tmp_path: Path) -> None:
    text = CHILD + "e\u0301x,01/02/2010,,\n\u00a0\u200bÉX\ufeff,01/02/2011,,\n"
    got = check_files(tmp_path, {"child": text})
    assert got.rows("child", "ID") == [("ÉX",), ("ÉX",)]
