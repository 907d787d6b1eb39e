"""Types and values, through the pre-check (23 to 30, and 46 within a file)."""
# ruff: noqa: E501  (one case a line)

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.catalogue.answers import VISIT, answer
from tests.unit.contracts.small_conf import query, rule
from tests.unit.intake.test_workbooks import workbook

PERSON = """\
first: 2020-21
description: One table of every type.
identity: [{table: person, column: COUNCIL, says: council}]
tables:
  person:
    key: [CHI]
    columns:
      CHI: {type: string, required: true, pattern: "[0-9]{10}"}
      BORN: {type: date, formats: [dd/MM/yyyy]}
      COUNT: {type: integer}
      COST: {type: "decimal(12,2)"}
      SEEN: {type: yes_no}
      COLOUR: {type: code, codes: colour}
      AT: {type: datetime}
      ENDED: {type: date, formats: [dd/MM/yyyy]}
      COUNCIL: {type: string}
"""
COLUMNS = ("CHI", "BORN", "COUNT", "COST", "SEEN", "COLOUR", "AT", "ENDED", "COUNCIL")
CHI = "0101200013"


def judged(folder: Path, *rows: dict[str, str], **conf: Any) -> list[list[str]]:
    """What is told of each row, in order: codes with columns."""
    lines = [",".join(COLUMNS)]
    for row in rows:
        cells = {"CHI": CHI, **row}
        lines.append(",".join(f'"{cells.get(name, "")}"' for name in COLUMNS))
    got = answer(folder, {"person.csv": "\n".join(lines) + "\n"}, specs={"2020-21": PERSON}, **conf)
    told: list[list[str]] = [[] for _ in rows]
    for failure in got.failures:
        told[failure["row"] - 1].append(f"{failure['code']} {failure['column']}")
    kept_out = sum(bool(codes) for codes in told)
    assert got.tables == {"person": (len(rows), len(rows) - kept_out, kept_out)}
    return told


def told_of(folder: Path, column: str, *values: str, **conf: Any) -> list[str]:
    """The code that is told of each value of a column; empty for one that is taken."""
    told = judged(folder, *({column: value} for value in values), **conf)
    return [codes[0].partition(" ")[0] if codes else "" for codes in told]


def test_c23_dates_are_those_declared_and_nothing_like_them(tmp_path: Path) -> None:
    good = ("28/02/2010", "29/02/2012")
    bad = (
        "31/02/2010",
        "2010-2-3",
        "2010",
        "40212",
        "12/31/2010",
        "03/02/10",
        "03/02/0001",
        "03/02/9999",
        "2010-02-03T10:00",
    )
    assert told_of(tmp_path, "BORN", *good, *bad) == ["", "", *["FORMAT"] * len(bad)]


def test_c24_whole_numbers_are_whole_numbers(tmp_path: Path) -> None:
    good = ("1234", "-5", "99999999999")
    bad = ("1,234", "1e3", "12.7", "NaN", "Infinity", "٣", "(123)", "£12", "9" * 40)
    assert told_of(tmp_path, "COUNT", *good, *bad) == ["", "", "", *["TYPE"] * len(bad)]


def test_c25_decimals_are_never_rounded(tmp_path: Path) -> None:
    values = ("1.00", "1.5", "1.000", "1.005", "12345678901.00")
    assert told_of(tmp_path, "COST", *values) == ["", "", "", "TYPE", "TYPE"]


def test_c26_identifiers_that_a_spreadsheet_made_numbers_of_are_kept_out(tmp_path: Path) -> None:
    values = (CHI, CHI.removeprefix("0"), "1.01200E+08", "101200013.0")
    assert told_of(tmp_path, "CHI", *values) == ["", "FORMAT", "FORMAT", "FORMAT"]
    rows = [COLUMNS, (CHI,), (float(CHI),), (1.2345678901234e17,)]
    got = answer(tmp_path / "x", {"p.xlsx": workbook({"person": rows})}, specs={"2020-21": PERSON})
    assert got.told == [("FORMAT", 2), ("FORMAT", 3)]


def test_c27_truths_are_those_words_that_are_declared(tmp_path: Path) -> None:
    values = ("Y", "no", "TRUE", "1", "T", "oui", "2")
    assert told_of(tmp_path, "SEEN", *values) == ["", "", "", "", "TYPE", "TYPE", "TYPE"]


