"""Stage one: keep the bytes as sent, then parse them into bronze."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from lgdp.errors import LakeError, StillArriving
from lgdp.intake.sent_file import SentFile
from lgdp.intake.submission import Submission
from lgdp.lake.door import Door
from lgdp.lake.schemas import FILES, FILES_SCHEMA
from lgdp.lake.table import LakeTable
from lgdp.ledger.event import Event, EventKind, Key
from lgdp.ledger.state import State
from lgdp.pipeline.assignment import Landed, LandedFile, LandWork
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.scheduler import Scheduler
from lgdp.pipeline.storing import Addition, add_files

Progress = Callable[[int, int], None]


@dataclass
class LandReport:
    """What became of the deliveries: landed now, known before, or failed by the platform.

    `arriving` are origins of those whose files were written to while they were copied, with why.
    """

    landed: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    nil: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    arriving: dict[str, str] = field(default_factory=dict)


def event(
    platform: Platform, kind: EventKind, submission: Submission, detail: dict[str, Any]
) -> Event:
    """An event of a delivery, now."""
    return Event.of(
        kind,
        submission.id,
        Key(submission.return_name, submission.period, submission.council),
        submission.actor if kind is EventKind.RECEIVED else platform.actor,
        detail=detail,
        at=platform.clock(),
    )


def land_all(
    platform: Platform,
    submissions: Iterable[Submission],
    scheduler: Scheduler,
    progress: Progress | None = None,
) -> LandReport:
    """Land every submission that the ledger does not know as landed. Doing it again is harmless."""
    report = LandReport()
    state = platform.ledger.state()
    todo: dict[str, Submission] = {}
    for submission in submissions:
        standing = state.standings.get(submission.id)
        if standing is not None and standing.state is not State.RECEIVED:
            report.known.append(submission.id)
        else:
            todo[submission.id] = submission
    if not todo:
        return report
    todo = _receive(platform, todo, report)
    if not todo:
        return report
    tasks = {key: _work(platform, item).model_dump_json() for key, item in todo.items()}
    landed: list[Landed] = []
    for count, done in enumerate(scheduler.run("land", tasks), start=1):
        if done.result is None:
            report.failed[done.key] = str(done.error)
        else:
            landed.append(Landed.model_validate_json(done.result))
        if progress is not None:
            progress(count, len(tasks))
    _keep(platform, todo, landed)
    report.landed += [item.submission for item in landed]
    return report


def _receive(
    platform: Platform, submissions: Mapping[str, Submission], report: LandReport
) -> dict[str, Submission]:
    """The bytes first, unchanged and addressed by their content; then the events.

    What somebody still writes to is left out.
    """
    received: dict[str, Submission] = {}
    for key, submission in submissions.items():
        try:
            for file in submission.files:
                _keep_bytes(platform.door, file)
        except StillArriving as error:
            report.arriving[submission.origin] = str(error)
        else:
            received[key] = submission
    events = [
        event(platform, EventKind.RECEIVED, item, _receipt_of(item)) for item in received.values()
    ]
    if events:
        platform.ledger.record(events)
    return received


def _keep_bytes(door: Door, file: SentFile) -> None:
    """Bytes that were not those of the digest would be taken for them for ever."""

    def require_unchanged() -> None:
        if not file.is_unchanged:
            raise StillArriving(f"{file.name} was written to while it was read")

    try:
        sure = require_unchanged if file.stamp else None
        door.put(file.path, landing_path(file.digest), sure)
    except LakeError:
        require_unchanged()
        raise


def _receipt_of(item: Submission) -> dict[str, Any]:
    detail: dict[str, Any] = {"origin": item.origin, "nil": item.nil, "files": len(item.files)}
    if item.totals:
        detail["totals"] = dict(item.totals)
    return detail if item.version is None else {**detail, "version": item.version}


def landing_path(digest: str) -> str:
    """Where the bytes with this digest are kept."""
    return f"landing/{digest[:2]}/{digest}"


def _work(platform: Platform, submission: Submission) -> LandWork:
    contract = platform.catalogue.contract(submission.return_name)
    ruleset = contract.ruleset(contract.read_period(submission.period))
    return LandWork(
        lake=platform.door.uri,
        submission=submission.id,
        return_name=submission.return_name,
        period=submission.period,
        council=submission.council,
        files=tuple(
            LandedFile(
                name=file.name,
                digest=file.digest,
                size=file.size,
                media_type=file.media_type,
                landing=landing_path(file.digest),
            )
            for file in submission.files
        ),
        ruleset=ruleset.as_json,
        formats=contract.statutory_return.formats,
        totals=dict(submission.totals),
        limits=platform.settings.limits,
    )


def _keep(platform: Platform, todo: dict[str, Submission], landed: Sequence[Landed]) -> None:
    by_return: dict[str, list[Addition]] = {}
    for item in landed:
        submission = todo[item.submission]
        by_return.setdefault(submission.return_name, []).extend(
            Addition(
                f"bronze/{submission.return_name}/{table}",
                written,
                submission.period,
                submission.id,
                submission.council,
            )
            for table, written in item.bronze.items()
        )
    for name, additions in by_return.items():
        add_files(platform, platform.catalogue.contract(name), additions)
    _register_files(platform, todo, landed)
    platform.ledger.record(
        [
            event(
                platform,
                EventKind.LANDED,
                todo[item.submission],
                {
                    "files": len(todo[item.submission].files),
                    "bronze": {
                        table: {"path": written.path, "rows": written.rows}
                        for table, written in item.bronze.items()
                    },
                    "nil": todo[item.submission].nil,
                    "notes": [note.model_dump() for note in item.notes],
                },
            )
            for item in landed
        ]
    )


def _register_files(
    platform: Platform, todo: dict[str, Submission], landed: Sequence[Landed]
) -> None:
    rows = [
        {
            "digest": file.digest,
            "name": file.name,
            "bytes": file.size,
            "media_type": file.media_type,
            "encoding": item.encodings.get(file.name),
            "received_at": platform.clock(),
            "origin": todo[item.submission].origin,
            "submission": item.submission,
        }
        for item in landed
        for file in todo[item.submission].files
    ]
    if rows:
        table = LakeTable(platform.door, FILES)
        table.ensure(FILES_SCHEMA)
        key = "|".join(sorted(item.submission for item in landed))
        table.append_rows(pa.Table.from_pylist(rows, FILES_SCHEMA), key=key)
