"""The three English returns: their tables by year, their codes by year, their suites."""

from __future__ import annotations

from functools import cache

import pytest

from lgdp.checks.compiled import compile_rules
from lgdp.config import locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.contracts.codelist import load_code_lists
from lgdp.contracts.contract import Contract
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.suite import load_suite
from lgdp.errors import Problem

RETURNS = ("ssda903", "school_census", "children_in_need")
SSDA903_COLUMNS = {
    "header": 7,
    "episodes": 13,
    "reviews": 4,
    "uasc": 4,
    "oc2": 12,
    "oc3": 5,
    "ad1": 8,
    "placed_for_adoption": 5,
    "previous_permanence": 5,
    "missing": 5,
}
CIN_COLUMNS = {
    "header": 9,
    "child_identifiers": 8,
    "child_characteristics": 2,
    "disabilities": 2,
    "cin_details": 9,
    "assessments": 6,
    "assessment_factors_list": 4,
    "cin_plan_dates": 4,
    "section47": 6,
    "child_protection_plans": 8,
    "reviews": 4,
}


@cache
def contract_of(name: str) -> Contract:
    return load_catalogue(locate(), only=name).contract(name)


def ruleset_of(name: str, period: str) -> Ruleset:
    contract = contract_of(name)
    return contract.ruleset(contract.read_period(period))


def widths(ruleset: Ruleset) -> dict[str, int]:
    return {table.name: len(table.columns) for table in ruleset.spec.tables}


@pytest.mark.parametrize(
    ("name", "period", "expected"),
    [
        ("ssda903", "2015-16", SSDA903_COLUMNS),
        ("ssda903", "2022-23", SSDA903_COLUMNS),
        ("ssda903", "2023-24", {**SSDA903_COLUMNS, "sw_episodes": 6}),
        ("ssda903", "2026-27", {**SSDA903_COLUMNS, "sw_episodes": 6, "dolo": 4}),
        ("school_census", "2024-autumn", {"pupilonroll": 64, "pupilnolongeronroll": 46}),
        ("school_census", "2025-spring", {"pupilonroll": 44, "pupilnolongeronroll": 46}),
        ("school_census", "2025-autumn", {"pupilonroll": 64, "pupilnolongeronroll": 46}),
        ("children_in_need", "2021-22", CIN_COLUMNS),
        ("children_in_need", "2024-25", CIN_COLUMNS),
    ],
)
def test_tables_and_columns_of_a_period(name: str, period: str, expected: dict[str, int]) -> None:
    assert widths(ruleset_of(name, period)) == expected


def test_episodes_have_the_published_columns_in_order() -> None:
    episodes = ruleset_of("ssda903", "2017-18").table("episodes")

    assert episodes.column_names == (
        *("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC"),
        *("REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"),
    )
    assert episodes.key == ("CHILD", "DECOM")


def test_the_sex_of_a_child_in_need_changes_name_and_codes() -> None:
    before = ruleset_of("children_in_need", "2023-24")
    after = ruleset_of("children_in_need", "2024-25")

    assert "Sex" not in before.table("child_identifiers").column_names
    assert before.table("child_identifiers").column("GenderCurrent").codes == "cin_gender_current"
    assert set(before.codes["cin_gender_current"]) == {"0", "1", "2", "9"}
    assert "GenderCurrent" not in after.table("child_identifiers").column_names
    assert set(after.codes["cin_sex"]) == {"M", "F", "U"}
    assert after.table("child_identifiers").column("Sex").published["codes"] == "4180"


def test_spring_asks_three_columns_that_autumn_does_not() -> None:
    autumn = ruleset_of("school_census", "2024-autumn").table("pupilonroll").column_names
    spring = ruleset_of("school_census", "2025-spring").table("pupilonroll").column_names

    assert set(spring) - set(autumn) == {"unitcontacttime", "ethnicity", "youngcarer"}
    assert len(set(autumn) & set(spring)) == 41


