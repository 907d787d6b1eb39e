"""What a submission may do on its own once it is checked: go on, wait for a word, or be refused."""

from __future__ import annotations

from lgdp.ledger.collection import Collection, Window, is_past
from lgdp.ledger.event import Event, EventKind
from lgdp.ledger.ledger_state import LedgerState
from lgdp.ledger.standing import Standing
from lgdp.ledger.state import State
from lgdp.pipeline.calendar import binding_collection
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.publishing import standing_event

LOCKED, EARLY, EMPTY, SMALLER = "LOCKED", "EARLY", "EMPTY", "SMALLER"
"""Why a submission is held or refused whatever its rows are like."""


def decide(platform: Platform, only: str | None = None) -> dict[str, str]:
    """Hold or refuse what is checked and should not go on by itself; submission to reason.

    With `only`, one submission is decided about.

    Whoever decided before, and a person's confirmation, is not asked again.
    """
    state = platform.ledger.state()
    events = [
        event
        for standing in state.standings.values()
        if standing.state in (State.CHECKED, State.NIL) and standing.published_at is None
        if only in (None, standing.submission)
        if (event := _objection(platform, state, standing)) is not None
    ]
    recorded = platform.ledger.record(events)
    return {event.submission: str(event.detail["reason"]) for event in recorded.accepted}


def _objection(platform: Platform, state: LedgerState, standing: Standing) -> Event | None:
    collection = binding_collection(platform, standing.key)
    if collection is not None:
        window = collection.window(standing.received_at)
        if window is Window.LOCKED and not _is_exempt(state, standing):
            return _event(platform, standing, EventKind.REJECTED, LOCKED, _locked_text(collection))
        if window is Window.EARLY and not standing.confirmed:
            early = platform.catalogue.contract(standing.return_).statutory_return.policy.early
            kind = {"held": EventKind.HELD, "refused": EventKind.REJECTED}.get(early)
            if kind is not None:
                return _event(platform, standing, kind, EARLY, _early_text(collection))
    return None if standing.confirmed else _shrunk(platform, state, standing)


def _is_exempt(state: LedgerState, standing: Standing) -> bool:
    exemption = state.exemptions.get(standing.key)
    return exemption is not None and not is_past(exemption.until, standing.received_at)


def _locked_text(collection: Collection) -> str:
    return (
        f"the collection {collection.return_} {collection.period} was locked at the end of "
        f"{collection.locked}; ask the requiring body for an exception (lgdp exception), after "
        "which it is checked again"
    )


def _early_text(collection: Collection) -> str:
    return (
        f"the collection {collection.return_} {collection.period} opens on {collection.opens}; "
        "see whether the period is right, and confirm it or send it under another one"
    )


def _shrunk(platform: Platform, state: LedgerState, standing: Standing) -> Event | None:
    pair = state.current.get(standing.key)
    if pair is None or pair[0] == standing.submission:
        return None
    before = state.standings[pair[0]].rows
    if before and standing.rows == 0:
        text = (
            f"it holds no row, and would take the place of {before:,} rows of submission "
            f"{pair[0]}; confirm that there is nothing to report, or withdraw it"
        )
        return _event(platform, standing, EventKind.HELD, EMPTY, text)
    share = platform.catalogue.contract(standing.return_).statutory_return.policy.smaller_than
    if standing.rows < share * before:
        text = (
            f"it holds {standing.rows:,} rows, less than {share:.0%} of the {before:,} of "
            f"submission {pair[0]} that it would take the place of; confirm that it is whole, or "
            "withdraw it"
        )
        return _event(platform, standing, EventKind.HELD, SMALLER, text)
    return None


def _event(
    platform: Platform, standing: Standing, kind: EventKind, hold: str, reason: str
) -> Event:
    return standing_event(platform, standing, kind, {"hold": hold, "reason": reason})
