"""`kill -9` in the middle of `lgdp run`, at several moments: the next run ends in the same lake."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.processes import begin_lgdp, kill_when
from tests.small_return import write_conf
from tests.undisturbed import Undisturbed, write_inbox
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
"""Moments after which the next run is followed through audit and gold. After the others every row
that audit and gold read is compared, as Spark reads it too."""
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


@pytest.fixture
def no_spark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spark: SparkSession) -> None:
    """A Java that never gets up, for runs that are killed before they need Spark."""
    java = tmp_path / "java/bin/java"
    java.parent.mkdir(parents=True)
    java.write_text("#!/bin/sh\nexec sleep 600\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "java"))


@pytest.fixture(scope="module")
def read_undisturbed(undisturbed: Undisturbed) -> dict[str, list[str]]:
    return _read_by_spark(undisturbed.checked)


@pytest.mark.usefixtures("no_spark")
@pytest.mark.parametrize("moment", MOMENTS)
def test_c50_a_killed_run_is_finished_by_the_next(
    moment: str,
    tmp_path: Path,
    spark: SparkSession,
    undisturbed: Undisturbed,
    read_undisturbed: dict[str, list[str]],
) -> None:
    conf = write_conf(tmp_path)
    lake, inbox = tmp_path / "lake", tmp_path / "inbox"
    write_inbox(inbox)
    words = ["run", "--inbox", str(inbox), "--lake", str(lake), "--conf", str(conf)]
    kill_when(lake / MOMENTS[moment], begin_lgdp(*words))

    job = Job(conf, str(lake), spark, tmp_path / "docs")
    assert job.land_and_check(inbox).failed == {}
    assert _content(job, CHECKED, True) == _content(undisturbed.checked, CHECKED, True)

    if moment in TO_THE_END:
        assert job.run(inbox).failed == {}
        assert _content(job, BUILT) == _content(undisturbed.built, BUILT)
    else:
        assert _read_by_spark(job) == read_undisturbed


def _read_by_spark(job: Job) -> dict[str, list[str]]:
    """The rows of silver tables as audit and gold read them."""
    read = job.session.get().read.format("delta")
    found = {}
    for table in ("child", "episode", "placement", "legal_reason"):
        rows = read.load(job.platform.door.spark_uri(f"silver/looked_after/{table}"))
        found[table] = sorted(map(str, rows.drop("_file").collect()))
    return found


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
