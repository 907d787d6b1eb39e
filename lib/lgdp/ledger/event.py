"""One thing that happened to a submission."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

import pyarrow as pa

from lgdp.errors import LakeError, Refused
from lgdp.lake.schemas import EVENTS_SCHEMA, SERIAL_COLUMNS

# What a writer gives; the log adds `seq` and `ordinal`.
_GIVEN = pa.schema([column for column in EVENTS_SCHEMA if column.name not in SERIAL_COLUMNS.names])


class EventKind(StrEnum):
    """What can happen. `superseded` is not here: it follows from the publication of another."""

    RECEIVED = "received"
    LANDED = "landed"
    DUPLICATE = "duplicate"
    CHECKED = "checked"
    REJECTED = "rejected"
    HELD = "held"
    RETURNED = "returned"
    EXPLAINED = "explained"
    SIGNED_OFF = "signed_off"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    ROLLED_BACK = "rolled_back"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    NIL = "nil"
    CONFIRMED = "confirmed"
    GRANTED = "granted"
    """An exception from the lock of a collection: of a return, period and council, not of a
    submission, whose id is empty."""


class Key(NamedTuple):
    """What one submission at a time is current for."""

    return_: str
    period: str
    council: str

    def __str__(self) -> str:
        return f"{self.return_} {self.period} {self.council}"


@dataclass(frozen=True)
class Event:
    """An event; `at` is UTC in microseconds, `detail` a JSON object.

    Recording an id a second time changes nothing. `seq` and `ordinal` are its place in the log,
    -1 before it is there.
    """

    id: str
    submission: str
    return_: str
    period: str
    council: str
    event: EventKind
    actor: str
    at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict, hash=False)
    seq: int = -1
    ordinal: int = -1

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise Refused(f"the {self.event} of submission {self.submission} has a time of no zone")

    @property
    def key(self) -> Key:
        """The collection and council it is about."""
        return Key(self.return_, self.period, self.council)

    @staticmethod
    def of(
        kind: EventKind,
        submission: str,
        key: Key,
        actor: str,
        *,
        detail: Mapping[str, Any] | None = None,
        at: datetime | None = None,
        id: str | None = None,  # noqa: A002
    ) -> Event:
        """An event to record; it happens now and has a new id, unless these are given."""
        return Event(
            id or uuid.uuid4().hex,
            submission,
            *key,
            kind,
            actor,
            (at or datetime.now(UTC)).astimezone(UTC),
            detail or {},
        )


def to_rows(events: Iterable[Event]) -> pa.Table:
    """Events as rows of the log, in the same order, without their place in it."""
    rows = [
        {
            "id": each.id,
            "submission": each.submission,
            "return": each.return_,
            "period": each.period,
            "council": each.council,
            "event": each.event.value,
            "actor": each.actor,
            "at": each.at,
            "detail": json.dumps(each.detail, sort_keys=True, ensure_ascii=False),
        }
        for each in events
    ]
    return pa.Table.from_pylist(rows, _GIVEN)


def from_rows(rows: pa.Table) -> list[Event]:
    """The events of rows of the log, in the same order."""
    return [
        Event(
            id=row["id"],
            submission=row["submission"],
            return_=row["return"],
            period=row["period"],
            council=row["council"],
            event=_kind(row["event"]),
            actor=row["actor"],
            at=row["at"],
            detail=json.loads(row["detail"] or "{}"),
            seq=row["seq"],
            ordinal=row["ordinal"],
        )
        for row in rows.to_pylist()
    ]


def _kind(name: str) -> EventKind:
    try:
        return EventKind(name)
    except ValueError as cause:
        raise LakeError(
            f"the ledger has an event {name!r}, which this version of the platform does not know"
        ) from cause
