"""Two `lgdp run` at once on one lake: no duplicates, both end well, one release is the newest."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.small_return import FIFE, GLASGOW, Delivery, write_conf
from tests.whole_job import Job

pytestmark = pytest.mark.slow


def test_c53_two_runs_at_once(tmp_path: Path, spark: SparkSession) -> None:
    conf = write_conf(tmp_path)
    lake = str(tmp_path / "lake")
    Delivery(FIFE).write(tmp_path / "inbox")
    Delivery(GLASGOW, orphans=["B9"]).write(tmp_path / "inbox")
    command = [sys.executable, "-m", "lgdp.cli", "run", "--inbox", str(tmp_path / "inbox")]
    command += ["--lake", lake, "--conf", str(conf), "--json"]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    reports = []
    for process in processes:
        out, error = process.communicate(timeout=300)
        assert process.returncode == 0, error[-2000:]
        reports.append(json.loads(out.splitlines()[-1]))

    job = Job(conf, lake, spark, tmp_path / "docs")
    assert job.ask("SELECT count(*) AS n FROM silver.looked_after.episode") == [{"n": 4}]
    assert job.ask("SELECT count(*) AS n FROM quarantine.looked_after.episode") == [{"n": 1}]
    errors = "SELECT count(*) AS n FROM quality.failures WHERE severity = 'critical'"
    assert job.ask(errors) == [{"n": 1}]
    assert job.ask("SELECT count(*) AS n FROM gold.looked_after_episodes") == [{"n": 4}]
    published = [item for report in reports for item in report["published"]]
    assert sorted(published) == sorted(set(published)) and len(published) == 2
