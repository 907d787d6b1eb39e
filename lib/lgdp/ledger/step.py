"""How an event that is allowed changes the standing of its own submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from lgdp.ledger.event import Event, EventKind
from lgdp.ledger.standing import Check, Exemption, Explanation, Standing
from lgdp.ledger.state import State, next_state


def explanations_in(detail: Mapping[str, Any]) -> tuple[Explanation, ...]:
    """What an `explained` event says of queries. Raises pydantic's ValidationError."""
    return tuple(Explanation.model_validate(each) for each in detail.get("explanations", ()))


_FORMS: Mapping[EventKind, tuple[str, Callable[[Mapping[str, Any]], object]]] = MappingProxyType(
    {
        EventKind.CHECKED: ("a check", Check.model_validate),
        EventKind.EXPLAINED: ("explanations", explanations_in),
        EventKind.GRANTED: ("an exception", Exemption.model_validate),
    }
)


def unsound(event: Event) -> str | None:
    """What is wrong with the detail of an event, None if it is what its kind needs."""
    if event.event not in _FORMS:
        return None
    form, read = _FORMS[event.event]
    try:
        read(event.detail)
    except ValidationError as cause:
        first = cause.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return f"its detail is not that of {form}: {place}: {first['msg']}"
    return None


def ruleset_of(event: Event) -> str:
    """The ruleset an event names; the empty one (of a nil return) if it names none."""
    return str(event.detail.get("ruleset") or "")


def stepped(event: Event, standing: Standing | None) -> Standing:
    """The standing after the event, but for what the publication of another does to it."""
    state = next_state(standing.state if standing else None, event.event)
    if state is None:
        raise AssertionError(f"{event.event} was let through")
    if standing is None:
        standing = Standing(event.submission, event.key, state, event.at, event.at)
    if event.event is EventKind.DUPLICATE:
        return replace(standing, duplicates=standing.duplicates + 1, last_at=event.at)
    standing = replace(standing, state=state, last_at=event.at, reason=event.detail.get("reason"))
    match event.event:
        case EventKind.RECEIVED:
            return replace(standing, files=_files(event, standing.files))
        case EventKind.LANDED:
            files = _files(event, standing.files)
            return replace(standing, files=files, landed=event.detail)
        case EventKind.NIL:
            return replace(standing, nil=True)
        case EventKind.CHECKED:
            return _checked(Check.model_validate(event.detail), standing)
        case EventKind.REJECTED:
            return replace(standing, hold=event.detail.get("hold"))
        case EventKind.HELD:
            if event.detail.get("hold"):
                return replace(standing, hold=str(event.detail["hold"]))
            held = ruleset_of(event) or list(standing.checks)[-1]
            return replace(standing, held=standing.held | {held})
        case EventKind.CONFIRMED:
            back = State.NIL if standing.nil else State.CHECKED
            return replace(standing, state=back, hold=None, confirmed=True)
        case EventKind.EXPLAINED:
            said = explanations_in(event.detail)
            return replace(standing, explanations=standing.explanations + said)
        case EventKind.PUBLISHED:
            return replace(_alone(standing), ruleset=ruleset_of(event), published_at=event.at)
        case EventKind.ROLLED_BACK:
            return _alone(standing)
        case EventKind.REOPENED:
            again = replace(_alone(standing), nil=False, published_at=None)
            return replace(again, hold=None, confirmed=False, explanations=())
    return standing


def _checked(check: Check, standing: Standing) -> Standing:
    # The newest check comes last. What was found for a published submission goes on to be shown
    # until it is published under the other rules.
    others = {name: each for name, each in standing.checks.items() if name != check.ruleset}
    published = standing.published_at is not None
    return replace(
        standing,
        checks=MappingProxyType({**others, check.ruleset: check}),
        held=standing.held - {check.ruleset},
        ruleset=standing.ruleset if published else check.ruleset,
    )


def _alone(standing: Standing) -> Standing:
    return replace(standing, supersedes=None, superseded_by=None, superseded_turn=-1)


def _files(event: Event, before: int) -> int:
    """How many files a `received` or `landed` event tells of: a number, or a list of them."""
    files = event.detail.get("files")
    if isinstance(files, list | tuple):
        return len(files)
    return files if isinstance(files, int) else before
