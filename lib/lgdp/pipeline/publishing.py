"""Publishing: one ledger event makes a submission current, another takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lgdp.contracts.statutory_return import VERDICTS
from lgdp.errors import Refused
from lgdp.ledger.event import Event, EventKind
from lgdp.ledger.standing import Standing, Verdict
from lgdp.ledger.state import State
from lgdp.pipeline.platform import Platform


def standing_event(
    platform: Platform, standing: Standing, kind: EventKind, detail: dict[str, Any]
) -> Event:
    """An event about a submission that the ledger knows, now."""
    return Event.of(
        kind,
        standing.submission,
        standing.key,
        platform.actor,
        detail=detail,
        at=platform.clock(),
    )


def may_publish(platform: Platform, standing: Standing) -> bool:
    """Whether it is published with no more said: by its return's policy, or as it is accepted."""
    if standing.state is State.ACCEPTED:
        return True
    if standing.state not in (State.CHECKED, State.EXPLAINED, State.SIGNED_OFF):
        return False
    return is_within_policy(platform, standing.return_, standing.verdict)


def is_within_policy(platform: Platform, return_name: str, verdict: Verdict | None) -> bool:
    """Whether a return publishes this verdict without a person."""
    policy = platform.catalogue.contract(return_name).statutory_return.policy
    if policy.publish_up_to is None or verdict is None:
        return False
    return VERDICTS.index(verdict) <= VERDICTS.index(policy.publish_up_to)


def publish(
    platform: Platform, standings: Sequence[Standing], ruleset: str | None = None
) -> list[str]:
    """Publish submissions, those that came first first; the ids of those that are current now.

    `ruleset` is the one to publish them under, by default that of their last check. One that a
    later submission has overtaken meanwhile is left out.
    """
    ordered = sorted(standings, key=lambda item: (item.number, item.submission))
    recorded = platform.ledger.record(
        [
            standing_event(
                platform, item, EventKind.PUBLISHED, {"ruleset": ruleset or item.ruleset}
            )
            for item in ordered
        ]
    )
    return [event.submission for event in recorded.accepted]


def publish_by_hand(platform: Platform, standing: Standing) -> None:
    """Publish a submission because a person says so; Refused if its state does not allow it.

    The caller has seen to it that an audit agreed, now or when it was first published.
    """
    detail = {"ruleset": standing.ruleset, "by_hand": True}
    record_or_refuse(platform, [standing_event(platform, standing, EventKind.PUBLISHED, detail)])


def roll_back(platform: Platform, submission: str, reason: str) -> Standing | None:
    """Take a current submission back; the one that it superseded, if any, is current again.

    Returns that one. Raises Refused if the submission is not current.
    """
    standing = platform.ledger.find(submission)
    detail = {"reason": reason}
    record_or_refuse(platform, [standing_event(platform, standing, EventKind.ROLLED_BACK, detail)])
    state = platform.ledger.state()
    current = state.current.get(standing.key)
    return state.standings[current[0]] if current else None


def record_or_refuse(platform: Platform, events: Sequence[Event]) -> None:
    """Record events; Refused with the ledger's reason if one of them is not allowed."""
    recorded = platform.ledger.record(events)
    if recorded.refused:
        raise Refused(recorded.refused[0].reason)
