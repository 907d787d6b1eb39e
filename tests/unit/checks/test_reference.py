"""Rules that look things up in reference tables."""
# ruff: noqa: E501  (one rule a line)

from __future__ import annotations

from pathlib import Path

import pytest

from lgdp.checks.compiled import compile_rules
from lgdp.checks.kernel import check
from lgdp.checks.trial import bind_rules
from lgdp.errors import ConfigurationError, LgdpError
from tests.unit.checks.checked import VISIT, check_files, make_task
from tests.unit.contracts.small_conf import care, load, query

INDEX = """\
place: {status: generated, version: "1", source: t, licence: none, key: [CODE], columns: {CODE: string, SIZE: integer, OPENED: date}}
"""
REFERENCE = {
    "index.yaml": INDEX,
    "place.csv": "CODE,SIZE,OPENED\nA,12,2020-06-02\nB,3,2020-01-01\nC,,\n",
}
FILES = {
    "visit": VISIT
    + "A1,01/06/2020,Y,10,A\nA2,01/06/2020,Y,10,B\nA3,01/06/2020,Y,10,C\nA4,01/06/2020,Y,10,D\nA5,01/06/2020,Y,10,\n"
}


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT b.* FROM {batch} b JOIN reference_place p ON p.CODE = b.NOTE WHERE b.MINUTES < p.SIZE", [1]),
        ("SELECT b.* FROM {batch} b LEFT JOIN reference_place p ON p.CODE = b.NOTE WHERE p.CODE IS NULL", [4, 5]),
        ("SELECT b.* FROM {batch} b LEFT JOIN reference_place AS p ON p.CODE = b.NOTE WHERE p.SIZE IS NULL AND b.NOTE IS NOT NULL", [3, 4]),
        ("SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM reference_place p WHERE p.CODE = b.NOTE AND p.OPENED <= b.SEEN)", [1, 3, 4, 5]),
        ("SELECT b.* FROM {batch} b WHERE b.NOTE IN (SELECT CODE FROM reference_place)", [1, 2, 3]),
        ("SELECT b.* FROM {batch} b WHERE b.MINUTES > (SELECT max(p.SIZE) FROM reference_place p WHERE p.CODE = b.NOTE)", [2]),
        ("SELECT b.* FROM {batch} b JOIN (SELECT SIZE, count(*) AS n FROM reference_place GROUP BY SIZE) p ON p.SIZE = b.MINUTES + 2", [1, 2, 3, 4, 5]),
        ("WITH big AS (SELECT CODE FROM reference_place WHERE SIZE > 5), bigger AS (SELECT CODE FROM big) SELECT b.* FROM {batch} b JOIN bigger ON bigger.CODE = b.NOTE", [1]),
    ],
)  # fmt: skip
def test_a_rule_finds_rows_by_what_a_reference_table_says(
    sql: str, expected: list[int], tmp_path: Path
) -> None:
    rules = {"visit": [query(sql, severity="warning")]}
    got = check_files(tmp_path, FILES, rules, conf={"reference": REFERENCE})
    assert [row["row"] for row in got.failures] == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT b.* FROM {batch} b JOIN reference_town p ON p.CODE = b.NOTE", "there is no reference table town in conf/reference"),
        ("SELECT b.* FROM {batch} b JOIN reference_place p ON p.NAME = b.NOTE", "reference_place has no column NAME"),
        ("SELECT b.* FROM {batch} b JOIN reference_place p ON p.CODE = b.NOTE JOIN child c ON c.ID = b.ID", "the join with c does not name _submission"),
        ("SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM reference_place p JOIN child c ON c._submission = b._submission WHERE c.ID = b.ID)", "an inner query does not name _submission"),
        ("SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM reference_place p, child c WHERE c._submission = b._submission)", "the join with c does not name _submission"),
        ("SELECT p.* FROM {batch} b JOIN reference_place p ON p.CODE = b.NOTE", "the query must give the rows of {batch} whole: SELECT b.* FROM {batch} b"),
    ],
)  # fmt: skip
def test_a_rule_is_refused_with_file_and_code(sql: str, expected: str, tmp_path: Path) -> None:
    contract = care(tmp_path, suites={"visit": [query(sql)]}, reference=REFERENCE)
    period = contract.read_period("2020-21")
    ruleset = contract.ruleset(period)
    with pytest.raises(ConfigurationError) as caught:
        bind_rules(ruleset, compile_rules(ruleset), contract.collection(period))
    assert [str(problem) for problem in caught.value.problems] == [
        f"expectations/care/visit.json: R1: {expected}"
    ]


def test_a_task_without_a_table_that_its_rules_need_is_not_judged(tmp_path: Path) -> None:
    sql = "SELECT b.* FROM {batch} b JOIN reference_place p ON p.CODE = b.NOTE"
    catalogue = load(tmp_path / "conf", suites={"visit": [query(sql)]}, reference=REFERENCE)
    task = make_task(catalogue, FILES, tmp_path).model_copy(update={"reference": {}})
    with pytest.raises(LgdpError, match="does not carry the reference table place"):
        check(task, tmp_path)
