"""A bad configuration is refused with all its problems at once, each with file and key."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

from pathlib import Path

import pytest

from lgdp.checks.compiled import rule_problems
from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.errors import ConfigurationError, UnknownReturn
from tests.unit.contracts.small_conf import (
    CODES,
    COUNCILS,
    RETURN,
    SPEC,
    load,
    query,
    rule,
    write_conf,
)


def problems_of(root: Path, **conf: object) -> list[str]:
    """What is wrong with a configuration, as it is shown, in order."""
    with pytest.raises(ConfigurationError) as caught:
        load(root, **conf)
    return [str(problem) for problem in caught.value.problems]


def test_three_mistakes_in_two_files_are_told_at_once(tmp_path: Path) -> None:
    spec = SPEC.replace("type: integer", "type: number").replace(
        "key: [ID, SEEN]", "key: [ID, DAY]"
    )
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, specs={"2020-21": spec}, ret=RETURN + "colour: red\n")
    assert str(caught.value) == (
        "3 problems in the configuration:\n"
        "  conf/returns/care/2020-21.yaml: tables.visit: DAY is not a column of the table\n"
        "  conf/returns/care/2020-21.yaml: tables.visit.columns.MINUTES.type: 'number' is not a "
        "type; expected decimal(p,s) or one of string, code, integer, date, datetime, yes_no, "
        "postcode\n"
        "  conf/returns/care/return.yaml: colour: is not a key that is known here"
    )
    assert caught.value.exit_code == 2


def test_mistakes_of_one_column_do_not_hide_each_other(tmp_path: Path) -> None:
    spec = SPEC.replace(
        "MINUTES: {type: integer}",
        "MINUTES: {type: integer, colour: red, severity: {codes: bad}, formats: [x], pattern: a}",
    )
    place = "conf/returns/care/2020-21.yaml: tables.visit.columns.MINUTES"
    assert problems_of(tmp_path, specs={"2020-21": spec}) == [
        f"{place}: format 'x' means nothing for type integer; a integer column has no pattern",
        f"{place}.colour: is not a key that is known here",
        f"{place}.severity.codes: Input should be 'critical', 'warning' or 'info'",
    ]


def test_a_mistake_of_the_first_year_is_not_told_again_for_later_ones(tmp_path: Path) -> None:
    later = "first: 2021-22\ndescription: d\nchanges:\n  - {description: d, table: visit, remove: [NOTE]}\n"
    spec = SPEC.replace("codes: colour", "codes: color")
    assert problems_of(tmp_path, specs={"2020-21": spec, "2021-22": later}) == [
        "conf/returns/care/2020-21.yaml: tables.child.columns.COLOUR.codes: "
        "there is no code list 'color' in conf/codes"
    ]


def test_files_that_are_not_text_or_not_there_are_problems(tmp_path: Path) -> None:
    location = write_conf(
        tmp_path, suites={"child": [rule("expect_column_values_to_be_null", column="ID")]}
    )
    (location.conf / "returns/care/2021-22.yaml").write_bytes(b"first: \xff\n")
    (location.expectations / "care/child.json").write_bytes(b"\xff")
    (location.conf / "councils.csv").unlink()
    (location.conf / "codes/index.csv").unlink()
    with pytest.raises(ConfigurationError) as caught:
        load_catalogue(location)
    assert [str(problem) for problem in caught.value.problems] == [
        "codes/colour.csv: is not described in codes/index.csv",
        "codes/index.csv: is missing",
        "conf/returns/care/2020-21.yaml: tables.child.columns.COLOUR.codes: there is no code list 'colour' in conf/codes",
        "conf/returns/care/2021-22.yaml: is not text in UTF-8",
        "councils.csv: is missing",
        "expectations/care/child.json: is not text in UTF-8",
    ]


def test_code_lists_and_councils_are_checked_line_by_line(tmp_path: Path) -> None:
    codes = {
        "index": "list,status,source,licence,note\ncolour,real,this test,none,\nshape,official,,,\n",
        "colour": "code,label,valid_from,valid_to\nRED,Red,20,\nRED,Red,,\nred,Red,2021,2020\nRED,x,,\n,x,,\nA,b\n",
        "size": "code,label\n",
    }
    councils = COUNCILS + "S12000001,,Fife,,england,250,,,\n"
    spec = SPEC.replace("codes: colour", "codes: colour, upper: true")
    assert problems_of(tmp_path, codes=codes, councils=councils, specs={"2020-21": spec}) == [
        "codes/colour.csv: line 2: '20' is not a year such as 2025 or 2024/25",
        "codes/colour.csv: line 4: code red ends before it begins",
        "codes/colour.csv: line 5: code RED occurs twice",
        "codes/colour.csv: line 6: has no code",
        "codes/colour.csv: line 7: has 2 fields; expected 4",
        "codes/index.csv: colour: status must be one of official, illustrative",
        "codes/index.csv: shape: there is no file codes/shape.csv",
        "codes/size.csv: is not described in codes/index.csv",
        "conf/returns/care/2020-21.yaml: tables.child.columns.COLOUR.codes: "
        "code red is not in capitals, but the column is read so (upper)",
        "councils.csv: S12000001: '250' already names Fife",
        "councils.csv: S12000001: 'Fife' already names Fife",
        "councils.csv: S12000001: kind must be one of scotland, example",
    ]


def test_a_header_that_is_not_known_is_a_problem(tmp_path: Path) -> None:
    codes = {**CODES, "colour": "code;label\nRED;Red\n"}
    assert problems_of(tmp_path, codes=codes, councils="code,name\nX,Y\n") == [
        "codes/colour.csv: header: expected code,label,valid_from,valid_to, found code;label",
        "councils.csv: header: expected code,short,name,official_name,kind,sg_code,phs_code,"
        "former_codes,spellings, found code,name",
    ]


def test_what_a_later_stage_would_find_is_told_with_the_rest(tmp_path: Path) -> None:
    untied = query("SELECT b.* FROM {batch} b JOIN visit v ON v.ID = b.ID")
    suites = {"child": [untied, rule("expect_nothing", "R2"), {"type": 5}], "kid": []}
    location = write_conf(tmp_path, ret=RETURN + "colour: red\n", suites=suites)
    with pytest.raises(ConfigurationError) as caught:
        load_catalogue(location, further=rule_problems)
    found = [str(problem).partition("; known are")[0] for problem in caught.value.problems]
    assert found == [
        "conf/returns/care/return.yaml: colour: is not a key that is known here",
        "expectations/care/child.json: R1: the join with v does not name _submission",
        "expectations/care/child.json: R2: 'expect_nothing' is not an expectation that is known here",
        "expectations/care/child.json: expectations.2.kwargs: is missing",
        "expectations/care/child.json: expectations.2.meta: is missing",
        "expectations/care/child.json: expectations.2.severity: is missing",
        "expectations/care/child.json: expectations.2.type: Input should be a valid string",
        "expectations/care/kid.json: there is no such table",
        "expectations/care/kid.json: expectations: is empty; a suite without rules would pass anything",
    ]


def test_an_unknown_return_is_told_with_those_there_are(tmp_path: Path) -> None:
    location = write_conf(tmp_path)
    with pytest.raises(UnknownReturn, match=r"^there is no return 'cares'; known are care$"):
        load_catalogue(location, only="cares")
    with pytest.raises(UnknownReturn, match=r"^there is no return 'cares'; known are care$"):
        load_catalogue(location).contract("cares")


def test_settings_name_every_key_that_is_wrong(tmp_path: Path) -> None:
    text = (locate().conf / "platform.yaml").read_text(encoding="utf-8")
    path = tmp_path / "platform.yaml"
    path.write_text(
        text.replace("columns: 2000", "columns: 0\n  rows: 1").replace("workers: 0", "worker: 0")
    )
    with pytest.raises(ConfigurationError) as caught:
        load_settings(path)
    assert [(problem.key, problem.message) for problem in caught.value.problems] == [
        ("limits.columns", "Input should be greater than 0"),
        ("limits.rows", "Extra inputs are not permitted"),
        ("worker", "Extra inputs are not permitted"),
        ("workers", "Field required"),
    ]
