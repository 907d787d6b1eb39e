"""A task that dies is run again without duplicates, by either scheduler."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lgdp.intake.inbox import read_inbox
from lgdp.intake.submission import Submission
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.landing import land_all
from lgdp.pipeline.scheduler import InlineScheduler, ProcessScheduler
from lgdp.pipeline.spark_scheduler import SparkScheduler
from tests.small_return import FIFE, GLASGOW, Delivery, write_conf
from tests.whole_job import Job

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", ["processes", "spark"])
def test_both_schedulers_give_the_inline_result(
    kind: str, tmp_path: Path, spark: SparkSession
) -> None:
    conf = write_conf(tmp_path)
    Delivery(FIFE).write(tmp_path / "inbox")
    Delivery(GLASGOW, orphans=["B9"]).write(tmp_path / "inbox")
    scheduler = ProcessScheduler(2) if kind == "processes" else SparkScheduler(spark)
    results = []
    for name, used in (("inline", InlineScheduler()), (kind, scheduler)):
        job = Job(conf, str(tmp_path / name), spark, tmp_path / "docs")
        deliveries = [
            item
            for item in read_inbox(tmp_path / "inbox", job.platform.catalogue)
            if isinstance(item, Submission)
        ]
        assert len(land_all(job.platform, deliveries, used).landed) == 2
        assert len(check_all(job.platform, used).checked) == 2
        sql = "SELECT * FROM silver.looked_after.episode"
        results.append(sorted(map(str, job.ask(sql, all_submissions=True))))
    assert results[0] == results[1]
    assert len(results[0]) == 4


def test_landing_and_checking_twice_adds_nothing(tmp_path: Path, spark: SparkSession) -> None:
    conf = write_conf(tmp_path)
    Delivery(FIFE).write(tmp_path / "inbox")
    job = Job(conf, str(tmp_path / "lake"), spark, tmp_path / "docs")
    job.publish(tmp_path / "inbox")
    submission = next(iter(job.platform.ledger.state().standings))
    files = sorted(
        str(path) for path in (tmp_path / "lake").rglob("*.parquet") if "/silver/" in str(path)
    )

    check_all(job.platform, InlineScheduler(), only=[submission])

    assert (
        sorted(
            str(path) for path in (tmp_path / "lake").rglob("*.parquet") if "/silver/" in str(path)
        )
        == files
    )
    assert job.ask("SELECT count(*) AS n FROM silver.looked_after.episode") == [{"n": 2}]
