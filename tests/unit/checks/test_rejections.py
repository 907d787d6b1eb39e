"""Deliveries that are refused as a whole, nil ones, and what their data say of themselves."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.checks.checked import CHILD, VISIT, check_files
from tests.unit.contracts.small_conf import SPEC, query

FILES: dict[str, str | bytes] = {
    "child": CHILD + "A1,01/02/2010,RED,\nA2,x,,\n",
    "visit": VISIT + "A1,01/06/2020,,,\n",
}


def test_one_unreadable_file_keeps_everything_out(tmp_path: Path) -> None:
    parent = query(
        "SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM child c WHERE c._submission = b._submission AND c.ID = b.ID)",
        "PARENT",
    )
    files = {**FILES, "child": FILES["child"] + 'A3,"open\n'}  # type: ignore[operator]
    got = check_files(tmp_path, files, {"visit": [parent]})
    assert got.verdict == "rejected"
    # Rules across tables are not asked: what is missing may be in the file that can't be read.
    assert got.places("file", "severity") == [
        (None, 3, "UNCLOSED_QUOTE", "child.csv", "critical"),
    ]
    assert got.silver == {}
    assert got.kept_out("visit") == [(1, ["UNCLOSED_QUOTE"])]
    (count,) = got.outcome.rules
    assert (count.found, count.silver) == (0, 0)


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    got = check_files(tmp_path, {"photo.csv": b"\x89PNG\r\n\x1a\n"})
    assert got.verdict == "rejected"
    assert got.outcome.tables == {}
    assert got.places("file", "message") == [
        (None, None, "TYPE_MISMATCH", "photo.csv", "The file is a picture; send the data itself. Expected CSV or XML or XLSX.")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "more", "verdict", "nil"),
    [
        ({"child": CHILD, "visit": VISIT}, {}, "clean", True),
        ({}, {"nil": True}, "clean", True),
        ({"child": CHILD}, {"nil_allowed": False}, "rejected", False),
        ({"notes.md": "hello"}, {}, "rejected", False),
        ({"child": CHILD + "A1,x,,\n"}, {}, "has errors", False),
    ],
)
def test_nothing_to_report(
    files: dict[str, str], more: dict[str, Any], verdict: str, nil: bool, tmp_path: Path
) -> None:
    got = check_files(tmp_path, files, **more)
    assert (got.verdict, got.outcome.nil) == (verdict, nil)


def test_nil_where_it_is_not_allowed_is_told(tmp_path: Path) -> None:
    got = check_files(tmp_path, {"child": CHILD}, nil_allowed=False)
    assert got.places("severity", "message") == [
        (None, None, "NIL_NOT_ALLOWED", "critical", "The delivery holds no rows, and this return is never empty.")
    ]  # fmt: skip


IDENTITY = SPEC.replace(
    "parameters:",
    """identity:
  - {table: child, column: LA, says: council}
  - {table: child, column: YEAR, says: period_end_year}
  - {table: child, column: FOR, says: period}
  - {table: visit, column: NOTE, says: period_start_year}
parameters:""",
).replace(
    "      BORN:",
    "      LA: {type: string}\n      YEAR: {type: integer}\n      FOR: {type: string}\n      BORN:",
)
WHO = "ID,BORN,LA,YEAR,FOR,COLOUR,WEIGHT\n"
CONF = {"specs": {"2020-21": IDENTITY}}


@pytest.mark.parametrize(
    "said", ["S12000047", "S12000015", "Fife", "FIFE COUNCIL", "250", "16", "", " fife "]
)
def test_data_may_say_the_sender_by_any_code_or_spelling(said: str, tmp_path: Path) -> None:
    text = WHO + f"A1,01/02/2010,{said},2021,2020-21,,\nA2,01/02/2010,,,2020/21,,\n"
    got = check_files(tmp_path, {"child": text}, conf=CONF)
    assert got.verdict == "clean"


def test_c28_data_of_another_council_or_year_refuse_the_delivery(tmp_path: Path) -> None:
    files = {
        "child": WHO
        + "A1,01/02/2010,Fife,2021,2020-21,,\nA2,01/02/2010,Perth & Kinross,2022,2021-22,,\nA3,01/02/2010,Narnia,,,,\nA4,01/02/2010,narnia,,,,\nA5,01/02/2010,Narnia,,,,\n",
        "visit": VISIT + "A1,01/06/2020,,,2020\nA1,02/06/2020,,,2021\n",
    }
    got = check_files(tmp_path, files, conf=CONF)
    assert got.verdict == "rejected"
    assert got.places("column", "message") == [
        ("child", 2, "COUNCIL_MISMATCH", "LA", "LA says 'Perth & Kinross' in 1 row, but the delivery is for S12000047. Send it for the council and period that it is of."),
        ("child", 2, "PERIOD_MISMATCH", "FOR", "FOR says '2021-22' in 1 row, but the delivery is for 2020-21. Send it for the council and period that it is of."),
        ("child", 2, "PERIOD_MISMATCH", "YEAR", "YEAR says '2022' in 1 row, but the delivery is for 2021. Send it for the council and period that it is of."),
        ("child", 3, "COUNCIL_MISMATCH", "LA", "LA says 'Narnia' in 2 rows, but the delivery is for S12000047. Send it for the council and period that it is of."),
        ("child", 4, "COUNCIL_MISMATCH", "LA", "LA says 'narnia' in 1 row, but the delivery is for S12000047. Send it for the council and period that it is of."),
        ("visit", 2, "PERIOD_MISMATCH", "NOTE", "NOTE says '2021' in 1 row, but the delivery is for 2020. Send it for the council and period that it is of."),
    ]  # fmt: skip
    assert got.silver == {}
    codes = ["COUNCIL_MISMATCH", "PERIOD_MISMATCH"]
    assert got.kept_out("visit") == [(1, codes), (2, codes)]


def test_only_the_first_contradictions_of_a_column_are_named(tmp_path: Path) -> None:
    text = WHO + "".join(f"A{number},01/02/2010,X{number},,,,\n" for number in range(1, 31))
    got = check_files(tmp_path, {"child": text}, conf=CONF)
    assert [row["row"] for row in got.failures] == list(range(1, 11))
    assert {row["code"] for row in got.failures} == {"COUNCIL_MISMATCH"}
