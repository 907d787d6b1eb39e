"""A council sends, sends again, and takes it back: nothing is lost, nothing is half visible."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lgdp.errors import Refused
from lgdp.pipeline.publishing import roll_back
from tests.small_return import FIFE, GLASGOW, Delivery, write_conf
from tests.whole_job import Job

pytestmark = pytest.mark.slow

NOT_A_NOTE = "severity <> 'info'"


@pytest.fixture
def job(tmp_path: Path, spark: SparkSession) -> Job:
    return Job(write_conf(tmp_path), str(tmp_path / "lake"), spark, tmp_path / "docs")


def test_c40_two_councils_send_and_a_second_run_changes_nothing(job: Job, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    Delivery(FIFE).write(inbox)
    Delivery(GLASGOW, orphans=["B9"]).write(inbox)

    report = job.run(inbox)

    assert (len(report.land.landed), len(report.audit.published), report.exit_code) == (2, 2, 0)
    assert job.ask(
        "SELECT _council, count(*) AS n FROM silver.looked_after.episode GROUP BY ALL ORDER BY 1"
    ) == [
        {"_council": FIFE, "n": 2},
        {"_council": GLASGOW, "n": 2},
    ]
    assert job.ask(
        f'SELECT "table", "row", code, consequence_of FROM quality.failures WHERE {NOT_A_NOTE}'
    ) == [{"table": "episode", "row": 3, "code": "LAC202", "consequence_of": None}]
    assert job.ask("SELECT child_id, _codes FROM quarantine.looked_after.episode") == [
        {"child_id": "B9", "_codes": ["LAC202"]}
    ]

    before = job.versions()
    again = job.run(inbox)

    assert (again.land.landed, len(again.land.known), again.gold.release) == ([], 2, None)
    assert job.versions() == before


def test_c41_a_resubmission_supersedes_and_a_rollback_restores(job: Job, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    Delivery(FIFE).write(inbox)
    Delivery(GLASGOW).write(inbox)
    first = job.run(inbox)
    episodes = job.ask("SELECT council, child_id, episode_end FROM gold.looked_after_episodes")
    assert len(episodes) == 4

    Delivery(FIFE, ends={"A1": "2024-02-01"}).write(inbox)
    second = job.run(inbox)

    assert len(second.land.landed) == 1
    assert second.gold.rewritten["looked_after_episodes"] == 1
    closed = job.ask(
        "SELECT council, child_id, episode_end::VARCHAR AS episode_end "
        "FROM gold.looked_after_episodes WHERE episode_end IS NOT NULL"
    )
    assert closed == [{"council": FIFE, "child_id": "A1", "episode_end": "2024-02-01"}]
    counted = "SELECT count(*) AS n FROM silver.looked_after.episode"
    assert job.ask(counted) == [{"n": 4}]
    assert job.ask(counted, all_submissions=True) == [{"n": 6}]

    new = second.land.landed[0]
    restored = roll_back(job.platform, new, "sent by mistake")
    assert restored is not None and restored.submission in first.land.landed
    third = job.run(inbox)

    assert third.land.known and third.gold.release is not None
    assert sorted(
        map(str, job.ask("SELECT council, child_id, episode_end FROM gold.looked_after_episodes"))
    ) == sorted(map(str, episodes))
    with pytest.raises(Refused, match="rolled_back is not allowed of a rolled_back submission"):
        roll_back(job.platform, new, "once more")


def test_c47_a_refused_file_stops_nobody_else(job: Job, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    Delivery(FIFE).write(inbox)
    folder = Delivery(GLASGOW).write(inbox)
    (folder / "child.csv").write_bytes(b"%PDF-1.7 not a table")

    report = job.publish(inbox)

    assert (len(report.audit.published), len(report.rejected), report.exit_code) == (1, 1, 1)
    assert job.ask(
        f"SELECT file, code, message FROM quality.failures WHERE {NOT_A_NOTE}", all_submissions=True
    ) == [
        {
            "file": "child.csv",
            "code": "TYPE_MISMATCH",
            "message": "The file is a PDF document; send the data itself. "
            "Expected CSV or XML or XLSX or XLS or ODS or JSON.",
        }
    ]
    assert job.ask("SELECT DISTINCT _council FROM silver.looked_after.child") == [
        {"_council": FIFE}
    ]


def test_c28_a_foreign_councils_rows_refuse_the_delivery(job: Job, tmp_path: Path) -> None:
    folder = Delivery(FIFE).write(tmp_path / "inbox")
    text = (folder / "child.csv").read_text().replace(f"{FIFE},A2", "Glasgow City Council,A2")
    (folder / "child.csv").write_text(text)

    report = job.publish(tmp_path / "inbox")

    assert len(report.rejected) == 1
    failure = job.ask(
        f"SELECT code, message FROM quality.failures WHERE {NOT_A_NOTE}", all_submissions=True
    )[0]
    assert failure["code"] == "COUNCIL_MISMATCH"
    assert (
        "says 'Glasgow City Council' in 1 row, but the delivery is for S12000047"
        in (failure["message"])
    )


def test_the_next_year_is_judged_against_the_one_before(job: Job, tmp_path: Path) -> None:
    Delivery(FIFE).write(tmp_path / "inbox")
    first = job.publish(tmp_path / "inbox")
    Delivery(FIFE, period="2024-25", ends={"A1": "2024-11-02"}).write(tmp_path / "inbox")
    job.now = job.now.replace(year=2025)

    second = job.publish(tmp_path / "inbox")

    assert (second.failed, second.audit.held) == ({}, {})
    assert len(second.audit.published) == 1
    standing = job.platform.ledger.find(second.audit.published[0])
    assert standing.check is not None and standing.check.compared_with is not None
    assert standing.check.compared_with[0] == first.land.landed[0]
    assert job.ask(
        "SELECT period, count(*) AS n FROM silver.looked_after.child GROUP BY ALL ORDER BY 1"
    ) == [
        {"period": "2023-24", "n": 2},
        {"period": "2024-25", "n": 2},
    ]
