"""`kill -9` in the middle of `lgdp run`, at several moments: the next run ends in the same lake."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.small_return import FIFE, GLASGOW, ORKNEY, Delivery, write_conf
from tests.whole_job import Job

pytestmark = pytest.mark.slow

MOMENTS = {
    "bytes kept": "landing",
    "bronze written": "bronze/looked_after/child/period=2023-24",
    "bronze committed": "bronze/looked_after/child/_delta_log/00000000000000000001.json",
    "silver written": "silver/looked_after/child/period=2023-24",
    "some tables committed": "silver/looked_after/child/_delta_log/00000000000000000001.json",
    "failures committed": "quality/failures/_delta_log/00000000000000000001.json",
}
"""What to wait for in the lake before killing."""
TO_THE_END = ("bronze written", "some tables committed")
"""Moments after which the next run is followed through audit and gold. After all of them every row
that audit and gold read is compared."""
PATIENCE = 60.0
CHECKED = {
    "child": "SELECT * EXCLUDE (_file) FROM silver.looked_after.child",
    "episode": "SELECT * EXCLUDE (_file) FROM silver.looked_after.episode",
    "placement": "SELECT * EXCLUDE (_file) FROM silver.looked_after.placement",
    "reason": "SELECT * EXCLUDE (_file) FROM silver.looked_after.legal_reason",
    "bronze": "SELECT child_id, _row, _submission FROM bronze.looked_after.episode",
    "quarantine": "SELECT child_id, _row, _codes FROM quarantine.looked_after.episode",
    "failures": 'SELECT "table", "row", code, value FROM quality.failures',
}
BUILT = {
    **CHECKED,
    "gold": "SELECT * FROM gold.looked_after_episodes",
    "status": 'SELECT council, state, "rows", errors FROM gold.collection_status',
}


@dataclass(frozen=True)
class Left:
    """What an undisturbed run leaves: when all is checked, and in the end."""

    checked: dict[str, object]
    built: dict[str, object]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, spark_jvm: SparkSession) -> Left:
    folder = tmp_path_factory.mktemp("undisturbed")
    _write_inbox(folder / "inbox")
    job = Job(write_conf(folder), str(folder / "lake"), spark_jvm, folder / "docs")
    job.land_and_check(folder / "inbox")
    checked = _content(job, CHECKED, all_submissions=True)
    job.run(folder / "inbox")
    return Left(checked, _content(job, BUILT))


@pytest.mark.parametrize("moment", MOMENTS)
def test_c50_a_killed_run_is_finished_by_the_next(
    moment: str, tmp_path: Path, spark: SparkSession, expected: Left
) -> None:
    conf = write_conf(tmp_path)
    lake = tmp_path / "lake"
    _write_inbox(tmp_path / "inbox")
    _kill_when(lake / MOMENTS[moment], tmp_path / "inbox", lake, conf)

    job = Job(conf, str(lake), spark, tmp_path / "docs")
    assert job.land_and_check(tmp_path / "inbox").failed == {}
    assert _content(job, CHECKED, all_submissions=True) == expected.checked

    if moment in TO_THE_END:
        assert job.run(tmp_path / "inbox").failed == {}
        assert _content(job, BUILT) == expected.built


def _write_inbox(inbox: Path) -> None:
    Delivery(FIFE).write(inbox)
    Delivery(GLASGOW, orphans=["B8", "B9"]).write(inbox)
    Delivery(ORKNEY, children=[("O1", "x")]).write(inbox)


def _kill_when(path: Path, inbox: Path, lake: Path, conf: Path) -> None:
    """Start `lgdp run`, wait until `path` is there, and kill it with all its processes."""
    command = [sys.executable, "-m", "lgdp.cli", "run", "--inbox", str(inbox)]
    command += ["--lake", str(lake), "--conf", str(conf)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + PATIENCE
    try:
        while not path.exists():
            assert process.poll() is None, "the run ended before the moment came"
            assert time.monotonic() < deadline, f"{path.name} never came"
            time.sleep(0.001)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _content(job: Job, tables: dict[str, str], all_submissions: bool = False) -> dict[str, object]:
    """Everything a reader can see, without ids of events and times."""
    found: dict[str, object] = {
        name: sorted(str(sorted(row.items())) for row in job.ask(sql, all_submissions))
        for name, sql in tables.items()
    }
    state = job.platform.ledger.state()
    found["standings"] = {name: each.state for name, each in state.standings.items()}
    found["current"] = sorted(map(str, state.current.items()))
    return found
