"""Stage three: Great Expectations on Spark agrees with the kernel, or the batch is held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyspark.sql import SparkSession

from lgdp.audit.result import Audit
from lgdp.errors import Refused
from lgdp.ledger.event import EventKind
from lgdp.ledger.ledger_state import LedgerState
from lgdp.ledger.standing import Standing
from lgdp.ledger.state import State
from lgdp.pipeline.checking import ruleset_of
from lgdp.pipeline.landing import Progress
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.publishing import (
    may_publish,
    publish,
    publish_by_hand,
    standing_event,
)
from lgdp.pipeline.standing_audit import audit_standings


@dataclass
class AuditReport:
    """Submissions published now, those that wait for a person, and why batches were held."""

    published: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    held: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rules: int = 0


_WAITING = (State.CHECKED, State.HELD, State.RETURNED, State.EXPLAINED, State.SIGNED_OFF)

BatchKey = tuple[str, str, str]
"""Return, period and ruleset: what one batch has in common."""


def batches_of(platform: Platform, state: LedgerState) -> dict[BatchKey, list[Standing]]:
    """Submissions that may be published and are not yet, by return, period and ruleset."""
    batches: dict[BatchKey, list[Standing]] = defaultdict(list)
    for standing in state.standings.values():
        if may_publish(platform, standing) and not standing.nil:
            key = (standing.return_, standing.period, standing.ruleset or "")
            batches[key].append(standing)
    return dict(sorted(batches.items()))


def audit_all(
    platform: Platform,
    session: Callable[[], SparkSession],
    docs: Path,
    progress: Progress | None = None,
) -> AuditReport:
    """Audit every batch that waits for it; publish what its return's policy publishes by itself.

    The session is only asked for when there is a batch.
    """
    report = AuditReport()
    report.published += publish_nils(platform)
    state = platform.ledger.state()
    report.waiting += waiting_of(platform, state)
    batches = batches_of(platform, state)
    for count, (key, standings) in enumerate(batches.items(), start=1):
        ruleset = ruleset_of(platform, standings[0])
        if ruleset.id != key[2]:
            report.held[f"{key[0]} {key[1]}"] = (
                "was checked under other rules than are configured now; check it again",
            )
            continue
        audit = audit_standings(platform, session(), ruleset, standings, docs)
        report.rules += len(audit.rows)
        _decide(platform, key, standings, audit, report)
        if progress is not None:
            progress(count, len(batches))
    return report


def waiting_of(platform: Platform, state: LedgerState) -> list[str]:
    """Submissions that go no further until a person says something, in order of receipt."""
    return [
        standing.submission
        for standing in state.standings.values()
        if standing.state in _WAITING and not may_publish(platform, standing)
    ]


def publish_nils(platform: Platform) -> list[str]:
    """Nil returns that a person confirmed take the place of what was there; no row to audit."""
    standings = platform.ledger.state().standings.values()
    ready = [each for each in standings if each.state is State.NIL and each.confirmed]
    return publish(platform, ready) if ready else []


def publish_one(
    platform: Platform, session: Callable[[], SparkSession], docs: Path, submission: str
) -> Standing:
    """Publish one submission by hand. One that was never published is audited first.

    Raises UnknownSubmission, or Refused with the audit's or the ledger's reason.
    """
    standing = platform.ledger.find(submission)
    if standing.published_at is None and standing.check is not None:
        ruleset = ruleset_of(platform, standing)
        audit = audit_standings(platform, session(), ruleset, [standing], docs)
        if audit.held:
            detail = {"reasons": list(audit.held)}
            platform.ledger.record([standing_event(platform, standing, EventKind.HELD, detail)])
            raise Refused(f"the audit holds it: {'; '.join(audit.held)}")
    publish_by_hand(platform, standing)
    return platform.ledger.find(standing.submission)


def _decide(
    platform: Platform,
    key: BatchKey,
    standings: Sequence[Standing],
    audit: Audit,
    report: AuditReport,
) -> None:
    if audit.held:
        report.held[f"{key[0]} {key[1]}"] = audit.held
        detail = {"reasons": list(audit.held)}
        platform.ledger.record(
            [standing_event(platform, item, EventKind.HELD, detail) for item in standings]
        )
        return
    report.published += publish(platform, standings)
