"""The states of a submission, and which event leads from which to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from lgdp.ledger.event import EventKind


class State(StrEnum):
    """Where a submission stands."""

    RECEIVED = "received"
    LANDED = "landed"
    CHECKED = "checked"
    REJECTED = "rejected"
    HELD = "held"
    RETURNED = "returned"
    EXPLAINED = "explained"
    SIGNED_OFF = "signed_off"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    ROLLED_BACK = "rolled_back"
    WITHDRAWN = "withdrawn"
    NIL = "nil"


# Until a submission is published for the first time.
_CHECKED_ONCE = (
    State.CHECKED,
    State.HELD,
    State.RETURNED,
    State.EXPLAINED,
    State.SIGNED_OFF,
    State.ACCEPTED,
)
OVERTAKEN = (*_CHECKED_ONCE, State.NIL)
"""What an unpublished submission is superseded in, when a later one is published before it."""
_OPEN = (State.RECEIVED, State.LANDED, *_CHECKED_ONCE)
# From then on: a check under other rules changes nothing until it is published itself.
_ONCE_PUBLISHED = (State.PUBLISHED, State.SUPERSEDED, State.ROLLED_BACK)

Steps = Mapping[State | None, State]


def _lead(states: Iterable[State | None], to: State) -> dict[State | None, State]:
    return dict.fromkeys(states, to)


def _stay(states: Iterable[State]) -> dict[State | None, State]:
    return {state: state for state in states}


# Event to the states it is allowed in and where it leads; None is a submission not heard of yet.
ALLOWED: Mapping[EventKind, Steps] = MappingProxyType(
    {
        EventKind.RECEIVED: {None: State.RECEIVED},
        EventKind.LANDED: {State.RECEIVED: State.LANDED},
        EventKind.NIL: _lead((None, State.RECEIVED, State.LANDED), State.NIL),
        EventKind.DUPLICATE: _stay(State),
        EventKind.CHECKED: {
            **_lead((State.LANDED, State.REJECTED, *_CHECKED_ONCE), State.CHECKED),
            **_stay(_ONCE_PUBLISHED),
        },
        EventKind.REJECTED: {
            **_lead((*_OPEN, State.REJECTED, State.NIL), State.REJECTED),
            **_stay(_ONCE_PUBLISHED),
        },
        # Of what the audit could not confirm, only a check leads out; of a delivery that looks
        # like a mistake, a person's word.
        EventKind.HELD: {
            **_lead((*_CHECKED_ONCE, State.NIL), State.HELD),
            **_stay(_ONCE_PUBLISHED),
        },
        EventKind.CONFIRMED: _lead((State.HELD,), State.CHECKED),
        EventKind.RETURNED: _lead(_CHECKED_ONCE, State.RETURNED),
        EventKind.EXPLAINED: _lead(
            (State.CHECKED, State.RETURNED, State.EXPLAINED), State.EXPLAINED
        ),
        EventKind.SIGNED_OFF: {
            **_lead((State.CHECKED, State.EXPLAINED), State.SIGNED_OFF),
            **_stay((State.NIL,)),
        },
        EventKind.ACCEPTED: {
            **_lead((State.CHECKED, State.EXPLAINED, State.SIGNED_OFF), State.ACCEPTED),
            **_stay((State.NIL,)),
        },
        EventKind.PUBLISHED: _lead(
            (
                State.CHECKED,
                State.EXPLAINED,
                State.SIGNED_OFF,
                State.ACCEPTED,
                State.NIL,
                *_ONCE_PUBLISHED,
            ),
            State.PUBLISHED,
        ),
        EventKind.ROLLED_BACK: {State.PUBLISHED: State.ROLLED_BACK},
        EventKind.WITHDRAWN: _lead(
            (*_OPEN, State.REJECTED, State.NIL, *_ONCE_PUBLISHED), State.WITHDRAWN
        ),
        EventKind.REOPENED: _lead((*_CHECKED_ONCE, State.REJECTED, State.WITHDRAWN), State.LANDED),
        EventKind.GRANTED: {},
    }
)


def next_state(state: State | None, event: EventKind) -> State | None:
    """Where an event leads from a state, None when it is not allowed in it.

    >>> next_state(State.CHECKED, EventKind.PUBLISHED)
    <State.PUBLISHED: 'published'>
    >>> next_state(State.REJECTED, EventKind.PUBLISHED) is None
    True
    """
    return ALLOWED[event].get(state)


def refusal(state: State | None, event: EventKind) -> str:
    """Why an event is not allowed in a state, in words.

    >>> refusal(State.RECEIVED, EventKind.ROLLED_BACK)
    'rolled_back is not allowed of a received submission, only of a published one'
    """
    known = [each.value for each in ALLOWED[event] if each is not None]
    if state is None:
        return f"{event.value} is not allowed of a submission that was never received"
    if not known:
        return f"{event.value} is only allowed once, and this submission is {state.value}"
    return (
        f"{event.value} is not allowed of a {state.value} submission, "
        f"only of a {' or '.join(known)} one"
    )
