"""Land and check a folder of files on a cluster, and write down how many seconds it took.

`python cluster_job.py MASTER CONF FILES LAKE ANSWER`
"""

from __future__ import annotations

import sys
import time
from importlib import import_module
from pathlib import Path

from visits import PERIOD, RETURN, TABLE

from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.intake.sent_file import look_at
from lgdp.intake.submission import make_submission
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.landing import land_all
from lgdp.pipeline.platform import open_platform
from lgdp.pipeline.spark_scheduler import SparkScheduler
from lgdp.pipeline.spark_session import open_session


def main(master: str, conf: str, files: str, lake: str, answer: str) -> None:
    """Each file is a submission of the sender that it is named for."""
    location = locate(conf)
    settings = load_settings(location.conf / "platform.yaml")
    catalogue = load_catalogue(location)
    platform = open_platform(location, settings, catalogue, lake)
    submissions = [
        make_submission(
            catalogue, RETURN, PERIOD, path.stem, [look_at(path, f"{TABLE}.csv")], "benchmark"
        )
        for path in sorted(Path(files).iterdir())
    ]
    spark = open_session({**settings.spark, "spark.master": master})
    scheduler = SparkScheduler(spark)
    # Every worker has its Python and the package loaded before the clock starts.
    spark.sparkContext.parallelize(range(64), 64).map(_load).collect()
    started = time.perf_counter()
    landed = land_all(platform, submissions, scheduler)
    checked = check_all(platform, scheduler)
    seconds = time.perf_counter() - started
    if len(checked.checked) != len(submissions):
        sys.exit(f"not done: {landed.failed} {checked.failed}")
    Path(answer).write_text(str(seconds), encoding="utf-8")
    spark.stop()


def _load(number: int) -> int:
    import_module("lgdp.pipeline.work")
    return number


if __name__ == "__main__":
    main(*sys.argv[1:])
