"""Who owes what, what came and when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lgdp.ledger.collection import Collection, Window, is_past
from lgdp.ledger.event import Event, EventKind, Key
from lgdp.ledger.fold import fold
from lgdp.ledger.ledger_state import LedgerState
from lgdp.ledger.tracking import Measures, Status, measure, track
from tests.unit.ledger.stories import check

DUE = date(2026, 7, 31)
BEFORE = datetime(2026, 7, 1, tzinfo=UTC)
AFTER = datetime(2026, 8, 15, tzinfo=UTC)
# British Summer Time: the due day ends an hour before midnight UTC.
LAST_MOMENT = datetime(2026, 7, 31, 22, 59, 59, 999_999, tzinfo=UTC)
TOO_LATE = datetime(2026, 7, 31, 23, 0, tzinfo=UTC)


def key(council: str) -> Key:
    return Key("looked_after", "2025-26", council)


def collection(council: str, due: date | None = DUE, *, owed: bool = True) -> Collection:
    return Collection(*key(council), due, date(2026, 8, 10), date(2026, 9, 30), owed)


def sent(council: str, submission: str, at: datetime, *kinds: str, **detail: Any) -> list[Event]:
    details: dict[str, dict[str, Any]] = {
        "checked": check(**detail),
        "published": {"ruleset": "r1"},
    }
    return [
        Event.of(EventKind(kind), submission, key(council), "anna", detail=details.get(kind), at=at)
        for kind in kinds
    ]


def state_of(*stories: list[Event]) -> LedgerState:
    state = fold([event for story in stories for event in story])
    assert state.refused == ()
    return state


def status_of(ledger: LedgerState, now: datetime, one: Collection) -> Status:
    (status,) = track([one], ledger, now)
    return status


PUBLISHED = ("received", "landed", "checked", "published")


def test_one_that_came_in_time() -> None:
    ledger = state_of(sent("A", "s1", LAST_MOMENT, *PUBLISHED, verdict="has queries", queries=4))
    assert status_of(ledger, AFTER, collection("A")) == Status(
        return_="looked_after",
        period="2025-26",
        council="A",
        owed=True,
        due=DUE,
        closes=date(2026, 8, 10),
        locked=date(2026, 9, 30),
        received=LAST_MOMENT,
        delivered=True,
        on_time=True,
        state="published",
        submission="s1",
        verdict="has queries",
        nil=False,
        rows=10,
        errors=0,
        queries=4,
    )


def test_the_due_day_ends_at_midnight_in_london() -> None:
    assert not is_past(DUE, LAST_MOMENT)
    assert is_past(DUE, TOO_LATE)
    winter = date(2026, 1, 31)
    assert not is_past(winter, datetime(2026, 1, 31, 23, 59, tzinfo=UTC))
    assert is_past(winter, datetime(2026, 2, 1, tzinfo=UTC))
    ledger = state_of(sent("A", "s1", TOO_LATE, *PUBLISHED))
    assert status_of(ledger, AFTER, collection("A")).on_time is False


@pytest.mark.parametrize(
    ("now", "due", "owed", "state", "on_time"),
    [
        (BEFORE, DUE, True, "awaited", None),
        (LAST_MOMENT, DUE, True, "awaited", None),
        (AFTER, DUE, True, "overdue", False),
        (AFTER, None, True, "awaited", None),
        (AFTER, DUE, False, "not owed", None),
    ],
)
def test_nothing_came(
    now: datetime, due: date | None, owed: bool, state: str, on_time: bool | None
) -> None:
    status = status_of(state_of(), now, collection("A", due, owed=owed))
    assert (status.state, status.on_time, status.delivered) == (state, on_time, False)
    assert (status.received, status.submission, status.rows) == (None, None, 0)


def test_a_rejected_one_is_no_delivery() -> None:
    ledger = state_of(sent("A", "s1", BEFORE, "received", "rejected"))
    status = status_of(ledger, BEFORE, collection("A"))
    assert (status.state, status.on_time, status.delivered) == ("rejected", None, False)
    assert status.received == BEFORE
    assert status_of(ledger, AFTER, collection("A")).on_time is False
    # The next one is late, however early the first attempt was.
    ledger = state_of(
        sent("A", "s1", BEFORE, "received", "rejected"), sent("A", "s2", TOO_LATE, *PUBLISHED)
    )
    status = status_of(ledger, AFTER, collection("A"))
    assert (status.state, status.on_time, status.received) == ("published", False, TOO_LATE)


def test_a_late_resubmission_leaves_it_in_time() -> None:
    ledger = state_of(
        sent("A", "s1", BEFORE, *PUBLISHED),
        sent("A", "s2", AFTER, *PUBLISHED, verdict="has errors", errors=2),
    )
    status = status_of(ledger, AFTER, collection("A"))
    assert (status.submission, status.errors) == ("s2", 2)
    assert (status.received, status.on_time) == (BEFORE, True)


def test_the_current_one_stands_while_a_newer_one_waits() -> None:
    ledger = state_of(
        sent("A", "s1", BEFORE, *PUBLISHED), sent("A", "s2", AFTER, "received", "landed")
    )
    assert status_of(ledger, AFTER, collection("A")).submission == "s1"
    ledger = state_of(
        sent("A", "s1", BEFORE, "received"), sent("A", "s2", AFTER, "received", "landed")
    )
    status = status_of(ledger, AFTER, collection("A"))
    assert (status.submission, status.state) == ("s2", "landed")


def test_a_nil_return_is_a_delivery() -> None:
    status = status_of(state_of(sent("A", "s1", BEFORE, "nil")), AFTER, collection("A"))
    assert (status.state, status.nil, status.delivered, status.on_time) == (
        *("nil", True, True, True),
    )


def test_one_taken_back_is_no_delivery() -> None:
    ledger = state_of(sent("A", "s1", BEFORE, *PUBLISHED, "withdrawn"))
    status = status_of(ledger, AFTER, collection("A"))
    assert (status.state, status.on_time, status.delivered) == ("withdrawn", False, False)


def test_what_nobody_asked_for_is_shown() -> None:
    ledger = state_of(sent("B", "s1", BEFORE, *PUBLISHED))
    statuses = track([collection("C"), collection("A")], ledger, AFTER)
    assert [(each.council, each.owed, each.state) for each in statuses] == [
        ("A", True, "overdue"),
        ("B", False, "published"),
        ("C", True, "overdue"),
    ]
    assert statuses[1].on_time is None


def test_the_five_measures() -> None:
    ledger = state_of(
        sent("A", "s1", BEFORE, *PUBLISHED),
        sent("B", "s2", TOO_LATE, *PUBLISHED),
        sent("C", "s3", BEFORE, "received", "rejected"),
        sent("E", "s4", BEFORE, *PUBLISHED),
    )
    owed = [collection(council) for council in "ABCD"]
    none = Collection("hl1", "2025-26", "A", DUE, owed=False)
    statuses = track([*owed, collection("E", owed=False), none], ledger, AFTER)
    assert measure(statuses) == [
        Measures("hl1", "2025-26", 0, 0, 0, None, None),
        Measures("looked_after", "2025-26", 4, 2, 1, 0.5, 0.25),
    ]
    assert measure([]) == []


@pytest.mark.parametrize(
    ("at", "window"),
    [
        (LAST_MOMENT, "open"),
        (TOO_LATE, "open"),
        (datetime(2026, 8, 10, 22, 59, tzinfo=UTC), "open"),
        (datetime(2026, 8, 10, 23, 0, tzinfo=UTC), "late"),
        (datetime(2026, 9, 30, 22, 59, tzinfo=UTC), "late"),
        (datetime(2026, 9, 30, 23, 0, tzinfo=UTC), "locked"),
    ],
)
def test_three_dates(at: datetime, window: str) -> None:
    assert collection("A").window(at) is Window(window)


def test_without_dates_nothing_is_ever_late() -> None:
    assert Collection(*key("A"), None).window(AFTER) is Window.OPEN
    assert Collection(*key("A"), DUE).window(AFTER) is Window.LATE
