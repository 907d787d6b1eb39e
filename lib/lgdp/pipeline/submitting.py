"""One council's delivery at the desk: taken, read and checked at once, without a Spark session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lgdp.errors import LakeError, StillArriving
from lgdp.intake.sent_file import look_at
from lgdp.intake.submission import Submission, make_submission
from lgdp.ledger.event import Event, EventKind
from lgdp.ledger.standing import Standing
from lgdp.ledger.state import State
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.deciding import decide
from lgdp.pipeline.landing import land_all
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.precheck import list_files
from lgdp.pipeline.scheduler import InlineScheduler

ORIGIN = "submitted at the desk"


@dataclass(frozen=True)
class Submitted:
    """Where the submission stands now, and whether the same content had been sent before."""

    standing: Standing
    is_duplicate: bool


def submit(
    platform: Platform, paths: Sequence[Path], return_name: str, period: str, council: str, by: str
) -> Submitted:
    """Land and check files as one submission. The next run audits and publishes what may be.

    Raises UnknownReturn, UnknownPeriod, UnknownCouncil or UsageError.
    """
    files = [look_at(path) for path in list_files(paths)]
    return take(
        platform,
        make_submission(platform.catalogue, return_name, period, council, files, ORIGIN, actor=by),
    )


def submit_nil(
    platform: Platform, return_name: str, period: str, council: str, by: str
) -> Submitted:
    """Say that there is nothing to report."""
    return take(
        platform,
        make_submission(
            platform.catalogue, return_name, period, council, [], ORIGIN, nil=True, actor=by
        ),
    )


def take(platform: Platform, submission: Submission) -> Submitted:
    """Land and check a submission at once, whatever way it came.

    LakeError if the platform fails at it, StillArriving if its files are written to meanwhile.
    """
    standings = platform.ledger.state().standings
    before = standings.get(submission.id)
    if before is not None and before.state is not State.RECEIVED:
        again = Event.of(
            EventKind.DUPLICATE,
            submission.id,
            before.key,
            submission.actor,
            detail={"names": [file.name for file in submission.files]},
            at=platform.clock(),
        )
        platform.ledger.record([again])
        if before.state is not State.LANDED:
            return Submitted(platform.ledger.find(submission.id), True)
    scheduler = InlineScheduler()
    land = land_all(platform, [submission], scheduler)
    if land.arriving:
        raise StillArriving(f"{land.arriving[submission.origin]}; send it when it is whole")
    failed = land.failed
    failed |= check_all(platform, scheduler, only=[submission.id]).failed
    if failed:
        raise LakeError(f"the platform failed at it, and keeps it: {failed[submission.id]}")
    decide(platform, submission.id)
    return Submitted(platform.ledger.find(submission.id), before is not None)
