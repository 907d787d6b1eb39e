"""Later years are diffs: what each verb does, and what does not fit is told."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

from pathlib import Path

import pytest

from lgdp.contracts.contract import Contract
from lgdp.contracts.table import TableSpec
from lgdp.errors import ConfigurationError
from tests.unit.contracts.small_conf import RETURN, SPEC, care


def diff(first: str, *changes: str, term: str = "") -> str:
    """A diff file; a change is what stands after its description and table."""
    lines = [f"first: {first}", "description: d", f"term: {term}" if term else "", "changes:"]
    return "\n".join([*lines, *(f"  - {{description: d, {change}}}" for change in changes), ""])


def table(contract: Contract, period: str, name: str = "visit") -> TableSpec:
    return contract.ruleset(contract.read_period(period)).table(name)


def columns(contract: Contract, period: str, name: str = "visit") -> tuple[str, ...]:
    return table(contract, period, name).column_names


def problems_of(root: Path, *changes: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        care(root, specs={"2020-21": SPEC, "2021-22": diff("2021-22", *changes)})
    return [f"{problem.key}: {problem.message}" for problem in caught.value.problems]


def test_each_verb_changes_its_year_and_those_after(tmp_path: Path) -> None:
    specs = {
        "2020-21": SPEC,
        "2021-22": diff(
            "2021-22",
            "table: visit, add: {PLACE: {type: string}}",
            "table: visit, modify: {MINUTES: {required: true, description: how long}}",
            "table: visit, remove: [ALONE]",
        ),
        "2023-24": diff("2023-24", "table: visit, rename: {SEEN: SEEN_ON, NOTE: REMARK}"),
    }
    contract = care(tmp_path, specs=specs)
    assert columns(contract, "2020-21") == ("ID", "SEEN", "ALONE", "MINUTES", "NOTE")
    for year in ("2021-22", "2022-23"):
        assert columns(contract, year) == ("ID", "SEEN", "MINUTES", "NOTE", "PLACE")
    later = table(contract, "2023-24")
    assert later.column_names == ("ID", "SEEN_ON", "MINUTES", "REMARK", "PLACE")
    assert later.key == ("ID", "SEEN_ON")
    assert later.column("MINUTES").required
    assert later.column("MINUTES").type == "integer"
    assert later.xml is not None
    assert later.xml.columns == {
        "ID": "/Id",
        "SEEN_ON": "Seen",
        "MINUTES": "Minutes",
        "REMARK": "Note",
    }
    assert not table(contract, "2020-21").column("MINUTES").required
    assert contract.all_columns("visit") == {
        "ID": "string",
        "SEEN": "date",
        "ALONE": "yes_no",
        "MINUTES": "integer",
        "NOTE": "string",
        "PLACE": "string",
        "SEEN_ON": "date",
        "REMARK": "string",
    }


def test_tables_come_and_go_and_parameters_change(tmp_path: Path) -> None:
    new = "{key: [ID], columns: {ID: {type: string, required: true}, DAY: {type: date}}}"
    specs = {
        "2020-21": SPEC,
        "2021-22": diff(
            "2021-22", f"table: plan, add_table: {new}", "table: visit, remove_table: true"
        ),
        "2022-23": "first: 2022-23\ndescription: d\nparameters: {most_visits: 5, least: 1}\n",
    }
    contract = care(tmp_path, specs=specs)
    tables = {
        year: [item.name for item in contract.ruleset(contract.read_period(year)).spec.tables]
        for year in ("2020-21", "2021-22", "2022-23")
    }
    assert tables == {
        "2020-21": ["child", "visit"],
        "2021-22": ["child", "plan"],
        "2022-23": ["child", "plan"],
    }
    assert table(contract, "2021-22", "plan").column("DAY").formats == ("dd/MM/yyyy",)
    assert contract.table_names == ("child", "visit", "plan")
    parameters = [
        contract.ruleset(contract.read_period(year)).spec.parameters
        for year in ("2021-22", "2022-23")
    ]
    assert parameters == [{"most_visits": 3}, {"most_visits": 5, "least": 1}]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("table: visits, remove: [ID]", "changes.0: there is no table visits to change"),
        ("table: visit, remove: [IDS, DAY]", "changes.0: visit has no column IDS, DAY"),
        ("table: visit, modify: {IDS: {required: true}}", "changes.0: visit has no column IDS"),
        ("table: visit, rename: {IDS: ID2}", "changes.0: visit has no column IDS"),
        ("table: visit, rename: {NOTE: ID}", "changes.0: visit has a column ID already"),
        ("table: visit, add: {ID: {type: string}}", "changes.0: visit has a column ID already"),
        ("table: visit, add_table: {key: [A]}", "changes.0: table visit exists already"),
        ("table: visits, remove_table: true", "changes.0: there is no table visits to remove"),
        ("table: visit, remove: [SEEN]", "tables.visit: SEEN is not a column of the table"),
        ("table: visit, add: {X: {type: text}}", "tables.visit.columns.X.type: 'text' is not a type; expected decimal(p,s) or one of string, code, integer, date, datetime, yes_no, postcode"),
        ("table: visit", "changes.0: a change has exactly one of add, modify, rename, remove, add_table, remove_table"),
        ("table: visit, remove: [ID], remove_table: true", "changes.0: a change has exactly one of add, modify, rename, remove, add_table, remove_table"),
        ("table: visit, drop: [ID]", "changes.0.drop: is not a key that is known here"),
        ("table: visit, modify: {MINUTES: {type: 'decimal(5,1)'}}", "tables.visit.columns.MINUTES.type: changes type from integer to decimal(5,1); a lake column keeps its type, so rename the column"),
        ("table: visit, rename: {NOTE: note}", "tables.visit.columns.note: differs from NOTE of an earlier year in case only"),
    ],
)  # fmt: skip
def test_a_change_that_does_not_fit_is_told(change: str, expected: str, tmp_path: Path) -> None:
    assert expected in problems_of(tmp_path, change)


def test_a_code_may_become_text_because_the_lake_holds_both_as_text(tmp_path: Path) -> None:
    change = diff("2021-22", "table: child, modify: {COLOUR: {type: string}}")
    contract = care(tmp_path, specs={"2020-21": SPEC, "2021-22": change})
    assert table(contract, "2021-22", "child").column("COLOUR").type == "string"


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        ({}, ["conf/returns/care: has no spec; the first year needs a full one"]),
        ({"a": diff("2021-22", "table: visit, remove: [NOTE]")}, ["conf/returns/care/a.yaml: is a diff, but no full spec comes before it"]),
        ({"a": SPEC, "b": SPEC.replace("2020-21", "2021-22")}, ["conf/returns/care/b.yaml: tables: a full spec comes before it; a later year is a diff (changes, not tables)"]),
        ({"a": SPEC, "b": diff("2020-21", "table: visit, remove: [NOTE]")}, ["conf/returns/care/b.yaml: first: another spec is for 2020-21 already"]),
        ({"a": SPEC, "b": "first: 2021-22\ndescription: d\n"}, ["conf/returns/care/b.yaml: a diff changes something"]),
    ],
)  # fmt: skip
def test_spec_files_make_one_history(
    specs: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        care(tmp_path, specs=specs)
    assert [str(problem) for problem in caught.value.problems] == expected


TERMLY = RETURN.replace("frequency: annual", "frequency: termly")


def test_a_term_has_its_own_columns_and_takes_part_in_later_changes(tmp_path: Path) -> None:
    specs = {
        "autumn": SPEC.replace("2020-21", "2020-autumn"),
        "spring": diff("2021-spring", "table: visit, remove: [NOTE]", term="spring"),
        "later": diff(
            "2022-autumn",
            "table: visit, add: {PLACE: {type: string}}",
            "table: visit, modify: {NOTE: {required: true}, MINUTES: {required: true}}",
        ),
    }
    contract = care(tmp_path, ret=TERMLY, specs=specs)
    got = {
        text: columns(contract, text)
        for text in ("2020-autumn", "2021-spring", "2021-summer", "2022-autumn", "2023-spring")
    }
    whole = ("ID", "SEEN", "ALONE", "MINUTES", "NOTE")
    assert got == {
        "2020-autumn": whole,
        "2021-spring": whole[:-1],
        "2021-summer": whole,
        "2022-autumn": (*whole, "PLACE"),
        "2023-spring": (*whole[:-1], "PLACE"),
    }
    assert table(contract, "2023-spring").column("MINUTES").required
    assert [period.text for period in contract.milestones()] == [
        "2020-autumn",
        "2021-spring",
        "2022-autumn",
        "2023-spring",
    ]


def test_files_are_taken_in_the_order_of_their_periods_not_of_their_names(tmp_path: Path) -> None:
    specs = {
        "a": SPEC.replace("2020-21", "2020-autumn"),
        # By their text, autumn comes before spring.
        "b": diff("2021-autumn", "table: visit, add: {PLACE: {type: string}}"),
        "c": diff("2021-spring", "table: visit, rename: {NOTE: REMARK}"),
    }
    contract = care(tmp_path, ret=TERMLY, specs=specs)
    assert columns(contract, "2021-spring") == ("ID", "SEEN", "ALONE", "MINUTES", "REMARK")
    assert columns(contract, "2021-autumn") == ("ID", "SEEN", "ALONE", "MINUTES", "REMARK", "PLACE")
