"""Rulesets: codes valid by year, ids that are stable and change with everything that matters."""
# ruff: noqa: E501  (one change a line)

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lgdp.contracts.ruleset import Collection, Ruleset
from lgdp.errors import UnknownPeriod
from tests.unit.contracts.small_conf import CODES, SPEC, care, rule

SUITE = {"visit": [rule("expect_column_values_to_not_be_null", column="NOTE")]}


def ruleset(root: Path, period: str = "2020-21", **conf: object) -> Ruleset:
    contract = care(root, suites=SUITE, **conf)
    return contract.ruleset(contract.read_period(period))


def test_a_code_is_valid_in_the_collection_years_of_its_list(tmp_path: Path) -> None:
    contract = care(tmp_path)
    valid = {
        text: list(contract.ruleset(contract.read_period(text)).codes["colour"])
        for text in ("2020-21", "2021-22", "2022-23", "2023-24")
    }
    # Blue is valid in 2020/21 and 2021/22, which end in 2021 and 2022; green from 2023, 2022-23.
    assert valid == {
        "2020-21": ["RED", "BLUE"],
        "2021-22": ["RED", "BLUE"],
        "2022-23": ["RED", "GREEN"],
        "2023-24": ["RED", "GREEN"],
    }
    first = contract.ruleset(contract.read_period("2020-21"))
    assert first.codes == {"colour": {"RED": "Red", "BLUE": "Blue"}}


def test_the_same_content_has_the_same_id(tmp_path: Path) -> None:
    first, second = ruleset(tmp_path / "a"), ruleset(tmp_path / "b")
    assert first.id == second.id
    assert len(first.id) == 16
    assert int(first.id, 16) >= 0
    assert Ruleset.model_validate_json(first.as_json).id == first.id
    # The year after has the same spec, codes and rules.
    assert ruleset(tmp_path / "c", "2021-22").id == first.id


@pytest.mark.parametrize(
    "bend",
    [
        lambda conf: conf | {"specs": {"2020-21": SPEC.replace("MINUTES: {type: integer}", "MINUTES: {type: string}")}},
        lambda conf: conf | {"specs": {"2020-21": SPEC.replace("most_visits: 3", "most_visits: 4")}},
        lambda conf: conf | {"specs": {"2020-21": SPEC.replace("dd/MM/yyyy", "d/M/yyyy")}},
        lambda conf: conf | {"codes": {**CODES, "colour": CODES["colour"] + "PINK,Pink,,\n"}},
        lambda conf: conf | {"suites": {"visit": [{**SUITE["visit"][0], "severity": "info"}]}},
        lambda conf: conf | {"suites": {"child": [rule("expect_column_values_to_not_be_null", column="ID")]}},
    ],
    ids=["type", "parameter", "format", "code", "severity", "suite"],
)  # fmt: skip
def test_whatever_changes_the_judgement_changes_the_id(
    bend: Callable[[dict[str, object]], dict[str, object]], tmp_path: Path
) -> None:
    conf: dict[str, object] = {"suites": SUITE}
    before = care(tmp_path / "before", **conf)
    after = care(tmp_path / "after", **bend(conf))
    period = before.read_period("2020-21")
    assert before.ruleset(period).id != after.ruleset(period).id


def test_a_period_is_judged_by_its_own_spec_or_by_another_year_s(tmp_path: Path) -> None:
    later = "first: 2022-23\ndescription: d\nparameters: {most_visits: 9}\n"
    contract = care(tmp_path, specs={"2020-21": SPEC, "2022-23": later})
    old, new = contract.read_period("2021-22"), contract.read_period("2022-23")
    assert contract.ruleset(old).spec.parameters == {"most_visits": 3}
    assert contract.ruleset(old, new).spec.parameters == {"most_visits": 9}
    assert contract.ruleset(old) is contract.ruleset(old)
    with pytest.raises(
        UnknownPeriod, match=r"^care has no spec for 2019-20; its first is for 2020-21$"
    ):
        contract.read_period("2019-20")


def test_the_collection_of_a_period_has_its_dates_and_the_one_before(tmp_path: Path) -> None:
    contract = care(tmp_path)
    assert contract.collection(contract.read_period("2021-22")) == Collection.model_validate(
        {
            "return_name": "care",
            "period": "2021-22",
            "start": "2021-04-01",
            "end": "2022-03-31",
            "previous": "2020-21",
        }
    )