def test_c28_codes_that_are_none_or_no_more_are_kept_out(tmp_path: Path) -> None:
    # Green is a code from 2023 on.
    assert told_of(tmp_path, "COLOUR", "RED", "PINK", "GREEN") == ["", "CODE_LIST", "CODE_LIST"]


@pytest.mark.parametrize("council", ["S12000005", "Clackmannanshire", "S12999999"])
def test_c28_data_of_another_council_is_refused_whole(council: str, tmp_path: Path) -> None:
    text = f"CHI,BORN,COUNT,COST,COUNCIL\n{CHI},,,,Fife\n{CHI},,,,{council}\n"
    got = answer(tmp_path, {"person.csv": text}, specs={"2020-21": PERSON})
    assert (got.verdict, got.told) == ("rejected", [("COUNCIL_MISMATCH", 2)])
    assert got.tables == {"person": (2, 0, 2)}


DIGITS = " + ".join(f"{10 - at} * try_cast(substr(b.CHI, {at + 1}, 1) AS INT)" for at in range(9))
ROW_RULES = [
    query(f"SELECT b.* FROM {{batch}} b WHERE ({DIGITS} + try_cast(substr(b.CHI, 10, 1) AS INT)) % 11 <> 0", "CHECK_DIGIT", meta_columns=["CHI"]),
    query("SELECT b.* FROM {batch} b WHERE substr(b.CHI, 1, 2) <> lpad(CAST(day(b.BORN) AS STRING), 2, '0')", "CHI_BIRTH", "warning", meta_columns=["CHI"]),
    query("SELECT b.* FROM {batch} b JOIN collection c ON c._submission = b._submission WHERE b.BORN > c.period_end", "FUTURE", meta_columns=["BORN"]),
    rule("expect_column_pair_values_a_to_be_greater_than_b", "ORDER", column_A="ENDED", column_B="BORN", or_equal=True, ignore_row_if="either_value_is_missing", meta_columns=["ENDED"]),
    query("SELECT b.* FROM {batch} b WHERE b.COUNT > 200", "POSSIBLE", "warning", meta_columns=["COUNT"]),
]  # fmt: skip


def test_c29_rules_on_a_row_have_their_severity(tmp_path: Path) -> None:
    rows = [
        {"CHI": CHI, "BORN": "01/01/2000"},
        {"CHI": "0101200012"},
        {"CHI": CHI, "BORN": "02/01/2000"},
        {"CHI": CHI, "BORN": "01/04/2021"},
        {"CHI": CHI, "BORN": "01/01/2000", "ENDED": "31/12/1999"},
        {"CHI": CHI, "COUNT": "201"},
    ]
    text = "\n".join(
        [",".join(COLUMNS), *(",".join(row.get(name, "") for name in COLUMNS) for row in rows)]
    )
    got = answer(
        tmp_path, {"person.csv": text}, specs={"2020-21": PERSON}, suites={"person": ROW_RULES}
    )
    assert sorted((failure["row"], failure["code"], failure["severity"]) for failure in got.failures) == [
        (2, "CHECK_DIGIT", "critical"),
        (3, "CHI_BIRTH", "warning"),
        (4, "FUTURE", "critical"),
        (5, "ORDER", "critical"),
        (6, "POSSIBLE", "warning"),
    ]  # fmt: skip
    assert got.tables == {"person": (6, 3, 3)}


def test_c30_times_that_a_clock_in_scotland_never_showed_are_kept_out(tmp_path: Path) -> None:
    values = (
        "2021-03-28T00:59:00",
        "2021-03-28T01:30:00",
        "2020-10-25T01:30:00",
        "2021-03-28T02:00:00Z",
    )
    assert told_of(tmp_path, "AT", *values)[0] == ""
    assert told_of(tmp_path / "again", "AT", *values)[3] == "FORMAT"


UNIQUE = rule(
    "expect_compound_columns_to_be_unique",
    "TWICE",
    column_list=["_submission", "ID", "SEEN"],
    ignore_row_if="any_value_is_missing",
    meta_columns=["ID"],
)


def test_c46_all_rows_of_a_key_that_is_there_twice_are_kept_out(tmp_path: Path) -> None:
    rows = "A1,01/06/2020,,,\nA2,01/06/2020,,,\na1,01/06/2020,,,\n"
    got = answer(tmp_path, {"visit.csv": VISIT + rows}, suites={"visit": [UNIQUE]})
    assert (got.told, got.tables) == ([("TWICE", 1), ("TWICE", 3)], {"visit": (3, 1, 2)})
