"""Events for tests, told in a line each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from lgdp.ledger.event import Event, EventKind, Key
from lgdp.ledger.fold import fold
from lgdp.ledger.ledger_state import LedgerState

KEY = Key("ssda903", "2017-18", "S12000005")
OTHER = Key("ssda903", "2017-18", "S12000006")
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def check(ruleset: str = "r1", verdict: str = "clean", **numbers: int) -> dict[str, Any]:
    """The detail of a `checked` event: ten rows of one table, one of them kept out."""
    tables = {"episodes": {"rows": 10, "silver": 9, "quarantine": 1}}
    return {"ruleset": ruleset, "verdict": verdict, "tables": tables, **numbers}


def event(
    kind: str,
    submission: str = "s1",
    detail: Mapping[str, Any] | None = None,
    key: Key = KEY,
    minute: int = 0,
    name: str | None = None,
) -> Event:
    """An event some minutes after the start."""
    if kind == "checked" and detail is None:
        detail = check()
    if kind == "published" and detail is None:
        detail = {"ruleset": "r1"}
    at = START + timedelta(minutes=minute)
    return Event.of(EventKind(kind), submission, key, "anna", detail=detail, at=at, id=name)


def up_to_published(submission: str, key: Key = KEY, minute: int = 0) -> list[Event]:
    """The shortest way to the state `published`."""
    kinds = ("received", "landed", "checked", "published")
    return [event(kind, submission, key=key, minute=minute) for kind in kinds]


def told(*events: Event) -> LedgerState:
    """The state after events none of which may be refused."""
    state = fold(events)
    assert state.refused == ()
    return state


def reasons(state: LedgerState) -> list[str]:
    """Why events were refused, in order."""
    return [refusal.reason for refusal in state.refused]
