"""A delivery that would take the place of another: out of order, the same, empty, smaller."""

from __future__ import annotations

from pathlib import Path

from lgdp.ledger.event import Event, EventKind
from lgdp.ledger.state import State
from lgdp.pipeline.deciding import decide
from lgdp.pipeline.publishing import publish, roll_back
from lgdp.pipeline.story import confirm, withdraw
from tests.small_return import Delivery
from tests.unit.pipeline.desk import Desk, many


def test_c40_the_same_content_again_is_a_duplicate(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    first = desk.send()
    again = desk.send()
    assert (first.is_duplicate, again.is_duplicate) == (False, True)
    assert again.standing.submission == first.standing.submission
    assert again.standing.duplicates == 1
    assert desk.states() == [State.CHECKED]


def test_c42_the_later_one_wins_whichever_is_published_first(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    first = desk.send().standing
    second = desk.send(Delivery(starts={"A1": "2023-10-01"})).standing
    assert (first.number, second.number) == (1, 2)
    assert publish(desk.platform, [second]) == [second.submission]
    assert publish(desk.platform, [first]) == []
    assert desk.current() == [second.submission]
    assert desk.states() == [State.SUPERSEDED, State.PUBLISHED]
    assert desk.standing(first.submission).superseded_by == second.submission


def test_c42_in_one_batch_the_later_one_is_left_standing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.send()
    second = desk.send(Delivery(starts={"A1": "2023-10-01"})).standing
    assert len(desk.publish()) == 2
    assert desk.current() == [second.submission]


def test_c42_what_was_overtaken_is_not_what_a_rollback_restores(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.send()
    second = desk.send(Delivery(starts={"A1": "2023-10-01"})).standing
    publish(desk.platform, [second])
    assert roll_back(desk.platform, second.submission, "wrong file") is None
    assert desk.current() == []


def test_c42_the_senders_own_number_counts_before_the_order_of_receipt(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    ledger, key = desk.platform.ledger, desk.send().standing.key
    for name, version in (("b" * 32, 7), ("c" * 32, 3)):
        ledger.record([Event.of(EventKind.RECEIVED, name, key, "x", detail={"version": version})])
    assert [each.number for each in ledger.state().standings.values()] == [1, 7, 3]


def test_c49_nothing_after_a_full_one_is_held_and_gold_keeps_its_rows(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    full = desk.send().standing
    desk.publish()
    nil = desk.send_nil().standing
    assert (nil.state, nil.hold) == (State.HELD, "EMPTY")
    assert nil.reason == (
        f"it holds no row, and would take the place of 8 rows of submission {full.submission}; "
        "confirm that there is nothing to report, or withdraw it"
    )
    assert desk.current() == [full.submission]


def test_c49_a_confirmed_nil_takes_its_place(tmp_path: Path) -> None:
    from lgdp.pipeline.auditing import publish_nils

    desk = Desk(tmp_path)
    desk.send()
    desk.publish()
    nil = desk.send_nil().standing
    assert publish_nils(desk.platform) == []
    assert confirm(desk.platform, nil.submission, "no child any more", "anna").state is State.NIL
    assert decide(desk.platform) == {}
    assert publish_nils(desk.platform) == [nil.submission]
    assert desk.current() == [nil.submission]


def test_a_nil_with_nothing_before_it_is_noted(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.send_nil().standing.state is State.NIL
    assert desk.current() == []


def test_c48_a_much_smaller_one_is_held(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    full = desk.send(many(10)).standing
    desk.publish()
    small = desk.send(many(4)).standing
    assert (small.state, small.hold) == (State.HELD, "SMALLER")
    assert small.reason == (
        f"it holds 16 rows, less than 50% of the 40 of submission {full.submission} that it would "
        "take the place of; confirm that it is whole, or withdraw it"
    )
    assert withdraw(desk.platform, small.submission, "half a file", "anna").state is State.WITHDRAWN
    assert desk.current() == [full.submission]


def test_c48_half_of_it_is_not_much_smaller(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.send(many(10))
    desk.publish()
    half = desk.send(many(5)).standing
    assert half.state is State.CHECKED
    assert desk.publish() == [half.submission]


def test_c48_the_share_is_the_contracts(tmp_path: Path) -> None:
    desk = Desk(tmp_path, smaller_than=0.95)
    desk.send(many(10))
    desk.publish()
    assert desk.send(many(9)).standing.hold == "SMALLER"
