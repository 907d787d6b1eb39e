"""The three jobs on a real cluster, with the packaged zip: the same tables as the local run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.small_return import write_conf
from tests.spark_cluster import Cluster
from tests.spark_session import PROJECT
from tests.undisturbed import Undisturbed, write_inbox
from tests.whole_job import Job

pytestmark = pytest.mark.slow

PATIENCE = 120.0

TABLES = (
    "bronze.looked_after.child",
    "bronze.looked_after.episode",
    "silver.looked_after.child",
    "silver.looked_after.episode",
    "silver.looked_after.placement",
    "silver.looked_after.legal_reason",
    "quarantine.looked_after.episode",
    "quality.failures",
    "gold.looked_after_episodes",
)


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip for `--py-files`, made as `make package` makes it."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder)]
    subprocess.run([*build, str(PROJECT)], check=True, capture_output=True)
    wheel = next(folder.glob("*.whl"))
    made = folder / "lgdp.zip"
    script = PROJECT / ".ci" / "zip_wheel.py"
    subprocess.run([sys.executable, str(script), str(wheel), str(made)], check=True)
    return made


def test_c57_the_cluster_makes_the_same_tables_as_one_machine_though_an_executor_dies(
    spark_cluster: Cluster,
    spark: SparkSession,
    undisturbed: Undisturbed,
    zipped: Path,
    tmp_path: Path,
) -> None:
    conf = write_conf(tmp_path)
    inbox = tmp_path / "inbox"
    write_inbox(inbox)
    lake = tmp_path / "cluster-lake"
    shared = ["--lake", str(lake), "--conf", str(conf), "--docs", str(tmp_path / "docs")]

    jobs = PROJECT / "jobs"
    landed = spark_cluster.submit(
        jobs / "land_bronze.py", "--inbox", str(inbox), *shared, zipped=zipped
    )
    assert landed.returncode == 0, landed.stdout + landed.stderr[-3000:]
    assert len(json.loads(landed.stdout.splitlines()[-1])["landed"]) == 3
    killing = threading.Thread(
        target=_kill_an_executor, args=(spark_cluster, lake / "silver", killed := [])
    )
    killing.start()
    checked = spark_cluster.submit(jobs / "check_silver.py", *shared, zipped=zipped)
    killing.join()
    assert len(killed) == 1
    assert checked.returncode == 0, checked.stdout + checked.stderr[-3000:]
    assert len(json.loads(checked.stdout.splitlines()[-1])["published"]) == 3
    built = spark_cluster.submit(jobs / "build_gold.py", *shared, zipped=zipped)
    assert built.returncode == 0, built.stdout + built.stderr[-3000:]

    local = undisturbed.built
    cluster = Job(conf, str(lake), spark, tmp_path / "docs")
    for table in TABLES:
        sql = f"SELECT * FROM {table}"
        assert _sorted(cluster.ask(sql)) == _sorted(local.ask(sql)), table
        assert local.ask(sql), table


def _kill_an_executor(cluster: Cluster, begun: Path, killed: list[int]) -> None:
    """Kill the executor of one worker as soon as the first submission is being written."""
    deadline = time.monotonic() + PATIENCE
    while not begun.exists() and time.monotonic() < deadline:
        time.sleep(0.002)
    for process in cluster.executors():
        os.kill(process, signal.SIGKILL)
        killed.append(process)
        return


def _sorted(rows: list[dict[str, object]]) -> list[str]:
    return sorted(str(sorted(row.items(), key=lambda item: item[0])) for row in rows)