@pytest.mark.parametrize(
    ("codes", "period", "valid", "not_valid"),
    [
        ("ssda903_sex", "2023-24", {"1", "2"}, {"M", "F", "U"}),
        ("ssda903_sex", "2024-25", {"M", "F", "U"}, {"1", "2"}),
        ("ssda903_reason_episode_ceased", "2017-18", {"E43", "E44"}, {"E45", "E48"}),
        ("ssda903_reason_episode_ceased", "2018-19", {"E45", "E48"}, {"E43", "E44"}),
        ("ssda903_reason_place_change", "2017-18", {"OTHER"}, {"CUSTOD"}),
        ("ssda903_activity", "2020-21", {"F3", "P3"}, {"F4", "P5"}),
        ("ssda903_activity", "2021-22", {"F4", "P5"}, {"F3", "P3"}),
        ("ssda903_placement_type", "2023-24", {"H5", "P2", "Z1"}, {"K3", "Z11"}),
        ("ssda903_placement_type", "2024-25", {"K3", "Z1"}, {"H5", "P2", "Z11"}),
        ("ssda903_placement_type", "2025-26", {"K3", "Z11", "Z14"}, {"Z1", "H5"}),
    ],
)
def test_codes_are_valid_in_their_years(
    codes: str, period: str, valid: set[str], not_valid: set[str]
) -> None:
    listed = set(ruleset_of("ssda903", period).codes[codes])

    assert valid <= listed
    assert not not_valid & listed


def test_five_ethnic_groups_of_pupils_are_new_in_2025() -> None:
    lists = load_code_lists(locate().conf / "codes", [])

    assert set(lists["school_ethnicity"].valid_in(2025)) - set(
        lists["school_ethnicity"].valid_in(2024)
    ) == {"ABRI", "AWEL", "BBRI", "BWEL", "ORAB"}


@pytest.mark.parametrize(
    ("table", "column", "check", "code"),
    [
        ("header", "SEX", "codes", "101"),
        ("header", "DOB", "type", "102"),
        ("header", "DOB", "required", "102"),
        ("episodes", "DECOM", "type", "141"),
        ("episodes", "REC", "codes", "149"),
        ("reviews", "REVIEW_CODE", "required", "167"),
        ("oc2", "CONVICTED", "codes", "181"),
        ("oc3", "ACCOM", "codes", "133"),
        ("placed_for_adoption", "REASON_PLACED_CEASED", "codes", "120"),
        ("previous_permanence", "LA_PERM", "codes", "633"),
        ("missing", "MIS_START", "required", "1004"),
    ],
)
def test_contract_checks_carry_the_published_code(
    table: str, column: str, check: str, code: str
) -> None:
    spec = ruleset_of("ssda903", "2017-18").table(table)

    assert dict(spec.column(column).published)[check] == code  # type: ignore[index]


@pytest.mark.parametrize("name", RETURNS)
def test_whoever_identifies_a_person_is_marked_personal(name: str) -> None:
    names = {"CHILD", "DOB", "UPN", "LAchildID", "PersonBirthDate", "dob", "surname", "upn"}
    open_columns = [
        f"{table.name}.{column.name}"
        for spec in contract_of(name).specs.values()
        for table in spec.tables
        for column in table.columns
        if column.name in names and not (column.personal and column.degrade != "none")
    ]

    assert open_columns == []


@pytest.mark.parametrize("name", RETURNS)
def test_suites_load_and_compile_in_every_year(name: str) -> None:
    problems: list[Problem] = []
    folder = locate().expectations / name
    suites = {path.stem: load_suite(path, path.name, problems) for path in folder.glob("*.json")}
    contract = contract_of(name)

    assert problems == []
    assert set(suites) == set(contract.table_names)
    for period, _ in contract.specs:
        rules = compile_rules(contract.ruleset(period)).rules
        assert {rule.table for rule in rules if rule.origin == "suite"} <= set(suites)


@pytest.mark.parametrize(("name", "least"), [("ssda903", 45), ("children_in_need", 25)])
def test_the_published_rules_are_many(name: str, least: int) -> None:
    suites = contract_of(name).suites.values()
    published = {
        rule.meta.code
        for suite in suites
        for rule in suite.expectations
        if rule.meta.source.startswith("DfE")
    }

    assert len(published) >= least


def test_only_the_structure_of_ssda903_is_critical() -> None:
    suites = contract_of("ssda903").suites.values()
    critical = {
        rule.meta.code
        for suite in suites
        for rule in suite.expectations
        if rule.severity == "critical"
    }
    parents = {f"INT{number:02}" for number in range(1, 10)}
    once = {f"INT{number}" for number in range(31, 37)}

    assert critical == parents | once | {"356", "522", "567", "KEY", "PARENT", "ORDER"}


def test_code_lists_of_the_english_returns_name_their_source() -> None:
    lists = load_code_lists(locate().conf / "codes", [])
    english = [
        item for name, item in lists.items() if name.startswith(("ssda903", "cin_", "school_"))
    ]

    assert len(english) == 53
    assert {item.status for item in english} == {"official"}
    assert [item.name for item in english if "@" not in item.source] == []
