"""Derived tables that several queries have in common are made once, and again when rows go."""

from __future__ import annotations

from pathlib import Path

from lgdp.checks.compiled import compile_rules
from lgdp.checks.shared_parts import common_parts
from tests.unit.checks.checked import CHILD, VISIT, check_files
from tests.unit.contracts.small_conf import care, query

ORDERED = (
    "(SELECT e.*, lag(e.MINUTES) OVER w AS before, row_number() OVER w AS nth FROM {batch} e "
    "WINDOW w AS (PARTITION BY e._submission, e.ID ORDER BY e.SEEN, e._row))"
)
SHORTER = f"SELECT n.* FROM {ORDERED} n WHERE n.MINUTES < n.before"
LATER = f"SELECT n.* FROM {ORDERED} n WHERE n.nth > 1"
VISITS = (
    VISIT + "A1,01/06/2020,Y,30,\nA1,02/06/2020,N,20,\nA2,01/06/2020,,5,\nA1,not a date,Y,90,\n"
)
CHILDREN = CHILD + "A1,01/02/2010,RED,\nA2,01/02/2010,RED,\n"


def test_a_part_of_two_queries_is_common_and_the_longest_comes_first() -> None:
    queries = [("SELECT 1", "SELECT 1, 2"), ("SELECT 1", "SELECT 1"), ("SELECT 1, 2", "SELECT 3")]

    assert common_parts(queries) == ("SELECT 1, 2", "SELECT 1")


def test_rules_of_two_tables_have_a_part_in_common(tmp_path: Path) -> None:
    of_child = (
        "SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM "
        + ORDERED.replace("{batch}", "visit")
        + " n WHERE n._submission = b._submission AND n.ID = b.ID AND n.nth > 1)"
    )
    contract = care(tmp_path, suites={"visit": [query(LATER)], "child": [query(of_child)]})

    (part,) = compile_rules(contract.ruleset(contract.read_period("2020-21"))).parts

    assert part.startswith("SELECT e.*, LAG(e.MINUTES) OVER w AS before")
    assert 'FROM "visit" AS e' in part


def test_a_part_is_written_as_it_stands_in_the_query(tmp_path: Path) -> None:
    # What both engines would judge differently is written out for the kernel, parts and all.
    part = "(SELECT e.*, round(e.MINUTES / 7, 1) AS weekly FROM {batch} e WHERE try_cast(e.NOTE AS DATE) IS NULL)"  # noqa: E501 (one query)
    rules = [
        query(f"SELECT n.* FROM {part} n WHERE n.weekly > {most}", str(most)) for most in (1, 2)
    ]
    contract = care(tmp_path, suites={"visit": rules})

    compiled = compile_rules(contract.ruleset(contract.read_period("2020-21")))

    (common,) = compiled.parts
    queries = [rule.sql for rule in compiled.of("visit") if rule.kind == "query"]
    assert len(queries) == 2
    assert all(f"({common})" in sql for sql in queries)


def test_rules_with_a_common_part_find_what_each_finds_alone(tmp_path: Path) -> None:
    files = {"child": CHILDREN, "visit": VISITS}
    rules = [query(SHORTER, "R1", "warning"), query(LATER, "R2", "warning")]
    together = check_files(tmp_path / "both", files, {"visit": rules})
    alone = [
        check_files(tmp_path / rule["meta"]["code"], files, {"visit": [rule]}).places()
        for rule in rules
    ]

    found = [place for place in together.places() if place[2] in ("R1", "R2")]
    assert found == [("visit", 1, "R1"), ("visit", 1, "R2"), ("visit", 2, "R1"), ("visit", 2, "R2")]
    assert found == sorted(place for places in alone for place in places if place[2] != "FORMAT")


def test_a_part_is_made_again_when_rows_were_kept_out(tmp_path: Path) -> None:
    rules = [query(SHORTER, "R1", "warning"), query(LATER, "R2", "warning")]

    got = check_files(tmp_path, {"child": CHILDREN, "visit": VISITS}, {"visit": rules})

    # The row without a date comes first until it is kept out, and is before the first of June.
    silver = {count.code: (count.found, count.silver) for count in got.outcome.rules}
    assert got.kept_out("visit") == [(4, ["FORMAT"])]
    assert silver == {"R1": (2, 1), "R2": (2, 1)}
