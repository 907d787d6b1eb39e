"""The whole job: land, check, audit, publish, build gold. Killed at any moment, it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pyspark.sql import SparkSession

from lgdp.intake.inbox import Arriving, Delivery, Unplaced
from lgdp.intake.submission import Submission
from lgdp.ledger.state import State
from lgdp.pipeline.auditing import audit_all
from lgdp.pipeline.building import build_gold, is_gold_stale
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.deciding import decide
from lgdp.pipeline.inboxes import Place, open_inbox
from lgdp.pipeline.landing import Progress, land_all
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.record import record_run
from lgdp.pipeline.reports import RunReport
from lgdp.pipeline.scheduler import Scheduler


class Session(Protocol):
    """A Spark session that is started when it is first needed, or ahead of that."""

    def start(self) -> None:
        """Begin to start, without waiting."""
        ...

    def get(self) -> SparkSession:
        """The session, waiting for it."""
        ...

    def stop(self) -> None:
        """End it, if it was started."""
        ...


@dataclass(frozen=True)
class Engine:
    """Where work is done: a scheduler for submissions, Spark for audit and gold."""

    scheduler: Scheduler
    session: Session
    docs: Path
    progress: Callable[[str], Progress | None] = lambda stage: None
    on_wait: Callable[[str], None] | None = None


def land_inbox(platform: Platform, inbox: Place, engine: Engine) -> RunReport:
    """Land every delivery of an inbox: a folder, or a prefix of a bucket."""
    report = RunReport()
    with (
        record_run(platform, "land_bronze") as recording,
        open_inbox(platform, inbox) as deliveries,
    ):
        _land(platform, _sorted_out(deliveries, report), engine, report)
        recording.worked = bool(report.land.landed)
    return report


def check_landed(platform: Platform, engine: Engine) -> RunReport:
    """Check what is landed, audit it, publish what may be."""
    report = RunReport()
    with record_run(platform, "check_silver") as recording:
        _check(platform, engine, report)
        recording.worked = bool(report.check.checked or report.audit.rules)
    return report


def audit_checked(platform: Platform, engine: Engine) -> RunReport:
    """Audit what is checked, publish what may be."""
    report = RunReport()
    report.decided = decide(platform)
    report.audit = audit_all(platform, engine.session.get, engine.docs, engine.progress("auditing"))
    return report


def build(platform: Platform, engine: Engine) -> RunReport:
    """Bring gold up to date with what is current."""
    report = RunReport()
    with record_run(platform, "build_gold") as recording:
        report.gold = build_gold(platform, engine.session.get(), engine.on_wait)
        recording.worked = bool(report.gold.release)
    return report


def run(platform: Platform, inbox: Place, engine: Engine) -> RunReport:
    """All stages over an inbox. What earlier runs have done is not done again."""
    report = RunReport()
    with record_run(platform, "run") as recording:
        with open_inbox(platform, inbox) as deliveries:
            submissions = _sorted_out(deliveries, report)
            known = platform.ledger.state().standings
            if any(item.id not in known for item in submissions):
                # Spark takes as long to start as most landings take.
                engine.session.start()
            _land(platform, submissions, engine, report)
        _check(platform, engine, report)
        if is_gold_stale(platform):
            report.gold = build_gold(platform, engine.session.get(), engine.on_wait)
        recording.worked = bool(
            report.land.landed or report.check.checked or report.audit.rules or report.gold.versions
        )
    return report


def _sorted_out(deliveries: Iterable[Delivery], report: RunReport) -> list[Submission]:
    """The deliveries of an inbox that can be landed; the others are reported."""
    submissions = []
    for delivery in deliveries:
        match delivery:
            case Unplaced():
                report.unplaced[delivery.folder] = delivery.reason
            case Arriving():
                report.arriving[delivery.folder] = delivery.reason
            case Submission():
                submissions.append(delivery)
    return submissions


def _land(
    platform: Platform, submissions: Sequence[Submission], engine: Engine, report: RunReport
) -> None:
    report.land = land_all(platform, submissions, engine.scheduler, engine.progress("landing"))
    report.arriving |= report.land.arriving


def _check(platform: Platform, engine: Engine, report: RunReport) -> None:
    before = platform.ledger.state()
    if any(item.state is State.LANDED for item in before.standings.values()):
        engine.session.start()
    report.check = check_all(platform, engine.scheduler, engine.progress("checking"))
    report.decided = decide(platform)
    state = platform.ledger.state()
    report.rejected = [
        item for item in report.check.checked if state.standings[item].state is State.REJECTED
    ]
    report.audit = audit_all(platform, engine.session.get, engine.docs, engine.progress("auditing"))
