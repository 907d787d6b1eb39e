"""A rule that needs a table is not applied to a submission without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lgdp.checks.compiled import compile_rules
from lgdp.errors import ConfigurationError
from tests.unit.checks.checked import CHILD, VISIT, Checked, check_files, make_task, run
from tests.unit.contracts.small_conf import care, load, query

ORPHANS = (
    "SELECT b.* FROM {batch} b WHERE NOT EXISTS "
    "(SELECT 1 FROM child c WHERE c._submission = b._submission AND c.ID = b.ID)"
)
NEW = (
    "SELECT b.* FROM {batch} b WHERE NOT EXISTS "
    "(SELECT 1 FROM previous_visit p WHERE p._council = b._council AND p.ID = b.ID)"
)
VISITS = VISIT + "A1,01/06/2021,Y,30,\nA2,01/06/2021,N,20,\n"


def needing(sql: str, *needs: str, severity: str = "warning") -> dict[str, Any]:
    made = query(sql, severity=severity)
    return {**made, "meta": {**made["meta"], "needs": list(needs)}}


def rows(got: Checked) -> list[int]:
    return [failure["row"] for failure in got.failures if failure["code"] == "R1"]


def test_a_table_that_was_not_sent_keeps_the_rule_from_the_submission(tmp_path: Path) -> None:
    suites = {"visit": [needing(ORPHANS, "child")]}
    child = CHILD + "A1,01/02/2010,RED,\n"

    with_it = check_files(tmp_path / "with", {"child": child, "visit": VISITS}, suites)
    without = check_files(tmp_path / "without", {"visit": VISITS}, suites)

    assert rows(with_it) == [2]
    assert rows(without) == []
    assert without.verdict == "clean"
    assert without.outcome.rules == ()


def test_a_table_of_which_no_row_is_left_was_sent_all_the_same(tmp_path: Path) -> None:
    suites = {"visit": [needing(ORPHANS, "child", severity="critical")]}
    files = {"child": CHILD + "A1,not a date,RED,\n", "visit": VISITS}

    got = check_files(tmp_path, files, suites)

    assert got.places("consequence_of")[-2:] == [
        ("visit", 1, "R1", "child:1"),
        ("visit", 2, "R1", None),
    ]


def test_a_rule_on_rows_alone_can_need_a_table_too(tmp_path: Path) -> None:
    short = "SELECT b.* FROM {batch} b WHERE b.MINUTES < 25"
    suites = {"visit": [needing(short, "child")]}
    child = CHILD + "A1,01/02/2010,RED,\nA2,01/02/2010,RED,\n"

    assert rows(check_files(tmp_path / "1", {"child": child, "visit": VISITS}, suites)) == [2]
    assert rows(check_files(tmp_path / "2", {"visit": VISITS}, suites)) == []


def test_the_period_before_can_be_needed(tmp_path: Path) -> None:
    catalogue = load(tmp_path / "conf", suites={"visit": [needing(NEW, "previous_visit")]})
    first = run(
        make_task(catalogue, {"visit": VISIT + "A1,01/06/2020,,,\n"}, tmp_path / "b"),
        tmp_path / "1",
    )
    now = {"visit": VISITS}
    before = {"visit": (first.outcome.silver["visit"],)}
    task = make_task(catalogue, now, tmp_path / "n", period="2021-22", previous=before)
    alone = make_task(catalogue, now, tmp_path / "a", period="2021-22")

    assert rows(first) == []
    assert rows(run(task, tmp_path / "2")) == [2]
    assert rows(run(alone, tmp_path / "3")) == []
    assert task.rules.previous_tables == {"visit"}


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (needing(ORPHANS, "childs"), "meta.needs: there is no table childs in this return"),
        (
            needing(ORPHANS, "previous_childs"),
            "meta.needs: there is no table previous_childs in this return",
        ),
        (
            {
                "type": "expect_column_values_to_not_be_null",
                "kwargs": {"column": "NOTE"},
                "severity": "warning",
                "meta": {"code": "R1", "message": "Fill it in.", "needs": ["child"]},
            },
            "meta.needs is for an unexpected_rows_expectation",
        ),
    ],
)
def test_what_cannot_be_needed_is_refused(
    rule: dict[str, Any], problem: str, tmp_path: Path
) -> None:
    contract = care(tmp_path, suites={"visit": [rule]})
    with pytest.raises(ConfigurationError, match=problem):
        compile_rules(contract.ruleset(contract.read_period("2020-21")))
