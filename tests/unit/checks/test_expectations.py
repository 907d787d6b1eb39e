"""Every supported expectation: the row that breaks it, the row that just does not, and nulls."""
# ruff: noqa: E501  (one case a line)

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.checks.checked import CHILD, VISIT, check_files
from tests.unit.contracts.small_conf import rule

EITHER = {"ignore_row_if": "either_value_is_missing"}
GREATER = "expect_column_pair_values_a_to_be_greater_than_b"
EQUAL = "expect_column_pair_values_to_be_equal"
BETWEEN = "expect_column_values_to_be_between"
LENGTHS = "expect_column_value_lengths_to_be_between"


def failing(root: Path, made: dict[str, Any], *rows: str) -> list[int]:
    """Numbers of the visits (`SEEN,ALONE,MINUTES,NOTE`) that a rule finds."""
    body = "".join(f"A{number},{row}\n" for number, row in enumerate(rows, start=1))
    got = check_files(root, {"visit": VISIT + body}, {"visit": [{**made, "severity": "warning"}]})
    (count,) = got.outcome.rules
    found = [row["row"] for row in got.failures if row["code"] == "R1"]
    assert (count.found, count.silver) == (len(found), len(found))
    assert len(got.failures) == len(found)
    return found


@pytest.mark.parametrize(
    ("made", "rows", "expected"),
    [
        (
            rule("expect_column_values_to_not_be_null", column="NOTE"),
            ["01/02/2021,,,x", "01/02/2021,,,", "01/02/2021,,, "],
            [2, 3],
        ),
        (
            rule("expect_column_values_to_be_null", column="MINUTES"),
            ["01/02/2021,,0,", "01/02/2021,,,"],
            [1],
        ),
        (
            rule("expect_column_values_to_be_in_set", column="NOTE", value_set=["a", "it's"]),
            ["01/02/2021,,,a", "01/02/2021,,,it's", "01/02/2021,,,b", "01/02/2021,,,"],
            [3],
        ),
        (
            rule("expect_column_values_to_be_in_set", column="MINUTES", value_set=[1, 2]),
            ["01/02/2021,,1,", "01/02/2021,,02,", "01/02/2021,,3,", "01/02/2021,,,"],
            [3],
        ),
        (
            rule("expect_column_values_to_be_in_set", column="SEEN", value_set=["2021-02-01"]),
            ["01/02/2021,,,", "02/02/2021,,,"],
            [2],
        ),
        (
            rule("expect_column_values_to_be_in_set", column="ALONE", value_set=[True]),
            ["01/02/2021,Y,,", "01/02/2021,N,,", "01/02/2021,,,"],
            [2],
        ),
        (
            rule("expect_column_values_to_not_be_in_set", column="NOTE", value_set=["x"]),
            ["01/02/2021,,,x", "01/02/2021,,,X", "01/02/2021,,,"],
            [1],
        ),
        (
            rule("expect_column_values_to_match_regex", column="NOTE", regex="^[a-c]+$"),
            ["01/02/2021,,,abc", "01/02/2021,,,abd", "01/02/2021,,,"],
            [2],
        ),
        (
            # As in Spark, an expression is looked for anywhere in the value.
            rule("expect_column_values_to_match_regex", column="NOTE", regex="[0-9]"),
            ["01/02/2021,,,a1b", "01/02/2021,,,ab"],
            [2],
        ),
        (
            rule("expect_column_values_to_not_match_regex", column="NOTE", regex=r"\d'"),
            ["01/02/2021,,,1'", "01/02/2021,,,1", "01/02/2021,,,"],
            [1],
        ),
        (
            rule(BETWEEN, column="MINUTES", min_value=5, max_value=9),
            ["01/02/2021,,4,", "01/02/2021,,5,", "01/02/2021,,9,", "01/02/2021,,10,", "01/02/2021,,,"],
            [1, 4],
        ),
        (
            rule(BETWEEN, column="MINUTES", min_value=5, max_value=9, strict_min=True, strict_max=True),
            ["01/02/2021,,5,", "01/02/2021,,6,", "01/02/2021,,8,", "01/02/2021,,9,"],
            [1, 4],
        ),
        (
            rule(BETWEEN, column="SEEN", max_value="2021-02-01"),
            ["01/02/2021,,,", "02/02/2021,,,"],
            [2],
        ),
        (
            rule(LENGTHS, column="NOTE", min_value=2, max_value=3),
            ["01/02/2021,,,a", "01/02/2021,,,éé", "01/02/2021,,,abc", "01/02/2021,,,abcd", "01/02/2021,,,"],
            [1, 4],
        ),
        (
            rule("expect_column_value_lengths_to_equal", column="NOTE", value=2),
            ["01/02/2021,,,a", "01/02/2021,,,😀é", "01/02/2021,,,"],
            [1],
        ),
        (
            rule(GREATER, column_A="NOTE", column_B="ID", **EITHER),
            ["01/02/2021,,,A0", "01/02/2021,,,A2", "01/02/2021,,,B", "01/02/2021,,,"],
            [1, 2],
        ),
        (
            rule(GREATER, column_A="NOTE", column_B="ID", or_equal=True, **EITHER),
            ["01/02/2021,,,A0", "01/02/2021,,,A2", "01/02/2021,,,B"],
            [1],
        ),
        (
            rule(EQUAL, column_A="NOTE", column_B="ID", **EITHER),
            ["01/02/2021,,,A1", "01/02/2021,,,A1", "01/02/2021,,,"],
            [2],
        ),
    ],
)  # fmt: skip
def test_column_maps(
    made: dict[str, Any], rows: list[str], expected: list[int], tmp_path: Path
) -> None:
    assert failing(tmp_path, made, *rows) == expected


