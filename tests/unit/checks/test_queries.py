"""Query rules: on rows, across tables, over windows, with the collection and the year before."""
# ruff: noqa: E501  (one rule a line)

from __future__ import annotations

from pathlib import Path

import pytest

from lgdp.checks.compiled import compile_rules
from lgdp.errors import ConfigurationError
from tests.unit.checks.checked import CHILD, VISIT, check_files, make_task, run
from tests.unit.contracts.small_conf import SPEC, care, load, query

FILES = {
    "child": CHILD + "A1,01/02/2010,RED,\nA2,01/02/2011,,\n",
    "visit": VISIT
    + "A1,01/06/2020,Y,30,first\nA1,02/06/2020,N,20,second\nA2,01/06/2020,,,\nA2,01/05/2021,,90,late\n",
}


def found(root: Path, sql: str, files: dict[str, str] | None = None) -> list[int]:
    """Numbers of the visits that a query rule finds."""
    made = query(sql, severity="warning")
    got = check_files(root, files or FILES, {"visit": [made]})
    (count,) = got.outcome.rules
    rows = [row["row"] for row in got.failures if row["code"] == "R1"]
    assert (count.found, count.silver) == (len(rows), len(rows))
    return rows


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT b.* FROM {batch} b WHERE b.MINUTES > 25", [1, 4]),
        ("SELECT * FROM {batch} WHERE NOTE IS NULL OR NOT ALONE", [2, 3]),
        ("SELECT b.* FROM {batch} b WHERE b.NOTE RLIKE 'st$' OR b.SEEN > DATE'2021-01-01'", [1, 4]),
        ("SELECT b.* FROM {batch} b JOIN collection c ON c._submission = b._submission WHERE b.SEEN > c.period_end", [4]),
        ("SELECT b.* FROM {batch} b JOIN collection c ON c._submission = b._submission WHERE c.period = '2020-21' AND b.MINUTES < c.most_visits * 10", [2]),
        ("SELECT b.* FROM {batch} b JOIN collection c ON c._submission = b._submission AND b.SEEN > c.period_end", [4]),
        ("SELECT b.* FROM {batch} b JOIN child c ON c._submission = b._submission AND c.ID = b.ID WHERE c.COLOUR = 'RED'", [1, 2]),
        ("SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM child c WHERE c._submission = b._submission AND c.ID = b.ID AND c.COLOUR = 'RED')", [3, 4]),
        ("SELECT b.* FROM {batch} b WHERE b.SEEN > (SELECT min(o.SEEN) FROM {batch} o WHERE o._submission = b._submission AND o.ID = b.ID)", [2, 4]),
        ("SELECT x.* FROM (SELECT b.*, lag(b.MINUTES) OVER (PARTITION BY b._submission, b.ID ORDER BY b.SEEN, b._row) AS before FROM {batch} b) x WHERE x.before > x.MINUTES", [2]),
        ("SELECT x.* FROM (SELECT b.*, count(*) OVER (PARTITION BY b._submission, b.SEEN) AS n FROM {batch} b) x WHERE x.n > 1", [1, 3]),
        ("SELECT b.* FROM {batch} b JOIN (SELECT _submission, ID, sum(MINUTES) AS total FROM {batch} GROUP BY _submission, ID) t ON t._submission = b._submission AND t.ID = b.ID WHERE t.total > 80", [3, 4]),
        ("SELECT b.* FROM {batch} b WHERE months_between(b.SEEN, DATE'2020-06-01') >= 11", [4]),
        ("SELECT b.* FROM {batch} b WHERE b.SEEN >= add_months(DATE'2020-06-02', 0) AND datediff(b.SEEN, DATE'2020-06-02') = 0", [2]),
        ("SELECT b.* FROM {batch} b WHERE b._row = 3 AND b._file = 'visit.csv' AND b._council = 'S12000047'", [3]),
    ],
)  # fmt: skip
def test_a_query_finds_rows_of_its_table(sql: str, expected: list[int], tmp_path: Path) -> None:
    assert found(tmp_path, sql) == expected


def test_a_rule_on_rows_alone_is_judged_with_the_others_in_one_pass(tmp_path: Path) -> None:
    rules = [
        query("SELECT b.* FROM {batch} b JOIN collection c ON c._submission = b._submission WHERE b.SEEN > c.period_end AND b.NOTE <> 'it''s'", "1"),
        query("SELECT b.* FROM {batch} b WHERE b.SEEN > (SELECT max(o.SEEN) FROM {batch} o WHERE o._submission = b._submission)", "2"),
        query("SELECT b.* FROM {batch} b JOIN collection c ON c._submission = b._submission AND b.SEEN > c.period_end", "3"),
    ]  # fmt: skip
    contract = care(tmp_path, suites={"visit": rules})
    compiled = compile_rules(contract.ruleset(contract.read_period("2020-21")))
    kinds = {rule.code: rule.kind for rule in compiled.of("visit") if rule.origin == "suite"}
    assert kinds == {"1": "row", "2": "query", "3": "query"}


