"""Running the whole job in tests: a platform on a lake, with the shared Spark session."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.lake.query import query
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.platform import Platform, open_platform
from lgdp.pipeline.reports import RunReport
from lgdp.pipeline.run import Engine, check_landed, land_inbox, run
from lgdp.pipeline.scheduler import InlineScheduler

NOON = datetime(2024, 11, 20, 12, tzinfo=UTC)


class SharedSession:
    """The session of the test run, which no single test stops. Counts how often it was wanted."""

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark
        self.wanted = 0

    def start(self) -> None:
        """It runs already."""

    def get(self) -> SparkSession:
        """The shared session."""
        self.wanted += 1
        return self._spark

    def stop(self) -> None:
        """Left running for the next test."""


class Job:
    """One lake with one configuration, at a fixed time that a test may move."""

    def __init__(self, conf: Path, lake: str, spark: SparkSession, docs: Path) -> None:
        location = locate(conf)
        self.now = NOON
        self.session = SharedSession(spark)
        self.engine = Engine(InlineScheduler(), self.session, docs)
        self.platform: Platform = open_platform(
            location,
            load_settings(location.conf / "platform.yaml"),
            load_catalogue(location),
            lake,
            lambda: self.now,
        )

    def run(self, inbox: Path) -> RunReport:
        """Run all stages over an inbox."""
        return run(self.platform, inbox, self.engine)

    def publish(self, inbox: Path) -> RunReport:
        """Run all stages but the last, which builds gold."""
        landed = land_inbox(self.platform, inbox, self.engine)
        report = check_landed(self.platform, self.engine)
        report.land, report.unplaced = landed.land, landed.unplaced
        return report

    def land_and_check(self, inbox: Path) -> RunReport:
        """Run the stages that need no Spark; what there is to audit waits."""
        landed = land_inbox(self.platform, inbox, self.engine)
        landed.check = check_all(self.platform, self.engine.scheduler)
        return landed

    def ask(self, sql: str, all_submissions: bool = False) -> list[dict[str, Any]]:
        """Rows of a query, as `lgdp sql` gives them."""
        current = self.platform.ledger.current()
        rows: list[dict[str, Any]] = query(
            self.platform.door, sql, current, all_submissions=all_submissions
        ).to_pylist()
        return rows

    def versions(self) -> dict[str, int]:
        """Every table of the lake with the number of its commits."""
        door = self.platform.door
        logs = [entry.path for entry in door.list(recursive=True) if "_delta_log/" in entry.path]
        counts: dict[str, int] = {}
        for path in logs:
            if path.endswith(".json"):
                table = path.partition("/_delta_log/")[0]
                counts[table] = counts.get(table, 0) + 1
        return counts
