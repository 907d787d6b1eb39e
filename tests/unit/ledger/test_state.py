"""The table of states and events."""

from __future__ import annotations

import pytest

from lgdp.ledger.event import EventKind
from lgdp.ledger.state import ALLOWED, State, next_state, refusal


def test_every_event_is_in_the_table_and_leads_to_a_state() -> None:
    assert set(ALLOWED) == set(EventKind)
    reached = {to for steps in ALLOWED.values() for to in steps.values()}
    # Superseded follows from the publication of another submission.
    assert set(State) - reached == set()
    assert [event for event, steps in ALLOWED.items() if State.SUPERSEDED in steps.values()] == [
        *(EventKind.DUPLICATE, EventKind.CHECKED, EventKind.REJECTED, EventKind.HELD)
    ]


@pytest.mark.parametrize(
    ("state", "event", "to"),
    [
        (None, "received", "received"),
        (None, "nil", "nil"),
        ("received", "landed", "landed"),
        ("received", "rejected", "rejected"),
        ("landed", "checked", "checked"),
        ("checked", "checked", "checked"),
        ("checked", "published", "published"),
        ("checked", "returned", "returned"),
        ("returned", "explained", "explained"),
        ("explained", "signed_off", "signed_off"),
        ("signed_off", "accepted", "accepted"),
        ("accepted", "published", "published"),
        ("accepted", "held", "held"),
        ("held", "checked", "checked"),
        ("published", "checked", "published"),
        ("published", "published", "published"),
        ("published", "rolled_back", "rolled_back"),
        ("rolled_back", "published", "published"),
        ("superseded", "published", "published"),
        ("superseded", "checked", "superseded"),
        ("nil", "published", "published"),
        ("rejected", "checked", "checked"),
        ("rejected", "reopened", "landed"),
        ("withdrawn", "reopened", "landed"),
        ("withdrawn", "duplicate", "withdrawn"),
    ],
)
def test_what_is_allowed(state: str | None, event: str, to: str) -> None:
    assert next_state(State(state) if state else None, EventKind(event)) is State(to)


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (None, "landed"),
        (None, "duplicate"),
        ("received", "received"),
        ("received", "checked"),
        ("landed", "published"),
        ("rejected", "published"),
        ("held", "published"),
        ("returned", "published"),
        ("returned", "signed_off"),
        ("withdrawn", "published"),
        ("withdrawn", "withdrawn"),
        ("superseded", "rolled_back"),
        ("published", "nil"),
        ("published", "reopened"),
    ],
)
def test_what_is_not(state: str | None, event: str) -> None:
    assert next_state(State(state) if state else None, EventKind(event)) is None


@pytest.mark.parametrize(
    ("state", "event", "text"),
    [
        (None, "landed", "landed is not allowed of a submission that was never received"),
        ("landed", "received", "received is only allowed once, and this submission is landed"),
        (
            "landed",
            "rolled_back",
            "rolled_back is not allowed of a landed submission, only of a published one",
        ),
        (
            "rejected",
            "explained",
            "explained is not allowed of a rejected submission, only of a checked or returned or "
            "explained one",
        ),
    ],
)
def test_why_not(state: str | None, event: str, text: str) -> None:
    assert refusal(State(state) if state else None, EventKind(event)) == text