def test_a_value_that_is_not_of_its_type_is_null_to_a_rule(tmp_path: Path) -> None:
    made = rule(BETWEEN, severity="warning", column="MINUTES", min_value=5)
    text = VISIT + "A1,01/02/2021,,x,\nA2,01/02/2021,,4,\n"
    got = check_files(tmp_path, {"visit": text}, {"visit": [made]})
    assert got.places() == [("visit", 1, "TYPE"), ("visit", 2, "R1")]


UNIQUE = rule(
    "expect_compound_columns_to_be_unique",
    column_list=["_submission", "ID", "SEEN"],
    ignore_row_if="any_value_is_missing",
    message="Two visits to {column} {value}.",
)


def test_a_key_that_occurs_twice_keeps_out_every_row_that_has_it(tmp_path: Path) -> None:
    text = VISIT + (
        "A1,01/02/2021,,,\nA1,02/02/2021,,,\na1,01/02/2021,,,x\nA2,01/02/2021,,,\n,01/02/2021,,,\n,01/02/2021,,,\n"
    )
    got = check_files(tmp_path, {"visit": text}, {"visit": [UNIQUE]})
    assert got.places("message") == [
        ("visit", 1, "R1", "Two visits to ID A1."),
        ("visit", 3, "R1", "Two visits to ID A1."),
        ("visit", 5, "REQUIRED", "ID is blank; it must be filled in."),
        ("visit", 6, "REQUIRED", "ID is blank; it must be filled in."),
    ]
    assert got.rows("visit", "_row") == [(2,), (4,)]
    (count,) = got.outcome.rules
    assert (count.found, count.silver) == (2, 0)


def test_a_key_is_counted_on_what_is_left(tmp_path: Path) -> None:
    text = VISIT + "A1,01/02/2021,,,\nA1,01/02/2021,,x,\nA2,01/02/2021,,,\nA2,01/02/2021,,,\n"
    got = check_files(tmp_path, {"visit": text}, {"visit": [{**UNIQUE, "severity": "warning"}]})
    (count,) = got.outcome.rules
    # One of the first pair is kept out for its minutes, so the other is alone in silver.
    assert (count.found, count.silver) == (4, 2)
    assert got.rows("visit", "_row") == [(1,), (3,), (4,)]


ROWS = "expect_table_row_count_to_be_between"


@pytest.mark.parametrize(
    ("severity", "bounds", "verdict"),
    [
        ("critical", {"min_value": 2}, "clean"),
        ("critical", {"min_value": 3}, "rejected"),
        ("critical", {"max_value": 1}, "rejected"),
        ("critical", {"min_value": 0, "max_value": 2}, "clean"),
        ("warning", {"min_value": 3}, "has queries"),
        ("info", {"min_value": 3}, "clean"),
    ],
)
def test_row_counts(severity: str, bounds: dict[str, int], verdict: str, tmp_path: Path) -> None:
    made = rule(ROWS, "ROWS", severity, "There are {value} visits.", **bounds)
    got = check_files(
        tmp_path, {"visit": VISIT + "A1,01/02/2021,,,\nA2,01/02/2021,,,\n"}, {"visit": [made]}
    )
    assert got.verdict == verdict
    found = verdict != "clean" or severity == "info"
    assert got.places("severity", "message", "file") == (
        [("visit", None, "ROWS", severity, "There are 2 visits.", None)] if found else []
    )
    assert got.outcome.rules == ()


def test_rows_are_counted_after_some_were_kept_out_and_in_tables_not_sent(tmp_path: Path) -> None:
    suites = {
        "visit": [rule(ROWS, "V", min_value=2)],
        "child": [rule(ROWS, "C", min_value=1)],
    }
    got = check_files(tmp_path, {"visit": VISIT + "A1,01/02/2021,,,\nA2,,,,\n"}, suites)
    assert got.places() == [("child", None, "C"), ("visit", None, "V"), ("visit", 2, "REQUIRED")]
    assert got.kept_out("visit") == [(1, ["C", "V"]), (2, ["C", "REQUIRED", "V"])]
    assert got.silver == {}


def test_a_nil_return_has_no_rows_to_count(tmp_path: Path) -> None:
    got = check_files(
        tmp_path, {"visit": VISIT, "child": CHILD}, {"visit": [rule(ROWS, min_value=2)]}
    )
    assert (got.verdict, got.outcome.nil, got.failures) == ("clean", True, [])


def test_messages_have_slots_for_column_and_value(tmp_path: Path) -> None:
    made = [
        rule("expect_column_values_to_be_null", "1", "info", "{column} is '{value}', {value}!", column="NOTE"),
        rule("expect_column_values_to_not_be_null", "2", "info", "{column} is '{value}'", column="MINUTES"),
        rule("expect_column_values_to_be_null", "3", "info", "look at {column} {value}", column="NOTE", meta_columns=["ID", "NOTE"]),
    ]  # fmt: skip
    got = check_files(
        tmp_path, {"visit": VISIT + "a1,01/02/2021,,,it's {value}\n"}, {"visit": made}
    )
    assert [(row["code"], row["column"], row["value"], row["message"]) for row in got.failures] == [
        ("1", "NOTE", "it's {value}", "NOTE is 'it's {value}', it's {value}!"),
        ("2", "MINUTES", None, "MINUTES is ''"),
        ("3", "ID", "A1", "look at ID A1"),
    ]
