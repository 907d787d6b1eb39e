"""Rows that go because another went: consequences, with the row that caused them."""
# ruff: noqa: E501  (one rule a line)

from __future__ import annotations

from pathlib import Path

from tests.unit.checks.checked import CHILD, VISIT, check_files
from tests.unit.contracts.small_conf import query, rule

PARENT = query(
    "SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM child c WHERE c._submission = b._submission AND c.ID = b.ID)",
    "PARENT",
)
GRAND = query(
    "SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM visit v WHERE v._submission = b._submission AND v.ID = b.ID AND v.SEEN = b.SEEN)",
    "GRAND",
)

SPEC = """\
first: 2020-21
description: Three generations.
defaults: {date_formats: [dd/MM/yyyy]}
tables:
  action:
    key: [ID, SEEN, WHAT]
    columns:
      ID: {type: string, required: true}
      SEEN: {type: date, required: true}
      WHAT: {type: string}
  visit:
    key: [ID, SEEN]
    columns:
      ID: {type: string, required: true}
      SEEN: {type: date, required: true}
      MINUTES: {type: integer}
  child:
    key: [ID]
    columns:
      ID: {type: string, required: true}
      BORN: {type: date, required: true}
"""
CONF = {"specs": {"2020-21": SPEC}}


def test_a_child_s_visits_and_their_actions_go_with_it(tmp_path: Path) -> None:
    files = {
        "child": "ID,BORN\nA1,01/02/2010\nA2,31/02/2010\nA3,01/02/2010\n",
        "visit": "ID,SEEN,MINUTES\nA2,01/06/2020,5\nA1,01/06/2020,5\nA2,02/06/2020,5\nA9,01/06/2020,5\nA3,01/06/2020,x\n",
        "action": "ID,SEEN,WHAT\nA1,01/06/2020,talk\nA2,02/06/2020,call\nA3,01/06/2020,talk\nA1,09/06/2020,none\n",
    }
    got = check_files(tmp_path, files, {"visit": [PARENT], "action": [GRAND]}, conf=CONF)
    assert got.verdict == "has errors"
    assert got.places("value", "consequence_of") == [
        ("action", 2, "GRAND", None, "visit:3"),
        ("action", 3, "GRAND", None, "visit:5"),
        ("action", 4, "GRAND", None, None),
        ("child", 2, "FORMAT", "31/02/2010", None),
        ("visit", 1, "PARENT", None, "child:2"),
        ("visit", 3, "PARENT", None, "child:2"),
        ("visit", 4, "PARENT", None, None),
        ("visit", 5, "TYPE", "x", None),
    ]
    assert got.rows("child", "ID") == [("A1",), ("A3",)]
    assert got.rows("visit", "_row", "ID") == [(2, "A1")]
    assert got.rows("action", "_row", "ID") == [(1, "A1")]
    assert got.kept_out("visit") == [
        (1, ["PARENT"]),
        (3, ["PARENT"]),
        (4, ["PARENT"]),
        (5, ["TYPE"]),
    ]
    counts = {count.code: (count.found, count.silver) for count in got.outcome.rules}
    assert counts == {"PARENT": (1, 0), "GRAND": (1, 0)}
    assert got.outcome.errors == 8


def test_a_row_without_its_parent_from_the_start_is_not_a_consequence(tmp_path: Path) -> None:
    files = {"child": "ID,BORN\nA2,31/02/2010\n", "visit": "ID,SEEN,MINUTES\nA9,01/06/2020,\n"}
    got = check_files(tmp_path, files, {"visit": [PARENT]}, conf=CONF)
    assert got.places("consequence_of")[1:] == [("visit", 1, "PARENT", None)]


STEPS = query(
    "SELECT x.* FROM (SELECT b.*, lag(b.MINUTES) OVER (PARTITION BY b._submission, b.ID ORDER BY b.SEEN) AS before FROM {batch} b) x WHERE x.MINUTES - x.before > 5",
    "STEP",
)  # fmt: skip


def test_a_window_over_what_is_left_is_looked_at_again(tmp_path: Path) -> None:
    minutes = [1, 4, 8, 12, 99, 16]
    body = "".join(f"A1,0{day}/06/2020,{value}\n" for day, value in enumerate(minutes, start=1))
    files = {"visit": "ID,SEEN,MINUTES\n" + body.replace("A1,03/06/2020,8", "A1,03/06/2020,x")}
    got = check_files(tmp_path, files, {"visit": [STEPS]}, conf=CONF)
    # The third has no number. 99 is a step of 87; the fourth is 8 more than the second once the
    # third is gone, the sixth 12 more than the second once the fourth is gone too.
    assert got.places("consequence_of") == [
        ("visit", 3, "TYPE", None),
        ("visit", 4, "STEP", "visit:3"),
        ("visit", 5, "STEP", None),
        ("visit", 6, "STEP", "visit:3"),
    ]
    assert got.rows("visit", "_row") == [(1,), (2,)]


