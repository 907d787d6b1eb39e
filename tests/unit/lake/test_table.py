"""Delta tables of the lake."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lgdp.errors import LakeError
from lgdp.lake.data_file import DataFile, data_path
from lgdp.lake.door import Door
from lgdp.lake.rows import write_rows
from lgdp.lake.schemas import (
    FAILURES,
    FAILURES_SCHEMA,
    QUALITY_PARTITION,
    RETURN_PARTITION,
    RUNS,
    RUNS_SCHEMA,
    bronze_schema,
    quarantine_schema,
    silver_schema,
)
from lgdp.lake.table import LakeTable
from tests.processes import race
from tests.unit.lake.racing import TURNS, ensure_and_add

COLUMNS = {"CHILD": pa.string(), "DOB": pa.date32()}
PERIOD = {"period": "2017-18"}


@pytest.fixture
def table(tmp_path: Path) -> LakeTable:
    made = LakeTable(Door.open(tmp_path / "my lake #1"), "silver/r/t")
    made.ensure(silver_schema(COLUMNS), RETURN_PARTITION)
    return made


def staged_file(table: LakeTable, submission: str, *children: str) -> DataFile:
    rows = pa.table(
        {
            "CHILD": list(children),
            "_submission": [submission] * len(children),
            "_council": ["S12000005"] * len(children),
            "period": ["2017-18"] * len(children),
        }
    )
    return write_rows(table.door, table.name, rows, PERIOD, submission)


def log_of(table: LakeTable, version: int) -> list[dict[str, dict[str, object]]]:
    text = table.door.read_bytes(f"{table.name}/_delta_log/{version:020}.json").decode()
    return [json.loads(line) for line in text.splitlines()]


def test_c56_a_new_table_has_the_lowest_protocol_and_few_statistics(table: LakeTable) -> None:
    entries = {key: value for entry in log_of(table, 0) for key, value in entry.items()}
    assert entries["protocol"] == {"minReaderVersion": 1, "minWriterVersion": 2}
    assert entries["metaData"]["partitionColumns"] == ["period"]
    assert entries["metaData"]["configuration"] == {
        "delta.dataSkippingStatsColumns": "_submission,_council"
    }
    assert table.read().schema.names == [
        *("CHILD", "DOB", "_row", "_file", "_submission", "_council", "_ruleset", "period")
    ]
    assert table.version() == 0


def test_statistics_never_tell_of_people(table: LakeTable) -> None:
    table.append_files([staged_file(table, "s1", "Anna", "Zoe")])
    (add,) = (entry["add"] for entry in log_of(table, 1) if "add" in entry)
    assert json.loads(str(add["stats"])) == {
        "numRecords": 2,
        "minValues": {"_submission": "s1", "_council": "S12000005"},
        "maxValues": {"_submission": "s1", "_council": "S12000005"},
        "nullCount": {"_submission": 0, "_council": 0},
    }
    assert add["partitionValues"] == PERIOD
    assert "Anna" not in json.dumps(log_of(table, 1))


def test_a_bound_that_may_not_be_known_is_dropped(table: LakeTable) -> None:
    file = staged_file(table, "s1", "Anna")
    stats = json.loads(DataFile(file.path, 1, 1, {}, {"CHILD": ("A", "B")}).add_action().stats)
    assert stats == {"numRecords": 1, "minValues": {}, "maxValues": {}, "nullCount": {}}


def test_files_are_added_once_in_one_commit(table: LakeTable) -> None:
    first, second = staged_file(table, "s1", "a", "b"), staged_file(table, "s2", "c")
    assert table.append_files([first, second, first]) == 2
    assert table.version() == 1
    assert table.append_files([second, first]) == 0
    assert table.append_files([]) == 0
    assert table.version() == 1
    third = staged_file(table, "s3", "d")
    assert table.append_files([first, third]) == 1
    assert table.version() == 2
    assert sorted(table.read()["CHILD"].to_pylist()) == ["a", "b", "c", "d"]
    assert table.paths() == {first.path, second.path, third.path}


def test_paths_follow_from_what_a_file_holds() -> None:
    path = data_path(PERIOD, "s1", "r1", "episodes")
    assert path == data_path(PERIOD, "s1", "r1", "episodes")
    assert path.startswith("period=2017-18/")
    assert len({path, data_path(PERIOD, "s1", "r1e", "pisodes"), data_path({}, "s1")}) == 3
    assert data_path({"period": "a/b %"}, "x").startswith("period=a%2Fb%20%25/")


@pytest.mark.parametrize("name", ["a b", "100%", "50%20", "#1", "é", "_x", ".x"])
def test_awkward_names_of_files_and_partitions(table: LakeTable, name: str) -> None:
    path = f"period={name}/{name}.parquet"
    rows = pa.table({"CHILD": ["a"], "_submission": ["s"], "period": [name]})
    file = write_rows(table.door, table.name, rows, {"period": name}, "x")
    source = table.door.local_copy(f"{table.name}/{file.path}", Path())
    table.door.put(source, f"{table.name}/{path}")
    table.append_files([DataFile(path, file.size, 1, {"period": name})])
    assert table.paths() == {path}
    assert table.read(["CHILD", "period"]).to_pylist() == [{"CHILD": "a", "period": name}]
    assert table.append_files([DataFile(path, file.size, 1, {"period": name})]) == 0


def test_columns_that_are_new_are_added(table: LakeTable) -> None:
    table.append_files([staged_file(table, "s1", "a")])
    wider = silver_schema({**COLUMNS, "SCORE": pa.decimal128(5, 2), "WHEN": pa.date32()})
    table.ensure(wider, RETURN_PARTITION)
    assert table.version() == 2
    table.append_rows(pa.table({"CHILD": ["b"], "WHEN": [date(2018, 1, 2)], **_period(1)}))
    table.ensure(silver_schema(COLUMNS), RETURN_PARTITION)
    assert table.version() == 3
    rows = table.read(["CHILD", "SCORE", "WHEN"]).sort_by("CHILD").to_pylist()
    assert rows == [
        {"CHILD": "a", "SCORE": None, "WHEN": None},
        {"CHILD": "b", "SCORE": None, "WHEN": date(2018, 1, 2)},
    ]
    entries = [key for entry in log_of(table, 2) for key in entry]
    assert "protocol" not in entries


def _period(count: int) -> dict[str, list[str]]:
    return {"period": ["2017-18"] * count}


def test_columns_that_differ_are_refused_all_at_once(table: LakeTable) -> None:
    other = {"CHILD": pa.int64(), "dob": pa.date32(), "NEW": pa.string()}
    with pytest.raises(LakeError) as caught:
        table.ensure(silver_schema(other), RETURN_PARTITION)
    assert str(caught.value) == (
        "table silver/r/t has other columns than declared: CHILD is string, declared long; "
        "DOB is declared dob"
    )
    assert table.version() == 0


def test_columns_that_no_table_can_hold_are_refused_all_at_once(tmp_path: Path) -> None:
    columns = {
        "Post code": pa.string(),
        "A": pa.string(),
        "a": pa.string(),
        "AT": pa.timestamp("us"),
        "M": pa.map_(pa.string(), pa.time32("s")),
    }
    with pytest.raises(LakeError) as caught:
        LakeTable(Door.open(tmp_path), "silver/r/t").ensure(pa.schema(list(columns.items())))
    assert str(caught.value) == (
        "table silver/r/t cannot hold these columns: "
        "'Post code' (none of the characters ' ,;{}()=', tab, newline), "
        "a (differs from A in case only), "
        "AT (timestamp[us] is not a type that every engine reads), "
        "M (map<string, time32[s]> is not a type that every engine reads)"
    )


def test_another_partition_is_refused(table: LakeTable) -> None:
    with pytest.raises(LakeError) as caught:
        table.ensure(silver_schema(COLUMNS))
    assert str(caught.value) == ("table silver/r/t is partitioned by period, declared nothing")


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    door = Door.open(tmp_path / "lake")
    empty = LakeTable(door, RUNS, RUNS_SCHEMA)
    assert empty.read().schema == RUNS_SCHEMA
    assert empty.read(["run"]).num_rows == 0
    assert empty.dataset().count_rows() == 0
    assert (empty.version(), empty.paths()) == (-1, frozenset())
    for ask in (LakeTable(door, RUNS).read, lambda: empty.append_files([])):
        with pytest.raises(LakeError) as caught:
            ask()
        assert str(caught.value) == f"there is no table control/runs in the lake {door.uri}"


def test_rows_go_to_their_partitions(tmp_path: Path) -> None:
    table = LakeTable(Door.open(tmp_path), FAILURES)
    table.ensure(FAILURES_SCHEMA, QUALITY_PARTITION)
    rows = pa.table(
        {
            "code": ["A", "B", "C"],
            "row": pa.array([1, 2, 3], pa.int32()),
            "return": ["x", "y", "x"],
            "period": ["2017-18", "2017-18", "2018-19"],
        }
    )
    assert table.append_rows(rows) == 3
    assert table.version() == 1
    assert {path.rpartition("/")[0] for path in table.paths()} == {
        "return=x/period=2017-18",
        "return=y/period=2017-18",
        "return=x/period=2018-19",
    }
    assert table.partitions(["period", "return"]) == (
        ("2017-18", "x"),
        ("2017-18", "y"),
        ("2018-19", "x"),
    )
    found = table.read(["code", "row", "return", "period"]).sort_by("code")
    assert found.to_pydict() == rows.to_pydict()
    assert table.read(["code"], pc.field("return") == "y").to_pylist() == [{"code": "B"}]


def test_rows_with_a_key_are_added_once(tmp_path: Path) -> None:
    table = LakeTable(Door.open(tmp_path), RUNS)
    table.ensure(RUNS_SCHEMA)
    rows = pa.table({"run": ["r1"], "stage": ["land"]})
    assert table.append_rows(rows, key="r1") == 1
    assert table.append_rows(rows, key="r1") == 0
    assert table.append_rows(rows) == 1
    assert table.read()["run"].to_pylist() == ["r1", "r1"]
    made = {key: value for entry in log_of(table, 0) for key, value in entry.items()}
    assert made["metaData"]["configuration"] == {"delta.dataSkippingNumIndexedCols": "0"}


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ({"a": [1], "b": [2]}, "table silver/r/t has no column a, b"),
        ({"CHILD": ["x"]}, "rows for table silver/r/t have no period"),
        (
            {"_row": ["x"], "period": ["p"]},
            "rows do not fit the table silver/r/t: "
            "Failed to parse string: 'x' as a scalar of type int64",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused(
    table: LakeTable, rows: dict[str, list[object]], text: str
) -> None:
    with pytest.raises(LakeError) as caught:
        table.append_rows(pa.table(rows))
    assert str(caught.value) == text
    assert table.version() == 0


def test_maps_and_lists_come_back(tmp_path: Path) -> None:
    table = LakeTable(Door.open(tmp_path), "quarantine/r/t")
    schema = quarantine_schema(["CHILD"])
    assert schema.names[:4] == ["CHILD", "_extra", "_raw", "_defect"]
    assert bronze_schema(["CHILD"]).names == [*schema.names[:8], "period"]
    table.ensure(schema, RETURN_PARTITION)
    rows = {"_extra": [[("b", "1"), ("a", None)], None], "_codes": [["X", "Y"], []], **_period(2)}
    table.append_rows(pa.table(rows, pa.schema([schema.field(name) for name in rows])))
    assert table.read(list(rows)).to_pydict() == rows


def check_a_race_to_create(uri: str) -> None:
    schemas = [silver_schema({**COLUMNS, f"NEW{number}": pa.string()}) for number in range(3)]
    every = {name for schema in schemas for name in schema.names}
    counts = race(ensure_and_add, len(schemas), uri, schemas)
    assert sum(counts) >= 4
    door = Door.open(uri)
    # Nobody's columns were overwritten by another's.
    for turn in range(TURNS):
        assert set(LakeTable(door, f"silver/r/t{turn}").read().schema.names) == every
    table = LakeTable(door, "silver/r/t")
    assert set(table.read().schema.names) == every
    expected = ["own-0", "own-1", "own-2", "shared"]
    assert sorted(table.read()["_submission"].to_pylist()) == expected
    assert len(table.paths()) == 4


def test_several_processes_create_and_widen_one_table(tmp_path: Path) -> None:
    check_a_race_to_create(str(tmp_path))


@pytest.mark.slow
def test_several_processes_create_and_widen_one_table_on_s3(s3_lake: str) -> None:
    check_a_race_to_create(s3_lake)
