"""Old submissions under today's rules: what would change, and making it so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyspark.sql import SparkSession

from lgdp.contracts.statutory_return import VERDICTS
from lgdp.errors import UsageError
from lgdp.ledger.event import EventKind
from lgdp.ledger.standing import Check, Standing
from lgdp.ledger.state import State
from lgdp.pipeline.checking import check_all, ruleset_of
from lgdp.pipeline.landing import Progress
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.publishing import is_within_policy, publish, standing_event
from lgdp.pipeline.scheduler import Scheduler
from lgdp.pipeline.standing_audit import audit_standings

# Only what a check of today would replace, or what waits for one.
_RECHECKED = (State.PUBLISHED, State.CHECKED, State.HELD, State.REJECTED)


@dataclass(frozen=True)
class RuleChange:
    """How often a rule was found before and is found now, in rows as sent."""

    table: str
    code: str
    before: int
    after: int


@dataclass(frozen=True)
class Rechecked:
    """One submission under the rules it was judged by before (None: never) and under today's."""

    submission: str
    return_: str
    period: str
    council: str
    is_current: bool
    ruleset: str
    before: Check | None
    after: Check

    @property
    def changes(self) -> list[RuleChange]:
        """Rules whose count is not the same, by table and code."""
        before, after = _found(self.before), _found(self.after)
        return [
            RuleChange(*key, before.get(key, 0), after.get(key, 0))
            for key in sorted({*before, *after})
            if before.get(key, 0) != after.get(key, 0)
        ]

    @property
    def differs(self) -> bool:
        """Whether anything that is counted would change."""
        if self.before is None:
            return True
        same = self.before.verdict == self.after.verdict and self.before.tables == self.after.tables
        return not same or bool(self.changes)


@dataclass
class RecheckReport:
    """What was checked again, and what became of it when it was to be published."""

    rechecked: list[Rechecked] = field(default_factory=list)
    up_to_date: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    published: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    held: dict[str, tuple[str, ...]] = field(default_factory=dict)


def recheck(
    platform: Platform,
    scheduler: Scheduler,
    return_name: str,
    period: str | None = None,
    progress: Progress | None = None,
) -> RecheckReport:
    """Check submissions of a return under today's rules. What is current stays as it is.

    Raises UnknownReturn or UnknownPeriod.
    """
    contract = platform.catalogue.contract(return_name)
    wanted = contract.read_period(period).text if period else None
    report = RecheckReport()
    before = {
        standing.submission: standing
        for standing in platform.ledger.state().standings.values()
        if standing.return_ == return_name
        and wanted in (None, standing.period)
        and standing.state in _RECHECKED
        and standing.landed
        and not standing.nil
    }
    today = {name: ruleset_of(platform, standing).id for name, standing in before.items()}
    old = {name: each for name, each in before.items() if each.ruleset != today[name]}
    report.up_to_date = len(before) - len(old)
    todo = [name for name, each in old.items() if today[name] not in each.checks]
    if todo:
        report.failed = check_all(platform, scheduler, progress, todo).failed
    after = platform.ledger.state().standings
    report.rechecked = [
        _compared(standing, after[name].checks[today[name]], today[name])
        for name, standing in old.items()
        if today[name] in after[name].checks
    ]
    return report


def publish_rechecked(
    platform: Platform, report: RecheckReport, session: Callable[[], SparkSession], docs: Path
) -> None:
    """Make current submissions count as today's rules leave them, once the audit agrees.

    One that is worse than before, and than its return publishes by itself, is left for a person.
    """
    batches: dict[tuple[str, str], list[Rechecked]] = defaultdict(list)
    for item in report.rechecked:
        if not item.is_current:
            continue
        if _may_replace(platform, item):
            batches[item.period, item.ruleset].append(item)
        else:
            report.left.append(item.submission)
    standings = platform.ledger.state().standings
    for (period, ruleset_id), items in sorted(batches.items()):
        batch = [standings[item.submission] for item in items]
        ruleset = ruleset_of(platform, batch[0])
        if ruleset.id != ruleset_id:
            raise UsageError("the rules were changed meanwhile; recheck again")
        audit = audit_standings(platform, session(), ruleset, batch, docs)
        if audit.held:
            report.held[f"{items[0].return_} {period}"] = audit.held
            _hold(platform, batch, ruleset_id, audit.held)
        else:
            report.published += publish(platform, batch, ruleset_id)


def _hold(
    platform: Platform, batch: Sequence[Standing], ruleset: str, reasons: tuple[str, ...]
) -> None:
    detail = {"ruleset": ruleset, "reasons": list(reasons)}
    platform.ledger.record(
        [standing_event(platform, each, EventKind.HELD, detail) for each in batch]
    )


def _may_replace(platform: Platform, item: Rechecked) -> bool:
    if item.after.verdict == "rejected":
        return False
    if item.before is not None:
        worse = VERDICTS.index(item.after.verdict) > VERDICTS.index(item.before.verdict)
        if not worse:
            return True
    return is_within_policy(platform, item.return_, item.after.verdict)


def _compared(before: Standing, after: Check, ruleset: str) -> Rechecked:
    return Rechecked(
        before.submission,
        *before.key,
        is_current=before.state is State.PUBLISHED,
        ruleset=ruleset,
        before=before.check,
        after=after,
    )


def _found(check: Check | None) -> dict[tuple[str, str], int]:
    rules = check.rules if check else []
    return {(rule["table"], rule["code"]): rule["found"] for rule in rules}