def test_queries_that_come_up_only_then_are_told_with_their_cause(tmp_path: Path) -> None:
    late = query(
        "SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM visit v WHERE v._submission = b._submission AND v.ID = b.ID)",
        "UNSEEN",
        "warning",
    )
    files = {
        "child": "ID,BORN\nA1,01/02/2010\nA2,01/02/2010\nA3,01/02/2010\n",
        "visit": "ID,SEEN,MINUTES\nA1,01/06/2020,5\nA2,01/06/2020,x\n",
    }
    got = check_files(tmp_path, files, {"child": [late]}, conf=CONF)
    assert got.places("severity", "consequence_of") == [
        ("child", 2, "UNSEEN", "warning", "visit:2"),
        ("child", 3, "UNSEEN", "warning", None),
        ("visit", 2, "TYPE", "critical", None),
    ]
    (count,) = got.outcome.rules
    assert (count.found, count.silver) == (1, 2)
    assert got.outcome.queries == 2


def test_queries_about_rows_that_went_are_told_but_not_counted_in_silver(tmp_path: Path) -> None:
    shared = query(
        "SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM {batch} o WHERE o._submission = b._submission AND o.SEEN = b.SEEN AND o._row <> b._row)",
        "SHARED",
        "warning",
    )
    short = rule(
        "expect_column_values_to_be_between", "SHORT", "info", column="MINUTES", min_value=5
    )
    files = {
        "visit": "ID,SEEN,MINUTES\nA1,01/06/2020,4\nA2,01/06/2020,4\n,02/06/2020,4\nA3,02/06/2020,9\n"
    }
    got = check_files(tmp_path, files, {"visit": [shared, short]}, conf=CONF)
    assert got.places() == [
        ("visit", 1, "SHARED"),
        ("visit", 1, "SHORT"),
        ("visit", 2, "SHARED"),
        ("visit", 2, "SHORT"),
        ("visit", 3, "REQUIRED"),
        ("visit", 3, "SHARED"),
        ("visit", 3, "SHORT"),
        ("visit", 4, "SHARED"),
    ]
    counts = {count.code: (count.found, count.silver) for count in got.outcome.rules}
    assert counts == {"SHARED": (4, 2), "SHORT": (3, 2)}


def test_every_failure_is_counted_and_the_first_are_kept(tmp_path: Path) -> None:
    late = query(
        "SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM visit v WHERE v._submission = b._submission AND v.ID = b.ID)",
        "UNSEEN",
        "warning",
    )
    files = {
        "child": "ID,BORN\n" + "".join(f"A{number},01/02/2010\n" for number in range(1, 21)),
        "visit": "ID,SEEN,MINUTES\n" + "".join(f"A{number},01/06/2020,x\n" for number in range(1, 11)) + "bad\n" * 7,
    }  # fmt: skip
    got = check_files(
        tmp_path, files, {"child": [late]}, conf=CONF, limits={"failures_per_rule": 4}
    )
    # Ten children were never seen, ten more once no visit is left: four are kept in all.
    assert got.places("consequence_of") == [
        *(("child", row, "UNSEEN", None) for row in (11, 12, 13, 14)),
        *(("visit", row, "TYPE", None) for row in (1, 2, 3, 4)),
        *(("visit", row, "TOO_FEW_FIELDS", None) for row in (11, 12, 13, 14)),
    ]
    (count,) = got.outcome.rules
    assert (count.found, count.silver) == (10, 20)
    assert (got.outcome.errors, got.outcome.queries) == (17, 20)
    assert len(got.quarantine["visit"]) == 17


def test_consequences_reach_through_many_rounds(tmp_path: Path) -> None:
    chain = query(
        "SELECT b.* FROM {batch} b WHERE b.MINUTES > 1 AND NOT EXISTS (SELECT 1 FROM {batch} o WHERE o._submission = b._submission AND o.ID = b.ID AND o.MINUTES = b.MINUTES - 1)",
        "CHAIN",
    )
    body = "".join(f"A1,{day:02}/06/2020,{day}\n" for day in range(1, 13))
    files = {"visit": "ID,SEEN,MINUTES\n" + body.replace("03/06/2020", "31/06/2020")}
    got = check_files(tmp_path, files, {"visit": [chain]}, conf=CONF)
    assert got.rows("visit", "_row") == [(1,), (2,)]
    assert [row["row"] for row in got.failures if row["code"] == "CHAIN"] == list(range(4, 13))
    assert {row["consequence_of"] for row in got.failures if row["code"] == "CHAIN"} == {"visit:3"}


def test_the_same_row_may_go_for_several_reasons(tmp_path: Path) -> None:
    rules = {
        "visit": [
            PARENT,
            rule("expect_column_values_to_be_between", "SHORT", column="MINUTES", min_value=5),
        ]
    }
    files = {"child": CHILD + "A1,x,,\n", "visit": VISIT + "A1,01/06/2020,,4,\n"}
    got = check_files(tmp_path, files, rules)
    assert got.kept_out("visit") == [(1, ["SHORT"])]
    # It was gone before its parent was, so that it is no consequence.
    assert got.places("consequence_of") == [("child", 1, "102", None), ("visit", 1, "SHORT", None)]