def test_rows_with_a_defect_are_not_seen_by_rules(tmp_path: Path) -> None:
    files = {"visit": VISIT + "A1,01/06/2020,Y,30,x\nA1,short\n"}
    assert found(tmp_path, "SELECT b.* FROM {batch} b WHERE b.MINUTES IS NULL", files) == []


def test_a_table_that_was_not_sent_is_empty(tmp_path: Path) -> None:
    sql = "SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM child c WHERE c._submission = b._submission AND c.ID = b.ID)"
    assert found(tmp_path, sql, {"visit": FILES["visit"]}) == [1, 2, 3, 4]


def test_rules_of_a_table_that_was_not_sent_find_nothing(tmp_path: Path) -> None:
    rules = {
        "child": [query("SELECT b.* FROM {batch} b JOIN visit v ON v._submission = b._submission")]
    }
    got = check_files(tmp_path, {"visit": FILES["visit"]}, rules)
    assert got.verdict == "clean"
    (count,) = got.outcome.rules
    assert (count.found, count.silver) == (0, 0)


PREVIOUS = "SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM previous_child p WHERE p._council = b._council AND p.ID = b.ID AND p.BORN <> b.BORN)"


def test_the_year_before_is_there_if_it_was_accepted(tmp_path: Path) -> None:
    catalogue = load(tmp_path / "conf", suites={"child": [query(PREVIOUS, severity="warning")]})
    before = {"child": CHILD + "A1,01/02/2009,,\nA2,01/02/2011,,\n"}
    earlier = run(make_task(catalogue, before, tmp_path / "b"), tmp_path / "b" / "out")
    assert earlier.verdict == "clean"
    now = {"child": FILES["child"]}
    files = {"child": (earlier.outcome.silver["child"],)}
    for small in (1 << 20, -1):
        task = make_task(catalogue, now, tmp_path / "n", period="2021-22", previous=files)
        assert run(task, tmp_path / f"n{small}", small).places() == [("child", 1, "R1")]
        task = make_task(catalogue, now, tmp_path / "n", period="2021-22")
        assert run(task, tmp_path / f"o{small}", small).places() == []


def test_the_year_before_may_have_had_other_columns(tmp_path: Path) -> None:
    later = "first: 2021-22\ndescription: d\nchanges:\n  - {description: d, table: child, rename: {WEIGHT: KG}}\n"
    sql = PREVIOUS.replace("p.BORN <> b.BORN", "p.KG IS NULL")
    rules = {"child": [query(sql, severity="info", meta_since="2021-22")]}
    catalogue = load(tmp_path / "conf", specs={"2020-21": SPEC, "2021-22": later}, suites=rules)
    before = {"child": CHILD + "A1,01/02/2010,,5.5\n"}
    earlier = run(make_task(catalogue, before, tmp_path / "b"), tmp_path / "b" / "out")
    files = {"child": (earlier.outcome.silver["child"],)}
    now = {"child": "ID,BORN,COLOUR,KG\nA1,01/02/2010,,5.5\n"}
    task = make_task(catalogue, now, tmp_path / "n", period="2021-22", previous=files)
    assert run(task, tmp_path / "n" / "out").places() == [("child", 1, "R1")]


def test_a_table_may_itself_be_called_previous(tmp_path: Path) -> None:
    spec = SPEC.replace("  visit:", "  previous_visit:")
    rules = {
        "child": [query("SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM previous_visit v WHERE v._submission = b._submission AND v.ID = b.ID)")],
        "previous_visit": [query("SELECT b.* FROM {batch} b WHERE b.MINUTES > 25", severity="info")],
    }  # fmt: skip
    files = {"child": FILES["child"], "previous_visit": VISIT + "A1,01/06/2020,Y,30,\n"}
    got = check_files(tmp_path, files, rules, conf={"specs": {"2020-21": spec}})
    assert got.places() == [("child", 2, "R1"), ("previous_visit", 1, "R1")]


def test_tables_and_columns_may_be_called_like_words_of_sql(tmp_path: Path) -> None:
    spec = SPEC.replace("  visit:", "  order:").replace("NOTE", "select")
    rules = {
        "order": [
            query("SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM {batch} o WHERE o._submission = b._submission AND o.ID = b.ID AND o._row <> b._row)", severity="info"),
            query("SELECT b.* FROM {batch} b WHERE b.`select` = 'x'", "R2", severity="info"),
        ]
    }  # fmt: skip
    text = VISIT.replace("NOTE", "select") + "A1,01/06/2020,,,x\nA1,02/06/2020,,,\n"
    got = check_files(tmp_path, {"order": text}, rules, conf={"specs": {"2020-21": spec}})
    assert got.places() == [("order", 1, "R1"), ("order", 1, "R2"), ("order", 2, "R1")]


