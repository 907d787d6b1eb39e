"""The receipt of a submission: what was received, when, from whom, and what became of it.

Everything in it is read from the lake as the ledger stood at one version, so that the same
submission at the same version gives the same receipt. It holds no value of any record.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import pyarrow.compute as pc
from pydantic import Field, NonNegativeInt

from lgdp.contracts.strict import Strict
from lgdp.errors import UnknownSubmission, UsageError
from lgdp.lake.door import Door
from lgdp.lake.schemas import FILES, FILES_SCHEMA
from lgdp.lake.table import LakeTable
from lgdp.ledger.event import Event
from lgdp.ledger.fold import fold
from lgdp.ledger.ledger import Ledger
from lgdp.ledger.ledger_state import LedgerState
from lgdp.ledger.standing import Standing, TableCount


class ReceivedFile(Strict):
    """A file as it was received; `sha256` is the digest of its bytes, 64 hex digits."""

    name: str
    bytes: NonNegativeInt
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    media_type: str


class ReceiptEvent(Strict):
    """One thing that happened, at a UTC time; `ledger` is its version and place in the log."""

    event: str
    at: str
    by: str
    ledger: tuple[int, int]


class Findings(Strict):
    """What the checks found under a ruleset: the verdict, rows by table, failures by kind."""

    verdict: str
    ruleset: str
    tables: dict[str, TableCount]
    must_fix: NonNegativeInt
    to_explain: NonNegativeInt
    notes: NonNegativeInt


class Receipt(Strict):
    """All that a receipt says; times are UTC. `findings` is null before the first check.

    `number` counts the submissions of the council for this return and period. `ledger_version` is
    the version of the ledger that it was read at.
    """

    form: Literal["lgdp receipt 1"] = "lgdp receipt 1"
    reference: str
    submission: str
    return_name: str
    period: str
    council: str
    number: NonNegativeInt
    received_at: str
    received_by: str
    origin: str
    nil: bool
    files: tuple[ReceivedFile, ...]
    state: str
    current: bool
    supersedes: str | None
    superseded_by: str | None
    findings: Findings | None
    explanations: NonNegativeInt
    events: tuple[ReceiptEvent, ...]
    ledger_version: int


def make_receipt(
    door: Door, ledger: Ledger, submission: str, version: int | None = None
) -> Receipt:
    """The receipt of a submission (its id may be cut short) at a version of the ledger, or now.

    Raises UnknownSubmission, also for one that was not there yet, and UsageError for a version
    that the ledger does not have.
    """
    whole = ledger.find(submission).submission
    newest = ledger.state().version
    wanted = newest if version is None else version
    if not 0 <= wanted <= newest:
        raise UsageError(f"the ledger has no version {wanted}; its newest is {newest}")
    events = ledger.events(wanted)
    state = fold(events, version=wanted)
    standing = state.standings.get(whole)
    if standing is None:
        raise UnknownSubmission(f"submission {whole} was not there at version {wanted}")
    mine = [event for event in events if event.submission == whole]
    return _receipt(standing, state, _accepted(mine, state), _files(door, standing))


def _receipt(
    standing: Standing,
    state: LedgerState,
    events: Sequence[Event],
    files: tuple[ReceivedFile, ...],
) -> Receipt:
    first = events[0]
    current = state.current.get(standing.key)
    return Receipt(
        reference=reference_of(standing),
        submission=standing.submission,
        return_name=standing.return_,
        period=standing.period,
        council=standing.council,
        number=standing.number,
        received_at=_time(first),
        received_by=first.actor,
        origin=str(first.detail.get("origin") or ""),
        nil=standing.nil,
        files=files,
        state=standing.state.value,
        current=current is not None and current[0] == standing.submission,
        supersedes=standing.supersedes,
        superseded_by=standing.superseded_by,
        findings=_findings(standing),
        explanations=len(standing.explanations),
        events=tuple(
            ReceiptEvent(
                event=event.event.value,
                at=_time(event),
                by=event.actor,
                ledger=(event.seq, event.ordinal),
            )
            for event in events
        ),
        ledger_version=state.version,
    )


def reference_of(standing: Standing) -> str:
    """What people call the submission by: return, period, council, start of its id."""
    parts = (standing.return_, standing.period, standing.council, standing.submission[:8])
    return "-".join(parts).upper()


def _accepted(events: Sequence[Event], state: LedgerState) -> list[Event]:
    """Events without those that the ledger shows as refused."""
    refused = {refusal.event.id for refusal in state.refused}
    return [event for event in events if event.id not in refused]


def _findings(standing: Standing) -> Findings | None:
    check = standing.check
    if check is None:
        return None
    return Findings(
        verdict=check.verdict,
        ruleset=check.ruleset,
        tables=dict(check.tables),
        must_fix=check.errors,
        to_explain=check.queries,
        notes=check.notes,
    )


def _files(door: Door, standing: Standing) -> tuple[ReceivedFile, ...]:
    """The files, by name; none before they have landed, when not all may be registered."""
    if not standing.landed:
        return ()
    mine = pc.field("submission") == standing.submission
    rows: list[dict[str, Any]] = LakeTable(door, FILES, FILES_SCHEMA).read(filters=mine).to_pylist()
    # A landing that was repeated may have registered a file twice.
    unique = {(row["name"], row["digest"]): row for row in rows}
    return tuple(
        ReceivedFile(
            name=row["name"],
            bytes=row["bytes"],
            sha256=row["digest"],
            media_type=row["media_type"],
        )
        for _, row in sorted(unique.items())
    )


def _time(event: Event) -> str:
    return event.at.isoformat(timespec="seconds").replace("+00:00", "Z")
