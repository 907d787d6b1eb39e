"""Events, in the order of the log, to where every submission stands and what is current."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from lgdp.ledger.event import Event, EventKind, Key
from lgdp.ledger.ledger_state import EMPTY, LedgerState, Refusal
from lgdp.ledger.standing import Exemption, Standing
from lgdp.ledger.state import OVERTAKEN, State, next_state, refusal
from lgdp.ledger.step import ruleset_of, stepped, unsound


def fold(
    events: Iterable[Event], onto: LedgerState = EMPTY, version: int | None = None
) -> LedgerState:
    """The state after events, which are in the order of the log and follow those of `onto`.

    Pure, and the same whether events are folded at once or in portions. An event whose id was
    there before changes nothing; one that is not allowed changes nothing and is among `refused`.
    """
    folding = Folding(onto)
    for event in events:
        folding.apply(event)
    return folding.result(onto.version if version is None else version)


class Folding:
    """A state in the making."""

    def __init__(self, onto: LedgerState = EMPTY) -> None:
        self._standings = dict(onto.standings)
        self._current = dict(onto.current)
        self._exemptions = dict(onto.exemptions)
        self._by_key: dict[Key, list[str]] = {}
        for standing in onto.standings.values():
            self._by_key.setdefault(standing.key, []).append(standing.submission)
        self._refused = list(onto.refused)
        self._seen = set(onto.seen)
        self._turns = onto.turns

    def result(self, version: int) -> LedgerState:
        """The state so far."""
        return LedgerState(
            MappingProxyType(self._standings),
            MappingProxyType(self._current),
            MappingProxyType(self._exemptions),
            tuple(self._refused),
            frozenset(self._seen),
            self._turns,
            version,
        )

    def has(self, event: Event) -> bool:
        """Whether an event of this id was there before."""
        return event.id in self._seen

    def settled(self, event: Event) -> Event:
        """The event with what it leaves open decided: which submission a rollback restores."""
        if event.event is not EventKind.ROLLED_BACK or "to" in event.detail:
            return event
        return replace(event, detail={**event.detail, "to": self._last_superseded(event.key)})

    def apply(self, event: Event) -> Refusal | None:
        """Let an event happen; the refusal if it is not allowed."""
        if event.id in self._seen:
            return None
        self._seen.add(event.id)
        event = self.settled(event)
        standing = self._standings.get(event.submission)
        reason = self._objection(event, standing)
        if reason is not None:
            self._refused.append(Refusal(event, reason))
            return self._refused[-1]
        self._turns += 1
        if event.event is EventKind.GRANTED:
            self._exemptions[event.key] = Exemption.model_validate(event.detail)
            return None
        if standing is None:
            standing = replace(stepped(event, standing), number=self._number(event))
            self._by_key.setdefault(event.key, []).append(event.submission)
        else:
            standing = stepped(event, standing)
        self._standings[event.submission] = standing
        match event.event:
            case EventKind.CHECKED | EventKind.NIL | EventKind.CONFIRMED:
                self._overtake(event, standing)
            case EventKind.PUBLISHED:
                self._publish(event, standing)
            case EventKind.ROLLED_BACK:
                self._restore(event)
            case EventKind.WITHDRAWN if self._holder(event.key) == event.submission:
                del self._current[event.key]
        return None

    def _objection(self, event: Event, standing: Standing | None) -> str | None:
        if event.event is EventKind.GRANTED:
            return unsound(event)
        state = standing.state if standing else None
        if standing is not None and standing.key != event.key:
            return f"submission {event.submission} is of {standing.key}, not of {event.key}"
        if next_state(state, event.event) is None:
            return refusal(state, event.event)
        match event.event:
            case EventKind.CHECKED:
                return unsound(event) or _contradicts(event, standing)
            case EventKind.EXPLAINED:
                return unsound(event)
            case EventKind.HELD if standing is not None and not standing.checks:
                return None if event.detail.get("hold") else "no check of it can be held"
            case EventKind.CONFIRMED if standing is not None and standing.hold is None:
                return "the audit holds it, and only a check leads out of that"
            case EventKind.PUBLISHED if standing is not None:
                return self._unpublishable(event, standing)
            case EventKind.ROLLED_BACK:
                return self._unrestorable(event)
        return None

    def _unpublishable(self, event: Event, standing: Standing) -> str | None:
        ruleset = ruleset_of(event)
        if self._current.get(event.key) == (event.submission, ruleset):
            return f"it is current under ruleset {ruleset} already"
        if standing.nil:
            return None
        check = standing.checks.get(ruleset)
        if check is None:
            return f"it was never checked under ruleset {ruleset}"
        if check.verdict == "rejected":
            return f"it is rejected under ruleset {ruleset}"
        if ruleset in standing.held:
            return f"the audit holds it under ruleset {ruleset} until it is checked again"
        later = self._later(standing)
        if later is not None and not event.detail.get("by_hand"):
            return f"submission {later}, which came later, is current"
        return None

    def _number(self, event: Event) -> int:
        """Which submission of its key this one is: what the sender says, or the next."""
        said = event.detail.get("version")
        if isinstance(said, int):
            return said
        others = (self._standings[name].number for name in self._by_key.get(event.key, ()))
        return max(others, default=0) + 1

    def _later(self, standing: Standing) -> str | None:
        """The submission that is current, if it came later than this one."""
        holder = self._holder(standing.key)
        if holder is None or self._standings[holder].number <= standing.number:
            return None
        return holder

    def _overtake(self, event: Event, standing: Standing) -> None:
        """What is checked when a later submission is current already, is past."""
        later = self._later(standing)
        if later is not None and standing.state in OVERTAKEN:
            self._standings[standing.submission] = replace(
                standing, state=State.SUPERSEDED, last_at=event.at, superseded_by=later
            )

    def _unrestorable(self, event: Event) -> str | None:
        target = event.detail["to"]
        if target is None or self._is_restorable(target, event.key):
            return None
        return f"{target} is not a superseded submission of {event.key}"

    def _is_restorable(self, submission: object, key: Key) -> bool:
        standing = self._standings.get(submission) if isinstance(submission, str) else None
        if standing is None or standing.key != key or standing.superseded_turn < 0:
            return False
        return standing.state is State.SUPERSEDED

    def _last_superseded(self, key: Key) -> str | None:
        turns = {
            self._standings[submission].superseded_turn: submission
            for submission in self._by_key.get(key, ())
            if self._is_restorable(submission, key)
        }
        return turns[max(turns)] if turns else None

    def _holder(self, key: Key) -> str | None:
        return self._current[key][0] if key in self._current else None

    def _publish(self, event: Event, standing: Standing) -> None:
        former = self._holder(event.key)
        if former is not None and former != event.submission:
            self._standings[former] = replace(
                self._standings[former],
                state=State.SUPERSEDED,
                last_at=event.at,
                superseded_by=event.submission,
                superseded_turn=self._turns,
            )
            standing = replace(standing, supersedes=former)
        for other in self._by_key[event.key]:
            past = self._standings[other]
            if past.state in OVERTAKEN and past.number < standing.number:
                self._standings[other] = replace(
                    past,
                    state=State.SUPERSEDED,
                    last_at=event.at,
                    superseded_by=event.submission,
                )
        self._standings[event.submission] = standing
        self._current[event.key] = (event.submission, standing.ruleset or "")

    def _restore(self, event: Event) -> None:
        del self._current[event.key]
        target: str | None = event.detail["to"]
        if target is not None:
            restored = replace(
                self._standings[target],
                state=State.PUBLISHED,
                last_at=event.at,
                superseded_by=None,
                superseded_turn=-1,
            )
            self._standings[target] = restored
            self._current[event.key] = (target, restored.ruleset or "")


def _contradicts(event: Event, standing: Standing | None) -> str | None:
    """Rows that were published under a ruleset can't be rejected under the same one."""
    if standing is None or standing.published_at is None:
        return None
    same = event.detail["ruleset"] == standing.ruleset
    if same and event.detail["verdict"] == "rejected":
        return f"it was published under ruleset {standing.ruleset}, which can't reject it now"
    return None