def test_names_may_be_those_that_the_workspace_uses(tmp_path: Path) -> None:
    spec = SPEC.replace("  visit:", "  failures:").replace("  child:", "  hit:")
    files = {"failures": FILES["visit"], "hit": FILES["child"]}
    rules = {
        "failures": [
            query(
                "SELECT b.* FROM {batch} b JOIN hit h ON h._submission = b._submission AND h.ID = b.ID AND h.COLOUR = 'RED'"
            )
        ]
    }
    got = check_files(tmp_path, files, rules, conf={"specs": {"2020-21": spec}})
    assert got.places() == [("failures", 1, "R1"), ("failures", 2, "R1")]


def test_a_rule_that_can_t_be_planned_names_its_suite_and_code(tmp_path: Path) -> None:
    for number, sql in enumerate(
        [
            "SELECT * FROM {batch} WHERE NOPE = 1",
            "SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM child c WHERE c._submission = b._submission AND NOPE = 1)",
        ]
    ):
        with pytest.raises(ConfigurationError) as caught:
            check_files(tmp_path / str(number), FILES, {"visit": [query(sql)]})
        (problem,) = caught.value.problems
        assert (problem.file, problem.key) == ("expectations/care/visit.json", "R1")
        assert "NOPE" in problem.message


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT b.* FROM {batch} b WHERE b.MINUTES * 900000000000000000 > 5",
        "SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM child c WHERE c._submission = b._submission AND b.MINUTES * 900000000000000000 > 5)",
    ],
    ids=["row", "query"],
)  # fmt: skip
def test_c58_a_rule_that_fails_on_the_data_passes_nothing(sql: str, tmp_path: Path) -> None:
    fine = query("SELECT b.* FROM {batch} b WHERE b.MINUTES > 80", "FINE", severity="warning")
    got = check_files(tmp_path, FILES, {"visit": [query(sql, "BIG"), fine]})
    assert got.verdict == "rejected"
    assert got.places("severity") == [
        ("visit", None, "RULE_ERROR", "critical"),
        ("visit", 4, "FINE", "warning"),
    ]
    assert got.failures[0]["message"] == (
        "The rule BIG of visit can't be applied to this delivery: Overflow in multiplication "
        "of INT64 (30 * 900000000000000000)!. It is the rule that has to be mended; nothing was accepted."
    )
    assert got.silver == {}
    assert got.kept_out("child") == [(1, ["RULE_ERROR"]), (2, ["RULE_ERROR"])]


def test_a_query_that_gives_rows_of_nothing_is_a_mistake(tmp_path: Path) -> None:
    sql = "SELECT b.* FROM child c LEFT JOIN {batch} b ON b._submission = c._submission AND b.ID = c.ID AND b.MINUTES > 80"
    with pytest.raises(ConfigurationError) as caught:
        check_files(tmp_path, FILES, {"visit": [query(sql)]})
    assert [str(problem) for problem in caught.value.problems] == [
        "expectations/care/visit.json: R1: the query gives rows that are not rows of {batch} (an outer join?)"
    ]


def test_a_query_that_gives_a_row_twice_counts_it_twice_and_shows_it_once(tmp_path: Path) -> None:
    sql = "SELECT b.* FROM {batch} b JOIN child c ON c._submission = b._submission"
    got = check_files(tmp_path, FILES, {"visit": [query(sql, severity="warning")]})
    (count,) = got.outcome.rules
    # The audit counts what the query gives; people are shown each row once.
    assert (count.found, count.silver) == (8, 8)
    assert got.places() == [("visit", row, "R1") for row in (1, 2, 3, 4)]
    assert got.outcome.queries == 4


def test_a_large_table_that_many_queries_read_is_typed_once(tmp_path: Path) -> None:
    doubled = "SELECT b.* FROM {batch} b JOIN {batch} o ON o._submission = b._submission AND o.ID = b.ID AND o._row <> b._row AND b.MINUTES > "
    rules = [query(f"{doubled}{least}", f"R{least}", "warning") for least in (10, 20, 25, 80)]
    got = check_files(tmp_path, FILES, {"visit": rules})
    assert got.places() == [
        ("visit", 1, "R10"),
        ("visit", 1, "R20"),
        ("visit", 1, "R25"),
        ("visit", 2, "R10"),
        ("visit", 4, "R10"),
        ("visit", 4, "R20"),
        ("visit", 4, "R25"),
        ("visit", 4, "R80"),
    ]
    assert (tmp_path / "large" / "visit.typed.parquet").is_file()
    assert not (tmp_path / "small" / "visit.typed.parquet").exists()
