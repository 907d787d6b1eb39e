"""Suites: what is refused when they are loaded, and for which periods a rule holds."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lgdp.errors import ConfigurationError
from tests.unit.contracts.small_conf import RETURN, SPEC, Rules, care, load, query, rule

NULL = "expect_column_values_to_be_null"


def problems_of(root: Path, suite: Rules | str, table: str = "visit", **conf: Any) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(root, suites={table: suite}, **conf)
    return [f"{problem.key}: {problem.message}" for problem in caught.value.problems]


def test_everything_wrong_with_the_form_is_told_at_once(tmp_path: Path) -> None:
    rules = [
        {"type": NULL, "kwargs": {"column": "NOTE"}, "severity": "bad", "meta": {"message": "m"}},
        {"kwargs": {}, "severity": "info", "meta": {"code": "", "message": "see {cell}", "x": 1}},
    ]
    assert problems_of(tmp_path, rules) == [
        "expectations.0.meta.code: is missing",
        "expectations.0.severity: Input should be 'critical', 'warning' or 'info'",
        "expectations.1.meta.code: String should have at least 1 character",
        "expectations.1.meta.message: has the slot {cell}; there are {column} and {value}",
        "expectations.1.meta.x: is not a key that is known here",
        "expectations.1.type: is missing",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{\n "name": "x",,\n}',
            ["line 2: is not JSON: Expecting property name enclosed in double quotes"],
        ),
        ("[1]", [": is not a mapping of keys"]),
        (
            '{"name": "x", "expectations": []}',
            ["expectations: is empty; a suite without rules would pass anything"],
        ),
        ('{"name": "x"}', ["expectations: is missing"]),
    ],
)
def test_a_file_that_is_no_suite_is_refused(text: str, expected: list[str], tmp_path: Path) -> None:
    assert problems_of(tmp_path, text) == expected


def test_a_code_stands_for_one_rule_of_a_table(tmp_path: Path) -> None:
    rules = [
        rule(NULL, "7", column="NOTE"),
        rule(NULL, "7", column="ID"),
        rule(NULL, "8", column="ID"),
    ]
    assert problems_of(tmp_path, rules) == ["7: 2 rules of this table share this code"]


def test_unknown_expectations_are_all_told_at_once(tmp_path: Path) -> None:
    rules = [
        rule("expect_column_to_exist", "1"),
        rule(NULL, "2", column="ID"),
        rule("expect_nothing", "3"),
    ]
    found = problems_of(tmp_path, rules)
    assert [text.partition(";")[0] for text in found] == [
        "1: 'expect_column_to_exist' is not an expectation that is known here",
        "3: 'expect_nothing' is not an expectation that is known here",
    ]
    assert "known are expect_column_pair_values_a_to_be_greater_than_b, " in found[0]


PAIR = "expect_column_pair_values_a_to_be_greater_than_b"
UNIQUE = "expect_compound_columns_to_be_unique"
BETWEEN = "expect_column_values_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
REGEX = "expect_column_values_to_match_regex"
ROWS = "expect_table_row_count_to_be_between"
LENGTH = "expect_column_value_lengths_to_equal"


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (rule(NULL), f"{NULL} needs column"),
        (rule(NULL, column="NOTE", mostly=0.9), f"{NULL} with mostly is not supported"),
        (rule(NULL, column="NOTE", row_condition="x", condition_parser="spark"), f"{NULL} with condition_parser, row_condition is not supported"),
        (rule(NULL, column="NOTES"), "visit has no column NOTES"),
        (rule(PAIR, column_A="SEEN", column_B="SEEM", ignore_row_if="either_value_is_missing"), "visit has no column SEEM"),
        (rule(PAIR, column_A="SEEN", column_B="SEEN", ignore_row_if="never"), "needs ignore_row_if: either_value_is_missing"),
        (rule(PAIR, column_A="SEEN", column_B="MINUTES", ignore_row_if="either_value_is_missing"), "SEEN and MINUTES can't be compared"),
        (rule(PAIR, column_A="ALONE", column_B="ALONE", ignore_row_if="either_value_is_missing", or_equal=1), f"{PAIR} is not for ALONE, which is yes_no; {PAIR} is not for ALONE, which is yes_no; or_equal is not true or false"),
        (rule(UNIQUE, column_list=["ID", "SEEN"], ignore_row_if="any_value_is_missing"), "column_list does not name _submission"),
        (rule(UNIQUE, column_list=["_submission"], ignore_row_if="any_value_is_missing"), "column_list names no column beside _submission"),
        (rule(UNIQUE, column_list=["_submission", "IDS"], ignore_row_if="never"), "visit has no column IDS; needs ignore_row_if: any_value_is_missing"),
        (rule(UNIQUE, column_list="ID", ignore_row_if="any_value_is_missing"), "column_list does not name _submission"),
        (rule(BETWEEN, column="MINUTES"), "needs min_value or max_value"),
        (rule(BETWEEN, column="MINUTES", min_value="1", strict_min="no"), "min_value is not a number; strict_min is not true or false"),
        (rule(BETWEEN, column="SEEN", max_value="01/02/2020"), "max_value is not a date written yyyy-MM-dd"),
        (rule(BETWEEN, column="SEEN", max_value="20200201"), "max_value is not a date written yyyy-MM-dd"),
        (rule(BETWEEN, column="NOTE", min_value=1), f"{BETWEEN} is not for NOTE, which is string; min_value is not text"),
        (rule(IN_SET, column="MINUTES", value_set=[1, "2"]), "value_set holds something that is not a number"),
        (rule(IN_SET, column="MINUTES", value_set=[1, True]), "value_set holds something that is not a number"),
        (rule(IN_SET, column="NOTE", value_set="AB"), "value_set is not a list of values"),
        (rule(IN_SET, column="NOTE", value_set=[]), "value_set is not a list of values"),
        (rule(IN_SET, column="ALONE", value_set=["Y"]), "value_set holds something that is not true or false"),
        (rule(REGEX, column="MINUTES", regex="1"), f"{REGEX} is not for MINUTES, which is integer"),
        (rule(REGEX, column="NOTE", regex="a++"), "the regular expression a++ uses ++, which not every engine has"),
        (rule(REGEX, column="NOTE", regex="(?<!a)b"), "the regular expression (?<!a)b uses (?<!, which not every engine has"),
        (rule(REGEX, column="NOTE", regex=r"(a)\1"), r"the regular expression (a)\1 uses \1, which not every engine has"),
        (rule(REGEX, column="NOTE", regex="[[:alpha:]]"), "the regular expression [[:alpha:]] uses [:, which not every engine has"),
        (rule(REGEX, column="NOTE", regex="["), "[ is not a regular expression: unterminated character set at position 0"),
        (rule(LENGTH, column="NOTE", value="5"), "value is not a whole number"),
        (rule(ROWS, min_value="5"), "min_value is not a number"),
        (rule(ROWS), "needs min_value or max_value"),
        (query(5), "unexpected_rows_query is not text"),  # type: ignore[arg-type]
        (rule(NULL, column="NOTE", meta_columns=["NOTED"]), "meta.columns: visit has no column NOTED"),
        (rule(NULL, column="NOTE", meta_since="2021"), "meta.since: '2021' is not a period of this annual return (the text has another form); expected something like '2025-26'"),
    ],
)  # fmt: skip
def test_arguments_that_do_not_fit_are_refused(
    made: dict[str, Any], expected: str, tmp_path: Path
) -> None:
    assert problems_of(tmp_path, [made]) == [f"R1: {expected}"]


def test_classes_of_unicode_are_known_to_every_engine(tmp_path: Path) -> None:
    rules = [rule(REGEX, column="NOTE", regex=r"^\p{Lu}\p{L}*\z")]
    assert care(tmp_path, suites={"visit": rules}).suites["visit"].expectations[0].column == "NOTE"


def test_a_rule_holds_in_the_periods_that_it_says(tmp_path: Path) -> None:
    later = "first: 2022-23\ndescription: d\nchanges:\n  - {description: d, table: visit, add: {PLACE: {type: string}}}\n"
    rules = [
        rule(NULL, "always", column="NOTE"),
        rule(NULL, "new", column="PLACE", meta_since="2022-23"),
        rule(NULL, "old", column="NOTE", meta_until="2021-22"),
    ]
    contract = care(tmp_path, specs={"2020-21": SPEC, "2022-23": later}, suites={"visit": rules})
    held = {
        text: [
            rule.meta.code
            for rule in contract.ruleset(contract.read_period(text)).suites["visit"].expectations
        ]
        for text in ("2020-21", "2021-22", "2022-23", "2030-31")
    }
    assert held == {
        "2020-21": ["always", "old"],
        "2021-22": ["always", "old"],
        "2022-23": ["always", "new"],
        "2030-31": ["always", "new"],
    }
    assert [period.text for period in contract.milestones()] == ["2020-21", "2021-22", "2022-23"]


def test_a_rule_on_a_column_of_later_years_says_since_when(tmp_path: Path) -> None:
    later = "first: 2022-23\ndescription: d\nchanges:\n  - {description: d, table: visit, add: {PLACE: {type: string}}}\n"
    rules = [rule(NULL, column="PLACE"), rule(NULL, "R2", column="PLACE", meta_since="2021-22")]
    found = problems_of(tmp_path, rules, specs={"2020-21": SPEC, "2022-23": later})
    assert found == ["R1: visit has no column PLACE", "R2: visit has no column PLACE"]


def test_a_rule_on_a_column_of_one_term_says_the_term_and_since_when(tmp_path: Path) -> None:
    termly = RETURN.replace("frequency: annual", "frequency: termly")
    spring = "first: 2021-spring\nterm: spring\ndescription: d\nchanges:\n  - {description: d, table: visit, add: {PLACE: {type: string}}}\n"
    specs = {"2020-autumn": SPEC.replace("2020-21", "2020-autumn"), "2021-spring": spring}
    own = {"meta_term": "spring", "meta_since": "2021-spring"}
    place = {"column": "PLACE", "meta_columns": ["PLACE"]}
    kept = care(
        tmp_path / "kept", ret=termly, specs=specs, suites={"visit": [rule(NULL, **place, **own)]}
    )
    held = {
        text: len(kept.ruleset(kept.read_period(text)).suites["visit"].expectations)
        for text in ("2020-autumn", "2021-spring", "2021-summer")
    }
    assert held == {"2020-autumn": 0, "2021-spring": 1, "2021-summer": 0}
    # In a spring before its own columns there are those of every term.
    rules = [rule(NULL, column="PLACE", meta_term="spring")]
    found = problems_of(tmp_path / "refused", rules, ret=termly, specs=specs)
    assert found == ["R1: visit has no column PLACE"]


def test_the_column_of_a_failure_is_the_first_that_the_rule_looks_at(tmp_path: Path) -> None:
    key = ["_submission", "ID", "SEEN"]
    rules = [
        rule(NULL, "1", column="NOTE", meta_columns=["ID", "NOTE"]),
        rule(PAIR, "2", column_A="SEEN", column_B="SEEN", ignore_row_if="either_value_is_missing"),
        rule(UNIQUE, "3", column_list=key, ignore_row_if="any_value_is_missing"),
        query("SELECT b.* FROM {batch} b WHERE b.ID = 'X'", "4"),
    ]
    suite = care(tmp_path, suites={"visit": rules}).suites["visit"]
    assert [rule.column for rule in suite.expectations] == ["ID", "SEEN", "ID", None]


def test_a_suite_is_what_great_expectations_writes(tmp_path: Path) -> None:
    written = {**rule(NULL, column="NOTE"), "id": None, "notes": None, "description": "no notes"}
    text = json.dumps(
        {
            "name": "visit",
            "expectations": [written],
            "id": "1",
            "meta": {"great_expectations_version": "1.24.1"},
            "notes": ["n"],
        }
    )
    assert (
        care(tmp_path, suites={"visit": text}).suites["visit"].expectations[0].description
        == "no notes"
    )
