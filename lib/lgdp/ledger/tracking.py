"""Who owes what, what came and when, and five measures of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from lgdp.ledger.collection import Collection, is_past
from lgdp.ledger.event import Key
from lgdp.ledger.ledger_state import LedgerState
from lgdp.ledger.standing import Standing, Verdict
from lgdp.ledger.state import State

# What was sent back as unreadable, or taken back, is no delivery.
_NOT_DELIVERED = (State.REJECTED, State.WITHDRAWN)


@dataclass(frozen=True)
class Status:
    """How one council stands with one collection.

    `state` is `awaited`, `overdue`, `not owed`, or that of the submission that stands: the
    current one, else the latest. Verdict and numbers are of that one. `received` (UTC) is when
    the first complete delivery came, or the latest attempt while there is none. `on_time` is None
    where no date is set, and while nothing came and there is time left (or nothing is owed).
    """

    return_: str
    period: str
    council: str
    owed: bool
    due: date | None
    closes: date | None
    locked: date | None
    received: datetime | None
    delivered: bool
    on_time: bool | None
    state: str
    submission: str | None
    verdict: Verdict | None
    nil: bool
    rows: int
    errors: int
    queries: int


@dataclass(frozen=True)
class Measures:
    """The five reporting measures of one return and period, over the councils that owe it.

    Rates are shares from 0 to 1, None when nobody owes it.
    """

    return_: str
    period: str
    expected: int
    actual: int
    on_time: int
    rate: float | None
    rate_on_time: float | None


def track(collections: Iterable[Collection], ledger: LedgerState, now: datetime) -> list[Status]:
    """One status for each return, period and council, ordered by these.

    A submission to what is not among the collections has a status too, as not owed.
    """
    by_key: dict[Key, list[Standing]] = defaultdict(list)
    for standing in ledger.standings.values():
        by_key[standing.key].append(standing)
    wanted = {each.key: each for each in collections}
    unasked = (Collection(*key, due=None, owed=False) for key in by_key if key not in wanted)
    every = [*wanted.values(), *unasked]
    return [
        _status(each, by_key[each.key], ledger.current, now)
        for each in sorted(every, key=lambda collection: collection.key)
    ]


def measure(statuses: Iterable[Status]) -> list[Measures]:
    """The measures of every return and period, ordered by these."""
    by_collection: dict[tuple[str, str], list[Status]] = defaultdict(list)
    for status in statuses:
        by_collection[status.return_, status.period].append(status)
    return [
        _measures(return_, period, [each for each in group if each.owed])
        for (return_, period), group in sorted(by_collection.items())
    ]


def _status(
    collection: Collection,
    standings: list[Standing],
    current: Mapping[Key, tuple[str, str]],
    now: datetime,
) -> Status:
    stands = _stands(collection.key, standings, current)
    deliveries = [each.received_at for each in standings if each.state not in _NOT_DELIVERED]
    first = min(deliveries, default=None)
    return Status(
        return_=collection.return_,
        period=collection.period,
        council=collection.council,
        owed=collection.owed,
        due=collection.due,
        closes=collection.closes,
        locked=collection.locked,
        received=first or (stands.received_at if stands else None),
        delivered=first is not None,
        on_time=_on_time(collection, first, now),
        state=stands.state.value if stands else _without(collection, now),
        submission=stands.submission if stands else None,
        verdict=stands.verdict if stands else None,
        nil=stands.nil if stands else False,
        rows=stands.rows if stands else 0,
        errors=stands.errors if stands else 0,
        queries=stands.queries if stands else 0,
    )


def _stands(
    key: Key, standings: list[Standing], current: Mapping[Key, tuple[str, str]]
) -> Standing | None:
    """The current submission, else the one that was heard of last."""
    submission = current[key][0] if key in current else None
    chosen = [each for each in standings if each.submission == submission] or standings
    return chosen[-1] if chosen else None


def _on_time(collection: Collection, first: datetime | None, now: datetime) -> bool | None:
    if collection.due is None:
        return None
    if first is not None:
        return not is_past(collection.due, first)
    return False if collection.owed and is_past(collection.due, now) else None


def _without(collection: Collection, now: datetime) -> str:
    if not collection.owed:
        return "not owed"
    return "overdue" if is_past(collection.due, now) else "awaited"


def _measures(return_: str, period: str, owed: list[Status]) -> Measures:
    expected = len(owed)
    actual = sum(each.delivered for each in owed)
    on_time = sum(each.on_time is True for each in owed)
    return Measures(
        return_,
        period,
        expected,
        actual,
        on_time,
        actual / expected if expected else None,
        on_time / expected if expected else None,
    )
