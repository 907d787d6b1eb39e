"""Publishing: one ledger event makes a submission current, another takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lgdp.contracts.statutory_return import VERDICTS
from lgdp.errors import Refused
from lgdp.ledger.event import Event, EventKind
from lgdp.ledger.standing import Standing
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
    """Whether the return's policy publishes this verdict without a person."""
    policy = platform.catalogue.contract(standing.return_).statutory_return.policy
    if policy.publish_up_to is None or standing.verdict is None:
        return False
    return VERDICTS.index(standing.verdict) <= VERDICTS.index(policy.publish_up_to)


def publish(platform: Platform, standings: Sequence[Standing]) -> tuple[list[str], list[str]]:
    """Publish those that policy lets through, oldest first; ids published, and ids that wait."""
    ordered = sorted(standings, key=lambda item: (item.received_at, item.submission))
    ready = [item for item in ordered if may_publish(platform, item)]
    waiting = [item.submission for item in ordered if not may_publish(platform, item)]
    recorded = platform.ledger.record(
        [
            standing_event(platform, item, EventKind.PUBLISHED, {"ruleset": item.ruleset})
            for item in ready
        ]
    )
    return [event.submission for event in recorded.accepted], waiting


def publish_by_hand(platform: Platform, standing: Standing) -> None:
    """Publish a submission because a person says so; Refused if its state does not allow it.

    The caller has seen to it that an audit agreed, now or when it was first published.
    """
    detail = {"ruleset": standing.ruleset, "by_hand": True}
    _record(platform, standing_event(platform, standing, EventKind.PUBLISHED, detail))


def roll_back(platform: Platform, submission: str, reason: str) -> Standing | None:
    """Take a current submission back; the one that it superseded, if any, is current again.

    Returns that one. Raises Refused if the submission is not current.
    """
    standing = platform.ledger.find(submission)
    detail = {"reason": reason}
    _record(platform, standing_event(platform, standing, EventKind.ROLLED_BACK, detail))
    state = platform.ledger.state()
    current = state.current.get(standing.key)
    return state.standings[current[0]] if current else None


def _record(platform: Platform, event: Event) -> None:
    recorded = platform.ledger.record([event])
    if recorded.refused:
        raise Refused(recorded.refused[0].reason)
