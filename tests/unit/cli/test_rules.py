"""`lgdp rules`: the book at the terminal and as a page, and trying a suite."""
# ruff: noqa: E501  (one rule a line)

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lgdp.cli.app import with_commands
from lgdp.config import locate
from lgdp.errors import UsageError
from tests.unit.contracts.small_conf import query, rule, write_conf

LONG = query(
    "SELECT b.* FROM {batch} b WHERE b.MINUTES > 60",
    "LONG",
    "warning",
    message="{value} minutes are too many.",
    meta_columns=["MINUTES"],
)
VISITS = "ID,SEEN,ALONE,MINUTES,NOTE\nA1,01/06/2020,Y,61,x\nA2,01/06/2020,Y,60,x\n"


def run(root: Path, *words: str) -> Result:
    location = write_conf(root, suites={"visit": [LONG]})
    shutil.copy(locate().conf / "platform.yaml", location.conf)
    return CliRunner().invoke(with_commands(), ["rules", *words, "--conf", str(root / "conf")])


def try_rules(root: Path, rules: list[dict[str, object]], name: str = "care.visit") -> Result:
    root.mkdir(exist_ok=True)
    suite, visits = root / "mine.json", root / "visit.csv"
    suite.write_text(json.dumps({"name": name, "expectations": rules, "meta": {}}, indent=1))
    visits.write_text(VISITS)
    places = ["--return", "care", "--period", "2020-21", "--council", "Fife"]
    return run(root, "try", str(suite), str(visits), *places)


def test_the_book_lists_every_check(tmp_path: Path) -> None:
    shown = run(tmp_path, "care").stdout
    assert "Visits to children in care, 2020-21" in shown
    (line,) = [line for line in shown.splitlines() if line.strip().startswith("LONG")]
    assert line.split()[:4] == ["LONG", "visit", "explain", "2020-21"]


def test_one_rule_is_shown_whole(tmp_path: Path) -> None:
    shown = run(tmp_path, "care", "--code", "LONG").stdout
    assert "query: SELECT b.* FROM {batch} b WHERE b.MINUTES > 60" in shown
    assert isinstance(run(tmp_path, "care", "--code", "NONE").exception, UsageError)


def test_the_page_is_written(tmp_path: Path) -> None:
    told = run(tmp_path, "care", "--html", str(tmp_path / "book.html")).stdout
    assert told.startswith("11 rules of care in 2020-21 are in ")
    assert "LONG" in (tmp_path / "book.html").read_text(encoding="utf-8")


def test_a_suite_is_tried_alone(tmp_path: Path) -> None:
    early = {**LONG, "meta": {**LONG["meta"], "code": "EARLY"}}
    early["kwargs"] = {"unexpected_rows_query": "SELECT b.* FROM {batch} b WHERE b.MINUTES < 0"}
    done = try_rules(tmp_path, [LONG, early])
    assert done.exit_code == 0
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["LONG", "1"] in lines
    assert ["EARLY", "0"] in lines
    assert [*["visit.csv", "1", "A1|01/06/2020", "MINUTES", "61"], "61"] in [
        line[:6] for line in lines
    ]


@pytest.mark.parametrize(
    ("sql", "message", "marked"),
    [
        ("SELECT b.* FROM {batch} b WHERE b.MINUTE > 60", "visit has no column MINUTE", "b.MINUTE"),
        ("SELECT b.* FROM {batch} b WHERE b.MINUTES >", "the SQL does not parse at line 1, column 43: something is missing", ">"),
        ("SELECT * FROM {batch} WHERE NOPE > 60", 'column "NOPE" not found', "NOPE"),
        ("SELECT b.* FROM {batch} b JOIN child c ON c.ID = b.ID", "the join with c does not name _submission", "child c ON c.ID = b.ID"),
        ("SELECT b.* FROM {batch} b WHERE soundex(b.NOTE) = 'A1'", "the function SOUNDEX is not known to mean the same in both engines", "soundex(b.NOTE"),
        ("SELECT b.* FROM {batch} b\nWHERE b.NOTE = 'x'\n  AND b.SEEN > '2020-6-1'", "'2020-6-1' is not written yyyy-MM-dd", "b.SEEN > '2020-6-1'"),
        ("SELECT b.* FROM {batch} b JOIN visitor v ON v._submission = b._submission", "there is no table visitor in this return", "visitor v"),
    ],
)  # fmt: skip
def test_a_mistake_is_pointed_at(sql: str, message: str, marked: str, tmp_path: Path) -> None:
    done = try_rules(tmp_path, [query(sql, "MINE")])
    assert done.exit_code == 2
    head, line, carets = done.stdout.splitlines()
    assert f"mine.json, line 7: MINE: {message}" in head.replace("Referenced column", "column")
    assert line[carets.index("^") : carets.rindex("^") + 1] == marked


def test_a_long_line_is_cut_around_the_place(tmp_path: Path) -> None:
    sql = "SELECT b.* FROM {batch} b WHERE " + "b.MINUTES > 60 AND " * 20 + "b.NOPE = 1"
    sql += " AND b.MINUTES > 60" * 20
    _, line, carets = try_rules(tmp_path, [query(sql, "MINE")]).stdout.splitlines()
    assert len(line) <= 100
    assert line[carets.index("^") : carets.rindex("^") + 1] == "b.NOPE"


def test_every_rule_that_is_wrong_is_told(tmp_path: Path) -> None:
    wrong = rule("expect_column_values_to_not_be_null", "R1", column="NOPE")
    done = try_rules(tmp_path, [wrong, query("SELECT 1 FROM {batch} b", "R2"), LONG])
    assert "mine.json: R1: visit has no column NOPE" in done.stdout
    assert "R2: the query must give the rows of {batch} whole" in done.stdout


def test_a_suite_that_tells_no_table_is_refused(tmp_path: Path) -> None:
    error = try_rules(tmp_path, [LONG], name="mine").exception
    assert isinstance(error, UsageError)
    assert "say --table, one of child, visit" in str(error)
