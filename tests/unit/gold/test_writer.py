"""A superset is rewritten where it changed, in one commit, and every engine can read it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from pyspark.sql import DataFrame, SparkSession

from lgdp.gold.writer import Written, write_superset
from lgdp.lake.door import Door
from lgdp.lake.table import LakeTable
from tests.frames import frame_of

pytestmark = pytest.mark.slow

SCHEMA = "council string, period string, child_id string, days int"
BY = ("council", "period")
ROWS = [
    ("S12000005", "2022-23", "c1", 10),
    ("S12000005", "2023-24", "c1", 20),
    ("S12000005", "2023-24", "c2", 20),
    ("S12000006", "2023-24", "c1", 30),
]
Row = tuple[str, str, str, int]


class Superset:
    """A superset in a folder, written from rows."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self.spark, self.folder = spark, folder
        self.table = LakeTable(Door.open(str(folder.parent)), folder.name)

    def frame(self, rows: list[Row]) -> DataFrame:
        return frame_of(self.spark, rows, SCHEMA)

    def write(self, rows: list[Row], councils: list[str] | None = None) -> Written:
        touched = None if councils is None else {"council": councils}
        return write_superset(self.spark, self.frame(rows), self.table, BY, touched)

    def commit(self, version: int) -> list[dict[str, Any]]:
        log = self.folder / "_delta_log" / f"{version:020d}.json"
        return [json.loads(line) for line in log.read_text().splitlines()]

    def versions(self) -> int:
        return len(list((self.folder / "_delta_log").glob("*.json")))

    def rows(self) -> list[Row]:
        """As delta-rs reads them."""
        table = DeltaTable(str(self.folder)).to_pyarrow_dataset().to_table()
        return sorted(tuple(row.values()) for row in table.select(SCHEMA_NAMES).to_pylist())


SCHEMA_NAMES = ["council", "period", "child_id", "days"]


@pytest.fixture(scope="module")
def first_build(spark_jvm: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once; each test works on a copy."""
    folder = tmp_path_factory.mktemp("gold") / "episodes"
    assert Superset(spark_jvm, folder).write(ROWS).version == 0
    return folder


@pytest.fixture
def superset(spark: SparkSession, first_build: Path, tmp_path: Path) -> Superset:
    return Superset(spark, shutil.copytree(first_build, tmp_path / "episodes"))


def folders(commit: list[dict[str, Any]], action: str) -> set[str]:
    return {str(Path(item[action]["path"]).parent) for item in commit if action in item}


def test_c56_the_first_build_is_whole_and_plain(superset: Superset) -> None:
    assert superset.rows() == ROWS
    commit = superset.commit(0)
    protocol = next(item["protocol"] for item in commit if "protocol" in item)
    assert protocol == {"minReaderVersion": 1, "minWriterVersion": 2}
    metadata = next(item["metaData"] for item in commit if "metaData" in item)
    assert metadata["partitionColumns"] == ["council", "period"]
    assert metadata["configuration"]["delta.enableDeletionVectors"] == "false"


def test_the_log_holds_no_smallest_or_largest_value(superset: Superset) -> None:
    stats = [json.loads(item["add"]["stats"]) for item in superset.commit(0) if "add" in item]

    assert sum(each["numRecords"] for each in stats) == len(ROWS)
    assert set().union(*stats) <= {"numRecords", "tightBounds"}


def test_only_what_changed_is_rewritten_in_one_commit(superset: Superset) -> None:
    changed = [*ROWS[:2], ("S12000005", "2023-24", "c2", 21), ROWS[3]]

    written = superset.write(changed, ["S12000005"])

    assert written == Written(1, (("S12000005", "2023-24"),))
    assert superset.versions() == 2
    commit = superset.commit(1)
    assert folders(commit, "add") == {"council=S12000005/period=2023-24"}
    assert folders(commit, "remove") == {"council=S12000005/period=2023-24"}
    assert superset.rows() == sorted(changed)
    metrics = superset.spark.sql(f"DESCRIBE HISTORY delta.`{superset.folder}` LIMIT 1").collect()[0]
    assert metrics["operation"] == "WRITE"
    assert metrics["operationMetrics"]["numFiles"] == "1"
    assert metrics["operationMetrics"]["numOutputRows"] == "2"


def test_nothing_changed_makes_no_commit(superset: Superset) -> None:
    assert superset.write(ROWS, ["S12000005"]) == Written(0, ())
    assert superset.write(ROWS) == Written(0, ())
    assert superset.versions() == 1


def test_nothing_touched_is_nothing_written(superset: Superset) -> None:
    assert superset.write(ROWS[:1], []) == Written(0, ())


def test_a_council_that_was_not_touched_is_left_alone(superset: Superset) -> None:
    changed = [(council, period, child, days + 1) for council, period, child, days in ROWS]

    written = superset.write(changed, ["S12000006"])

    assert written == Written(1, (("S12000006", "2023-24"),))
    assert superset.rows() == [*ROWS[:3], ("S12000006", "2023-24", "c1", 31)]


def test_rows_that_are_gone_and_partitions_that_are_new(superset: Superset) -> None:
    rows = [ROWS[0], ("S12000005", "2024-25", "c3", 1), ROWS[3]]

    written = superset.write(rows, ["S12000005"])

    assert written == Written(1, (("S12000005", "2023-24"), ("S12000005", "2024-25")))
    assert superset.rows() == sorted(rows)


def test_a_row_more_of_the_same_is_a_change(superset: Superset) -> None:
    assert superset.write([*ROWS, ROWS[0]]).rewritten == (("S12000005", "2022-23"),)
    assert superset.write(ROWS).rewritten == (("S12000005", "2022-23"),)


def test_values_that_need_quoting(spark: SparkSession, tmp_path: Path) -> None:
    superset = Superset(spark, tmp_path / "odd")
    odd = "it's \\ odd"
    first = superset.write([(odd, "2022-23", "c1", 1), ("plain", "2022-23", "c1", 1)])

    assert first.rewritten == ((odd, "2022-23"), ("plain", "2022-23"))
    assert superset.write([(odd, "2022-23", "c1", 2)], [odd]).rewritten == ((odd, "2022-23"),)
    assert superset.rows() == [(odd, "2022-23", "c1", 2), ("plain", "2022-23", "c1", 1)]


def test_other_columns_mean_a_new_build(superset: Superset) -> None:
    wider = superset.frame(ROWS).selectExpr("*", "days * 2 AS twice")

    written = write_superset(superset.spark, wider, superset.table, BY)

    assert written == Written(
        1, (("S12000005", "2022-23"), ("S12000005", "2023-24"), ("S12000006", "2023-24"))
    )
    assert DeltaTable(str(superset.folder)).schema().to_arrow().names[-1] == "twice"
