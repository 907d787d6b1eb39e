"""How the JVM of a driver is started: jars on its class path, and the archive of classes if any."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lgdp.pipeline.class_archive import do_what_runs_do
from lgdp.pipeline.spark_session import ARCHIVE, EXTRA_OPTIONS, driver_conf


@pytest.fixture
def jars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("b.jar", "a.jar"):
        (tmp_path / name).touch()
    monkeypatch.setenv("LGDP_JARS", str(tmp_path))
    return tmp_path


def test_jars_are_on_the_class_path_in_order_and_are_sent_to_other_machines_only(
    jars: Path,
) -> None:
    here = driver_conf({"spark.master": "local[*]"})
    there = driver_conf({"spark.master": "spark://host:7077"})

    assert here["spark.driver.extraClassPath"] == f"{jars}/a.jar:{jars}/b.jar"
    assert "spark.jars" not in here
    assert there["spark.jars"] == f"{jars}/a.jar,{jars}/b.jar"


def test_the_archive_is_used_where_there_is_one_and_options_of_the_settings_stay(
    jars: Path,
) -> None:
    settings = {EXTRA_OPTIONS: "-Xss4m"}
    without = shlex.split(driver_conf(settings)[EXTRA_OPTIONS])
    (jars / ARCHIVE).touch()
    using = shlex.split(driver_conf(settings)[EXTRA_OPTIONS])

    assert "-Xss4m" in without
    assert [option for option in without if "Archive" in option] == []
    assert using[: len(without)] == without
    assert f"-XX:SharedArchiveFile={jars / ARCHIVE}" in using


@pytest.mark.slow
def test_the_work_that_loads_the_classes_to_keep_can_be_done(
    spark: SparkSession, tmp_path: Path
) -> None:
    do_what_runs_do(spark, str(tmp_path))

    rows = spark.read.format("delta").load(str(tmp_path / "people"))
    assert sorted(row["number"] for row in rows.collect()) == list(range(1, 100))
