"""The rule book: every check with words, periods and examples, on a page that is safe."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lgdp.config import ConfigLocation, locate
from lgdp.contracts.case import read_cases
from lgdp.contracts.catalogue import load_catalogue
from lgdp.contracts.expectation_form import FORMS, QUERY
from lgdp.errors import ConfigurationError
from lgdp.reports.rule_book import RuleBook, make_book
from lgdp.reports.rule_page import write_rule_page
from lgdp.reports.rule_words import WORDS
from tests.unit.contracts.small_conf import SPEC, query, rule, write_conf

LATER = """\
first: 2021-22
description: More of a visit.
changes:
  - {description: d, table: visit, add: {PLACE: {type: string}}}
"""
SUITE = [
    query(
        "SELECT b.* FROM {batch} b WHERE b.MINUTES > 600",
        "LONG",
        "warning",
        message="{value} minutes <b>are</b> too many; correct {column}.",
        meta_columns=["MINUTES"],
        meta_why="A day has few hours.",
        meta_until="2021-22",
    ),
    rule(
        "expect_column_values_to_be_in_set",
        "PLACES",
        "info",
        column="PLACE",
        value_set=["home", "school"],
        meta_since="2021-22",
    ),
]
CASES = """\
LONG:
  visit: |
    . ID MINUTES
    ! A  601
    . B  600
  child: |
    . ID
    . A
"""


def conf(root: Path, cases: str = CASES) -> ConfigLocation:
    location = write_conf(
        root,
        suites={"visit": SUITE},
        specs={"2020-21": SPEC, "2021-22": LATER},
    )
    folder = location.expectations / "care" / "cases"
    folder.mkdir()
    (folder / "visit.yaml").write_text(cases, encoding="utf-8")
    return location


def book(root: Path, period: str = "2021-22") -> RuleBook:
    location = conf(root)
    contract = load_catalogue(location).contract("care")
    return make_book(contract, contract.read_period(period), read_cases(location, "care", period))


def test_a_rule_of_a_suite_is_told_with_its_example(tmp_path: Path) -> None:
    (long,) = [each for each in book(tmp_path).rules if each.code == "LONG"]
    assert (long.table, long.severity, long.columns) == ("visit", "warning", ("MINUTES",))
    assert long.message == "… minutes <b>are</b> too many; correct MINUTES."
    assert (long.why, long.since, long.until) == ("A day has few hours.", "2020-21", "2021-22")
    ((own, other),) = long.examples
    assert (own.table, own.columns, own.marks) == ("visit", ("ID", "MINUTES"), ("!", "."))
    assert own.rows == (("A", "601"), ("B", "600"))
    assert (other.table, other.marks) == ("child", (".",))


def test_a_rule_holds_since_its_columns_are_there(tmp_path: Path) -> None:
    rules = {each.code: each for each in book(tmp_path).rules if each.origin == "suite"}
    assert rules["PLACES"].since == "2021-22"
    assert rules["PLACES"].checks == "PLACE is one of home, school."
    assert [each.code for each in book(tmp_path / "b", "2020-21").rules if each.query] == ["LONG"]


def test_checks_of_the_contract_are_in_the_book(tmp_path: Path) -> None:
    of_born = [each for each in book(tmp_path).rules if each.columns == ("BORN",)]
    assert [(each.code, each.origin, each.since) for each in of_born] == [
        ("102", "contract", "2020-21"),
        ("REQUIRED", "contract", "2020-21"),
    ]


def test_the_page_needs_nothing_else_and_escapes(tmp_path: Path) -> None:
    made = book(tmp_path)
    write_rule_page(made, tmp_path / "book.html")
    page = (tmp_path / "book.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;are&lt;/b&gt;" in page
    assert page.count("<article") == len(made.rules)
    assert not re.search(r"(?:src|href)=|@import|url\(|https?:", page)
    assert json.loads(json.dumps(made.as_json()))["rules"][0]["table"] == "child"


def test_what_is_no_case_is_named(tmp_path: Path) -> None:
    location = conf(tmp_path, "LONG:\n  visit: |\n    . ID MINUTES\n    ! A\nSHORT: 3\n")
    with pytest.raises(ConfigurationError) as caught:
        read_cases(location, "care", "2020-21")
    place = "expectations/care/cases/visit.yaml"
    assert [str(problem) for problem in caught.value.problems] == [
        f"{place}: LONG: is not rows of tables by name",
        f"{place}: SHORT: is not rows of tables by name",
    ]


def test_every_expectation_has_its_words() -> None:
    assert set(WORDS) == set(FORMS) - {QUERY}


@pytest.mark.parametrize("name", sorted(load_catalogue(locate()).contracts))
def test_the_project_s_own_returns_have_a_book(name: str, tmp_path: Path) -> None:
    contract = load_catalogue(locate(), only=name).contract(name)
    at = contract.milestones()[-1]
    made = make_book(contract, at, read_cases(locate(), name, at.text))
    write_rule_page(made, tmp_path / "book.html")
    suites = contract.ruleset(at).suites.values()
    assert len([each for each in made.rules if each.origin == "suite"]) == sum(
        len(suite.expectations) for suite in suites
    )
