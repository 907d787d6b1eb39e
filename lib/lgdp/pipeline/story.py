"""What people do to a submission: each is one event, in the name of the person who did it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from lgdp.contracts.statutory_return import VERDICTS
from lgdp.errors import Refused
from lgdp.ledger.event import Event, EventKind, Key
from lgdp.ledger.standing import Explanation, Standing
from lgdp.ledger.state import State
from lgdp.pipeline.deciding import LOCKED
from lgdp.pipeline.explaining import Unexplained, match_explanations, unexplained_queries
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.publishing import record_or_refuse

MOST_NAMED = 5


def explain(
    platform: Platform, submission: str, said: Sequence[Explanation], by: str
) -> list[Unexplained]:
    """Keep what a council says of its queries; the queries that are still left.

    Raises Refused, keeping nothing, if one is of a rule or failure that the submission has not.
    """
    standing = platform.ledger.find(submission)
    match_explanations(platform, standing, said)
    detail = {"explanations": [each.model_dump(exclude_none=True) for each in said]}
    _record(platform, standing, [(EventKind.EXPLAINED, detail)], by)
    return unexplained_queries(platform, platform.ledger.find(standing.submission))


def sign_off(platform: Platform, submission: str, by: str) -> Standing:
    """A named person stands for it. Refused while a query is unexplained or too much is wrong.

    Where the return needs nobody's acceptance, it is accepted with that.
    """
    standing = platform.ledger.find(submission)
    policy = platform.catalogue.contract(standing.return_).statutory_return.policy
    if not standing.nil and standing.verdict is not None:
        worst = max(policy.sign_off_up_to, policy.publish_up_to or "clean", key=VERDICTS.index)
        if VERDICTS.index(standing.verdict) > VERDICTS.index(worst):
            raise Refused(
                f"it {_worded(standing.verdict)}, and {standing.return_} is signed off up to "
                f"'{worst}'; send a corrected file"
            )
        left = unexplained_queries(platform, standing)
        if left:
            raise Refused(_left_text(left))
    kinds: list[tuple[EventKind, dict[str, Any]]] = [(EventKind.SIGNED_OFF, {})]
    if policy.acceptance == "automatic":
        kinds.append((EventKind.ACCEPTED, {"by_policy": True}))
    return _record(platform, standing, kinds, by)


def accept(platform: Platform, submission: str, by: str) -> Standing:
    """The requiring body takes it; the next run publishes it."""
    standing = platform.ledger.find(submission)
    policy = platform.catalogue.contract(standing.return_).statutory_return.policy
    if policy.acceptance == "person" and standing.state in (State.CHECKED, State.EXPLAINED):
        raise Refused(f"it is {standing.state}; it is accepted once it is signed off")
    return _record(platform, standing, [(EventKind.ACCEPTED, {})], by)


def send_back(platform: Platform, submission: str, comments: str, by: str) -> Standing:
    """Return it to the council with comments, which are mandatory."""
    return _with_reason(platform, submission, EventKind.RETURNED, comments, by)


def withdraw(platform: Platform, submission: str, reason: str, by: str) -> Standing:
    """The council takes it back; if it was current, nothing is current in its place."""
    return _with_reason(platform, submission, EventKind.WITHDRAWN, reason, by)


def reopen(platform: Platform, submission: str, reason: str, by: str) -> Standing:
    """Have it checked anew by the next run; what was explained and confirmed is forgotten."""
    standing = platform.ledger.find(submission)
    if not standing.landed:
        raise Refused("its files were never read; send them again")
    return _with_reason(platform, submission, EventKind.REOPENED, reason, by)


def confirm(platform: Platform, submission: str, reason: str, by: str) -> Standing:
    """A person says that a held delivery is as it should be; it goes on from there."""
    return _with_reason(platform, submission, EventKind.CONFIRMED, reason, by)


def grant_exception(
    platform: Platform, key: Key, until: date, reason: str, by: str
) -> list[Standing]:
    """Let a council deliver to a locked collection to the end of a day.

    What the lock refused and the exception covers is reopened; these come back.
    """
    detail = {"until": until.isoformat(), "reason": reason}
    granted = Event.of(EventKind.GRANTED, "", key, by, detail=detail, at=platform.clock())
    standings = platform.ledger.state().standings.values()
    locked = [
        each
        for each in standings
        if each.key == key and each.state is State.REJECTED and each.hold == LOCKED
    ]
    events = [
        Event.of(
            EventKind.REOPENED,
            each.submission,
            key,
            by,
            detail={"reason": f"an exception was granted: {reason}"},
            at=platform.clock(),
        )
        for each in locked
    ]
    record_or_refuse(platform, [granted, *events])
    return [platform.ledger.find(each.submission) for each in locked]


def _with_reason(
    platform: Platform, submission: str, kind: EventKind, reason: str, by: str
) -> Standing:
    if not reason.strip():
        raise Refused("say why: a reason is kept with it")
    standing = platform.ledger.find(submission)
    return _record(platform, standing, [(kind, {"reason": reason.strip()})], by)


def _record(
    platform: Platform,
    standing: Standing,
    kinds: Sequence[tuple[EventKind, dict[str, Any]]],
    by: str,
) -> Standing:
    events = [
        Event.of(kind, standing.submission, standing.key, by, detail=detail, at=platform.clock())
        for kind, detail in kinds
    ]
    record_or_refuse(platform, events)
    return platform.ledger.find(standing.submission)


def _worded(verdict: str) -> str:
    return "is rejected" if verdict == "rejected" else verdict


def _left_text(left: Sequence[Unexplained]) -> str:
    counts = Counter({f"{each.code} of {each.table}": each.count for each in left})
    named = ", ".join(f"{name} ({count:,})" for name, count in counts.most_common(MOST_NAMED))
    more = f" and {len(left) - MOST_NAMED} more rules" if len(left) > MOST_NAMED else ""
    return f"queries are not explained yet: {named}{more}; say why with lgdp explain, or correct"
