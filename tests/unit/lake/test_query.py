"""SQL over the tables of a lake, and which rows count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lgdp.errors import UsageError
from lgdp.lake.catalogue import Catalogue
from lgdp.lake.current import Current
from lgdp.lake.door import Door
from lgdp.lake.query import query
from lgdp.lake.rows import write_rows
from lgdp.lake.scan import among
from lgdp.lake.schemas import (
    EVENTS,
    EVENTS_SCHEMA,
    FAILURES,
    FAILURES_SCHEMA,
    QUALITY_PARTITION,
    RETURN_PARTITION,
    bronze_schema,
    quarantine_schema,
    silver_schema,
)
from lgdp.lake.table import LakeTable

COLUMNS = {
    "CHILD": pa.string(),
    "DECOM": pa.date32(),
    "COST": pa.decimal128(9, 2),
    "OPEN": pa.bool_(),
    "SEEN": pa.timestamp("us", "UTC"),
}
ALLOWED = "only one SELECT (or WITH, UNION, VALUES) over tables of the lake is allowed, not "
CURRENT = Current([("s1", "r2"), ("s3", "r1")])


def add(table: LakeTable, submission: str, ruleset: str | None, **columns: list[object]) -> None:
    count = len(next(iter(columns.values())))
    own = {"_submission": [submission] * count, "period": ["2017-18"] * count}
    if ruleset is not None:
        own["_ruleset"] = [ruleset] * count
    types = {name: COLUMNS.get(name) for name in columns}
    typed = {name: pa.array(values, types[name]) for name, values in columns.items()}
    table.append_rows(pa.table({**typed, **own}))


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Door:
    """Submission s1 was checked under two rulesets, s2 was superseded, s3 is current."""
    door = Door.open(tmp_path_factory.mktemp("my lake"))
    for name in ("episodes", "child_protection_plans"):
        silver = LakeTable(door, f"silver/ssda903/{name}")
        silver.ensure(silver_schema(COLUMNS), RETURN_PARTITION)
        bronze = LakeTable(door, f"bronze/ssda903/{name}")
        bronze.ensure(bronze_schema(COLUMNS), RETURN_PARTITION)
        quarantine = LakeTable(door, f"quarantine/ssda903/{name}")
        quarantine.ensure(quarantine_schema(COLUMNS), RETURN_PARTITION)
        for submission, ruleset in (("s1", "r1"), ("s1", "r2"), ("s2", "r1"), ("s3", "r1")):
            child = f"{submission}{ruleset}"
            add(silver, submission, ruleset, CHILD=[child], DECOM=[date(2018, 1, 1)])
            codes = pa.array([["X1"]])
            add(quarantine, submission, ruleset, _codes=codes)
        for submission in ("s1", "s2", "s3"):
            extra = pa.array([[("Note", submission)]], pa.map_(pa.string(), pa.string()))
            add(bronze, submission, None, _extra=extra)
    failures = LakeTable(door, FAILURES)
    failures.ensure(FAILURES_SCHEMA, QUALITY_PARTITION)
    rows = [
        {"submission": submission, "ruleset": ruleset, "code": f"{submission}{ruleset}"}
        for submission, ruleset in (("s1", "r1"), ("s1", "r2"), ("s2", "r1"), ("s3", "r1"))
    ]
    failures.append_rows(
        pa.Table.from_pylist([{**row, "return": "ssda903", "period": "2017-18"} for row in rows])
    )
    events = LakeTable(door, EVENTS)
    events.ensure(EVENTS_SCHEMA)
    at = pa.array([datetime(2026, 11, 24, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    events.append_rows(pa.table({"id": ["e1"], "at": at}))
    return door


def answers(door: Door, sql: str, *, all_submissions: bool = False) -> list[tuple[object, ...]]:
    found = query(door, sql, CURRENT, all_submissions=all_submissions)
    return [tuple(row.values()) for row in found.to_pylist()]


@pytest.mark.parametrize(
    ("sql", "current", "every"),
    [
        ("select CHILD from silver.ssda903.episodes", ["s1r2", "s3r1"], 4),
        ("select _submission from bronze.ssda903.episodes", ["s1", "s3"], 3),
        ("select _ruleset from quarantine.ssda903.episodes", ["r1", "r2"], 4),
        ("select code from quality.failures", ["s1r2", "s3r1"], 4),
        ("select id from control.events", ["e1"], 1),
    ],
)
def test_only_current_rows_count_unless_all_are_asked_for(
    door: Door, sql: str, current: list[str], every: int
) -> None:
    assert sorted(answers(door, sql)) == [(name,) for name in current]
    assert len(answers(door, sql, all_submissions=True)) == every


def test_nothing_is_current_in_a_lake_that_published_nothing(door: Door) -> None:
    found = query(door, "select count(*) n from silver.ssda903.episodes", Current([]))
    assert found.to_pylist() == [{"n": 0}]


def test_current_rows_can_be_read_without_sql(door: Door) -> None:
    rows = CURRENT.read(LakeTable(door, "silver/ssda903/episodes"), ["CHILD", "period"])
    assert rows.sort_by("CHILD").to_pylist() == [
        {"CHILD": "s1r2", "period": "2017-18"},
        {"CHILD": "s3r1", "period": "2017-18"},
    ]


def test_files_of_other_submissions_are_not_read(door: Door) -> None:
    table = LakeTable(door, "silver/ssda903/episodes")

    def files(*submissions: str) -> int:
        return len(list(table.dataset("_submission", among(submissions)).get_fragments()))

    assert files("s3") == 1
    assert files("s1", "s9") == 2
    assert files("s1", "s2", "s3", "s4") == 4
    assert files("s9") == files() == 0


def test_a_file_without_statistics_is_read(tmp_path: Path) -> None:
    table = LakeTable(Door.open(tmp_path), "silver/r/t")
    table.ensure(silver_schema(COLUMNS), RETURN_PARTITION)
    add(table, "s1", "r2", CHILD=["a"])
    add(table, "s3", "r1", CHILD=["b"])
    rows = pa.table({"CHILD": ["c"], "_submission": ["s3"], "_ruleset": ["r1"], "period": ["p"]})
    file = write_rows(table.door, table.name, rows, {"period": "p"})
    table.append_files([replace(file, bounds={})])
    found = Current([("s3", "r1")]).read(table, ["CHILD"])
    assert sorted(found["CHILD"].to_pylist()) == ["b", "c"]
    # Nor does a filter on a column that only some files have statistics on.
    assert table.read(["CHILD"], pc.field("_council").is_null()).num_rows == 3
    sql = "select CHILD from silver.r.t where _submission = 's3' order by 1"
    assert answers(table.door, sql) == [("b",), ("c",)]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select count(*) from SILVER.SSDA903.Episodes", [(2,)]),
        ("select count(*) from silver.ssda903.ChildProtectionPlans", [(2,)]),
        ("select count(*) from silver.ssda903.child_Protection_plans;", [(2,)]),
        ('select count(*) from "silver".ssda903."episodes"', [(2,)]),
        ("select episodes.CHILD from silver.ssda903.episodes order by 1 limit 1", [("s1r2",)]),
        ("select Episodes.child from silver.ssda903.episodes order by 1 limit 1", [("s1r2",)]),
        ("select silver.ssda903.episodes.CHILD from silver.ssda903.episodes limit 0", []),
        ("select ssda903.episodes.CHILD from silver.ssda903.episodes limit 0", []),
        (
            "select ChildProtectionPlans.CHILD from silver.ssda903.ChildProtectionPlans "
            "order by all limit 1",
            [("s1r2",)],
        ),
        ("select x.CHILD from silver.ssda903.episodes x order by 1 limit 1", [("s1r2",)]),
        ("select x.a from silver.ssda903.episodes as x(a) order by 1 limit 1", [("s1r2",)]),
        ("from silver.ssda903.episodes select count(*)", [(2,)]),
        ("with episodes as (select 7 n) select n from episodes", [(7,)]),
        ("with Episodes as (from silver.ssda903.episodes) select count(*) from episodes", [(2,)]),
        (
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3) "
            "select max(i) from n",
            [(3,)],
        ),
        ("select 1 union all select 2 order by 1", [(1,), (2,)]),
        ("(select 1) union (select 1)", [(1,)]),
        ("values (1, 'é'), (2, null)", [(1, "é"), (2, None)]),
        ("select i from range(2) t(i)", [(0,), (1,)]),
        ("select unnest([1, 2])", [(1,), (2,)]),
        ("select _extra['Note'] from bronze.ssda903.episodes order by 1", [("s1",), ("s3",)]),
        ("select _codes[1] from quarantine.ssda903.episodes limit 1", [("X1",)]),
        ("select distinct period from silver.ssda903.episodes", [("2017-18",)]),
        ('select distinct "return", period from quality.failures', [("ssda903", "2017-18")]),
        ('select "at" from control.events', [(datetime(2026, 11, 24, tzinfo=UTC),)]),
        ("-- a comment\nselect 'silver.r.t' /* silver.x */", [("silver.r.t",)]),
        ("select '💥é', count(*) from silver.ssda903.episodes", [("💥é", 2)]),
    ],
)
def test_what_can_be_asked(door: Door, sql: str, expected: list[tuple[object, ...]]) -> None:
    assert answers(door, sql) == expected


def test_tables_of_one_last_name_are_told_apart(door: Door) -> None:
    sql = (
        "select silver.ssda903.episodes.CHILD, bronze.ssda903.episodes._extra['Note'] "
        "from silver.ssda903.episodes join bronze.ssda903.episodes using (_submission) "
        "order by silver.ssda903.episodes.CHILD"
    )
    assert answers(door, sql) == [("s1r2", "s1"), ("s3r1", "s3")]


def test_a_table_may_be_used_in_several_places(door: Door) -> None:
    sql = (
        "select count(*) from silver.ssda903.episodes where exists (select 1 from "
        "bronze.ssda903.episodes where bronze.ssda903.episodes._submission = 's3' and "
        "episodes._submission = 's3') and CHILD in (select CHILD from silver.ssda903.episodes)"
    )
    assert answers(door, sql) == [(2,)]


@pytest.mark.parametrize(
    "condition",
    [
        "DECOM = date '2018-01-01'",
        "DECOM between date '2017-01-01' and date '2019-01-01'",
        "COST is null",
        "coalesce(COST, 1.50) = 1.50",
        "OPEN is not true",
        "SEEN is null or SEEN > timestamptz '2018-01-01 00:00:00+00'",
        "CHILD like 's%' and CHILD in ('s1r2', 's3r1')",
        "period = '2017-18' and _submission <> 's2'",
        "length(CHILD) = 4",
    ],
)
def test_conditions_that_go_down_to_the_files(door: Door, condition: str) -> None:
    assert answers(door, f"select count(*) from silver.ssda903.episodes where {condition}") == [
        (2,)
    ]


def test_types_come_back(tmp_path: Path) -> None:
    door = Door.open(tmp_path)
    table = LakeTable(door, "silver/r/t")
    table.ensure(silver_schema(COLUMNS), RETURN_PARTITION)
    seen = datetime(2018, 7, 1, 12, 30, tzinfo=UTC)
    values = {"DECOM": date(2018, 1, 1), "COST": Decimal("1.50"), "OPEN": True, "SEEN": seen}
    add(table, "s1", "r2", **{name: [value] for name, value in values.items()})
    found = query(door, f"select {', '.join(values)} from silver.r.t where OPEN", CURRENT)
    assert found.schema.types == [COLUMNS[name] for name in values]
    assert found.to_pylist() == [values]


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("drop table silver.ssda903.episodes", "DROP"),
        ("insert into control.events values (1)", "INSERT"),
        ("copy (select 1) to '/tmp/x.csv'", "COPY"),
        ("attach '/tmp/x.db'", "ATTACH"),
        ("set threads = 1", "SET"),
        ("pragma database_list", "PRAGMA"),
        ("explain select 1", "EXPLAIN"),
        ("install httpfs", "INSTALL"),
        ("show tables", "SHOW"),
        ("select 1; select 2", "2 statements"),
        ("select 1 into x", "INTO"),
        ("with a as (insert into t values (1) returning *) select * from a", "INSERT"),
        ("select * from read_csv('/etc/passwd')", "what the function READ_CSV reads"),
        ("select * from read_text('/etc/passwd')", "what the function READ_TEXT reads"),
        ("select * from glob('/*')", "what the function GLOB reads"),
        ("from (from duckdb_settings())", "what the function DUCKDB_SETTINGS reads"),
        ("  ", "nothing"),
    ],
)
def test_what_is_refused(door: Door, sql: str, what: str) -> None:
    with pytest.raises(UsageError) as caught:
        answers(door, sql)
    assert str(caught.value) == ALLOWED + what


TABLES = (
    " tables are: bronze.ssda903.child_protection_plans, bronze.ssda903.episodes, "
    "control.events, quality.failures, quarantine.ssda903.child_protection_plans, "
    "quarantine.ssda903.episodes, silver.ssda903.child_protection_plans, silver.ssda903.episodes"
)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("silver.ssda903.episode", "; did you mean silver.ssda903.episodes? The"),
        (
            "episodes",
            "; did you mean bronze.ssda903.episodes or quarantine.ssda903.episodes or "
            "silver.ssda903.episodes? The",
        ),
        ("gold.nothing", "; the"),
        ("a.b.c.d", "; the"),
        ("information_schema.tables", "; the"),
    ],
)
def test_an_unknown_table_is_answered_with_those_there_are(
    door: Door, name: str, near: str
) -> None:
    with pytest.raises(UsageError) as caught:
        answers(door, f"select * from {name}")
    assert str(caught.value) == f"there is no table {name!r}{near}{TABLES}"


def test_a_file_is_no_table(door: Door) -> None:
    with pytest.raises(UsageError, match=r"there is no table '/etc/passwd'"):
        answers(door, "select * from '/etc/passwd'")


def test_an_empty_lake(tmp_path: Path) -> None:
    door = Door.open(tmp_path / "lake")
    assert Catalogue(door).names == ()
    with pytest.raises(UsageError) as caught:
        query(door, "select * from gold.x", CURRENT)
    assert str(caught.value) == (
        f"there is no table 'gold.x'; the lake {door.uri} has no tables yet"
    )


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("select * from where", "the SQL cannot be read: line 1, column 19, at 'where'"),
        ("select 'x", "the SQL cannot be read: Error tokenizing 'select ''"),
        (
            "select nope from silver.ssda903.episodes",
            'the SQL is wrong: Binder Error: Referenced column "nope" not found',
        ),
        ("select at from control.events", 'needs double quotes: "at", "table", "column"'),
        ("select CHILD::int from silver.ssda903.episodes", "the SQL is wrong: Conversion Error"),
        ("select getenv('HOME')", "the SQL is wrong: Catalog Error"),
    ],
)
def test_what_is_wrong_is_said(door: Door, sql: str, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        answers(door, sql)
    assert text in str(caught.value)
