"""Early, late, locked, and excepted from the lock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lgdp.errors import Refused
from lgdp.ledger.event import EventKind, Key
from lgdp.ledger.state import State
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.deciding import decide
from lgdp.pipeline.scheduler import InlineScheduler
from lgdp.pipeline.story import confirm, grant_exception
from lgdp.pipeline.tracking import statuses_of
from tests.small_return import FIFE, PERIOD, Delivery
from tests.unit.pipeline.desk import Desk

KEY = Key("looked_after", PERIOD, FIFE)
LATE = datetime(2025, 2, 3, 12, tzinfo=UTC)
LOCKED = datetime(2027, 8, 2, 12, tzinfo=UTC)


def check_again(desk: Desk) -> None:
    check_all(desk.platform, InlineScheduler())
    decide(desk.platform)


def test_c43_a_late_return_is_taken_and_marked(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.now = LATE
    sent = desk.send().standing
    assert sent.state is State.CHECKED
    assert desk.publish() == [sent.submission]
    status = next(each for each in statuses_of(desk.platform) if each.submission == sent.submission)
    assert (status.delivered, status.on_time, status.due) == (True, False, date(2024, 11, 27))


def test_c43_a_locked_collection_refuses_with_its_reason(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.now = LOCKED
    sent = desk.send().standing
    assert (sent.state, sent.hold, sent.verdict) == (State.REJECTED, "LOCKED", "clean")
    assert sent.reason == (
        "the collection looked_after 2023-24 was locked at the end of 2027-07-31; ask the "
        "requiring body for an exception (lgdp exception), after which it is checked again"
    )
    assert desk.publish() == []


def test_c43_an_exception_reopens_what_the_lock_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.now = LOCKED
    sent = desk.send().standing
    reopened = grant_exception(
        desk.platform, KEY, date(2027, 8, 31), "flood at the office", "berta"
    )
    assert [each.submission for each in reopened] == [sent.submission]
    check_again(desk)
    assert desk.standing(sent.submission).state is State.CHECKED
    assert desk.publish() == [sent.submission]
    granted = [each for each in desk.platform.ledger.history("") if each.event is EventKind.GRANTED]
    assert [(each.actor, each.detail["until"]) for each in granted] == [("berta", "2027-08-31")]


def test_c43_an_exception_is_of_one_council_and_ends(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    grant_exception(desk.platform, KEY, date(2027, 8, 2), "flood at the office", "berta")
    desk.now = LOCKED
    assert desk.send().standing.state is State.CHECKED
    assert desk.send(Delivery(council="S12000049")).standing.hold == "LOCKED"
    desk.now = datetime(2027, 8, 2, 23, 1, tzinfo=UTC)  # past midnight in London
    assert desk.send(Delivery(starts={"A1": "2023-10-01"})).standing.hold == "LOCKED"


def test_an_exception_needs_a_reason(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with pytest.raises(Refused, match="its detail is not that of an exception: reason"):
        grant_exception(desk.platform, KEY, date(2027, 8, 2), "", "berta")


def test_c43_an_early_return_is_held_until_somebody_confirms_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.now = datetime(2024, 6, 3, 12, tzinfo=UTC)
    sent = desk.send().standing
    assert (sent.state, sent.hold) == (State.HELD, "EARLY")
    assert sent.reason == (
        "the collection looked_after 2023-24 opens on 2024-07-31; see whether the period is "
        "right, and confirm it or send it under another one"
    )
    assert desk.publish() == []
    assert confirm(desk.platform, sent.submission, "trial", "anna").state is State.CHECKED
    assert decide(desk.platform) == {}
    assert desk.publish() == [sent.submission]


@pytest.mark.parametrize(("early", "state"), [("refused", "rejected"), ("taken", "checked")])
def test_c43_the_contract_says_what_early_means(tmp_path: Path, early: str, state: str) -> None:
    desk = Desk(tmp_path, early=early)
    desk.now = datetime(2024, 6, 3, 12, tzinfo=UTC)
    assert desk.send().standing.state == state


def test_the_first_day_is_not_early_and_the_last_not_locked(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.now = datetime(2024, 7, 30, 23, 0, tzinfo=UTC)  # midnight in London
    assert desk.send().standing.state is State.CHECKED
    desk.now = datetime(2027, 7, 31, 22, 59, tzinfo=UTC)
    assert desk.send(Delivery(starts={"A1": "2023-10-01"})).standing.state is State.CHECKED


def test_history_from_before_the_return_was_tracked_may_come_at_any_time(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.change_return(lambda content: content.update(tracked_from="2025-26"))
    desk.now = LOCKED
    assert desk.send().standing.state is State.CHECKED
