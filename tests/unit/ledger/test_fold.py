"""What events add up to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lgdp.errors import Refused
from lgdp.ledger.event import Event, EventKind, from_rows, to_rows
from lgdp.ledger.fold import fold
from lgdp.ledger.ledger_state import EMPTY
from lgdp.ledger.state import State
from tests.unit.ledger.stories import (
    KEY,
    OTHER,
    START,
    check,
    event,
    reasons,
    told,
    up_to_published,
)


def test_a_clean_submission_to_published() -> None:
    state = told(
        event("received", detail={"files": ["a.csv", "b.csv"]}),
        event("landed", minute=1),
        event("checked", detail=check(verdict="has queries", queries=3, notes=1), minute=2),
        event("published", minute=3),
    )
    standing = state.standings["s1"]
    assert standing.state is State.PUBLISHED
    assert (standing.return_, standing.period, standing.council) == KEY
    assert (standing.files, standing.rows, standing.silver, standing.quarantine) == (2, 10, 9, 1)
    assert (standing.verdict, standing.errors, standing.queries) == ("has queries", 0, 3)
    assert standing.received_at == START
    assert standing.published_at == standing.last_at == START + timedelta(minutes=3)
    assert state.current == {KEY: ("s1", "r1")}
    assert state.turns == 4


def test_the_whole_way_of_a_return_that_a_person_signs() -> None:
    kinds = ("received", "landed", "checked", "returned", "explained", "signed_off", "accepted")
    state = told(*(event(kind) for kind in kinds))
    assert state.standings["s1"].state is State.ACCEPTED
    assert state.current == {}
    assert fold([event("published")], state).current == {KEY: ("s1", "r1")}


def test_a_resubmission_supersedes_and_a_rollback_restores() -> None:
    first, second = up_to_published("s1"), up_to_published("s2", minute=10)
    state = told(*first, *second)
    assert state.current == {KEY: ("s2", "r1")}
    old, new = state.standings["s1"], state.standings["s2"]
    assert (old.state, old.superseded_by, old.last_at) == (State.SUPERSEDED, "s2", new.last_at)
    assert (new.state, new.supersedes) == (State.PUBLISHED, "s1")

    back = fold([event("rolled_back", "s2", {"reason": "wrong year"})], state)
    assert back.current == {KEY: ("s1", "r1")}
    old, new = back.standings["s1"], back.standings["s2"]
    assert (old.state, old.superseded_by) == (State.PUBLISHED, None)
    assert (new.state, new.supersedes, new.reason) == (State.ROLLED_BACK, None, "wrong year")

    again = fold([event("published", "s2")], back)
    assert again.current == {KEY: ("s2", "r1")}
    assert again.standings["s1"].superseded_by == "s2"


def test_rollbacks_go_back_one_by_one_and_then_to_none() -> None:
    events = [each for name in ("s1", "s2", "s3") for each in up_to_published(name)]
    state = told(*events)
    for submission, restored in (("s3", "s2"), ("s2", "s1"), ("s1", None)):
        state = fold([event("rolled_back", submission)], state)
        expected = {KEY: (restored, "r1")} if restored else {}
        assert state.current == expected
    assert state.refused == ()
    assert {each.state for each in state.standings.values()} == {State.ROLLED_BACK}


def test_a_rollback_passes_by_what_was_withdrawn() -> None:
    events = [each for name in ("s1", "s2", "s3") for each in up_to_published(name)]
    state = told(*events, event("withdrawn", "s2"), event("rolled_back", "s3"))
    assert state.current == {KEY: ("s1", "r1")}


def test_a_rollback_to_one_that_is_named() -> None:
    events = [each for name in ("s1", "s2", "s3") for each in up_to_published(name)]
    state = told(*events, event("rolled_back", "s3", {"to": "s1"}))
    assert state.current == {KEY: ("s1", "r1")}
    assert state.standings["s2"].state is State.SUPERSEDED
    assert told(*events, event("rolled_back", "s3", {"to": None})).current == {}


@pytest.mark.parametrize("to", ["s3", "s2", "nobody", ["s1"]])
def test_a_rollback_to_what_cannot_be_restored(to: object) -> None:
    events = [*up_to_published("s1"), *up_to_published("s2"), *up_to_published("s3", OTHER)]
    state = fold([*events, event("rolled_back", "s2", {"to": to})])
    assert reasons(state) == [f"{to} is not a superseded submission of {KEY}"]
    assert state.current[KEY] == ("s2", "r1")


def test_only_the_current_one_can_be_rolled_back() -> None:
    state = fold([*up_to_published("s1"), *up_to_published("s2"), event("rolled_back", "s1")])
    assert reasons(state) == [
        "rolled_back is not allowed of a superseded submission, only of a published one"
    ]


def test_what_was_withdrawn_is_current_no_more() -> None:
    state = told(*up_to_published("s1"), *up_to_published("s2"), event("withdrawn", "s2"))
    assert state.current == {}
    # The one before is not brought back by that: its council took the return back.
    assert state.standings["s1"].state is State.SUPERSEDED


def test_a_check_under_other_rules_counts_when_it_is_published() -> None:
    state = told(
        *up_to_published("s1"), event("checked", detail=check("r2", "has queries", queries=2))
    )
    assert state.current == {KEY: ("s1", "r1")}
    standing = state.standings["s1"]
    assert (standing.state, standing.verdict, standing.queries) == (State.PUBLISHED, "clean", 0)
    state = fold([event("published", detail={"ruleset": "r2"})], state)
    assert state.current == {KEY: ("s1", "r2")}
    standing = state.standings["s1"]
    assert (standing.state, standing.verdict, standing.queries) == (
        *(State.PUBLISHED, "has queries", 2),
    )
    # Rolling the submission back takes it back under every ruleset.
    assert fold([event("rolled_back")], state).current == {}


@pytest.mark.parametrize(
    ("before", "ruleset", "reason"),
    [
        ([], "r2", "it was never checked under ruleset r2"),
        ([], "", "it was never checked under ruleset "),
        (
            [event("checked", detail=check("r2", "rejected"))],
            "r2",
            "it is rejected under ruleset r2",
        ),
        ([event("published")], "r1", "it is current under ruleset r1 already"),
        (
            [event("published"), event("checked", detail=check("r2")), event("held")],
            "r2",
            "the audit holds it under ruleset r2 until it is checked again",
        ),
    ],
)
def test_what_cannot_be_published(before: list[Event], ruleset: str, reason: str) -> None:
    start = [event(kind) for kind in ("received", "landed", "checked")]
    state = told(*start, *before)
    after = fold([event("published", detail={"ruleset": ruleset})], state)
    assert reasons(after) == [reason]
    assert after.current == state.current
    assert after.standings == state.standings


def test_what_the_audit_held_is_published_after_another_check() -> None:
    start = [event(kind) for kind in ("received", "landed", "checked")]
    state = told(*start, event("held", detail={"reason": "rule X1: 3 and 4"}))
    standing = state.standings["s1"]
    assert (standing.state, standing.reason) == (State.HELD, "rule X1: 3 and 4")
    assert standing.held == {"r1"}
    refused = fold([event("published")], state)
    assert reasons(refused)[0].startswith("published is not allowed of a held submission")
    again = fold([event("checked"), event("published")], state)
    assert again.current == {KEY: ("s1", "r1")}
    assert again.standings["s1"].held == frozenset()


def test_a_nil_return_is_published_without_a_check() -> None:
    state = told(*up_to_published("s1"), event("nil", "s2"), event("published", "s2", {}))
    assert state.current == {KEY: ("s2", "")}
    assert state.standings["s2"].nil
    assert state.standings["s2"].rows == 0
    assert reasons(fold([event("published", "s2", {})], state)) == [
        "it is current under ruleset  already"
    ]


def test_a_duplicate_is_counted_and_changes_nothing_else() -> None:
    before = told(*up_to_published("s1"))
    after = fold([event("duplicate", minute=9)], before)
    expected = replace(before.standings["s1"], duplicates=1, last_at=START + timedelta(minutes=9))
    assert after.standings == {"s1": expected}
    assert after.current == before.current


def test_a_submission_belongs_to_one_collection() -> None:
    state = fold([event("received"), event("landed", key=OTHER)])
    assert reasons(state) == [
        "submission s1 is of ssda903 2017-18 S12000005, not of ssda903 2017-18 S12000006"
    ]
    assert state.standings["s1"].state is State.RECEIVED


@pytest.mark.parametrize(
    ("detail", "reason"),
    [
        ({}, "ruleset: Field required"),
        ({"ruleset": "r1"}, "verdict: Field required"),
        (
            check(verdict="fine"),
            "verdict: Input should be 'rejected', 'has errors', 'has queries' or 'clean'",
        ),
        (check(errors=-1), "errors: Input should be greater than or equal to 0"),
        ({**check(), "tables": {"t": {"rows": 1}}}, "tables.t.silver: Field required"),
    ],
)
def test_a_check_says_what_it_found(detail: dict[str, object], reason: str) -> None:
    state = fold([event("received"), event("landed"), event("checked", detail=detail)])
    assert reasons(state) == [f"its detail is not that of a check: {reason}"]
    assert state.standings["s1"].state is State.LANDED


def test_what_was_rejected_or_withdrawn_can_be_reopened() -> None:
    start = [event("received"), event("landed"), event("rejected", detail={"reason": "no rows"})]
    state = told(*start, event("reopened"))
    assert (state.standings["s1"].state, state.standings["s1"].reason) == (State.LANDED, None)
    state = told(*up_to_published("s1"), event("withdrawn"), event("reopened"))
    assert state.standings["s1"].state is State.LANDED
    state = fold([event("checked", detail=check("r2")), event("published")], state)
    assert state.current == {KEY: ("s1", "r1")}


def test_refused_events_are_kept_with_their_reason() -> None:
    refused = event("published", "s9")
    state = fold([refused])
    assert state.refused[0].event == refused
    assert reasons(state) == ["published is not allowed of a submission that was never received"]
    assert (state.standings, state.current, state.turns) == ({}, {}, 0)


def test_events_come_back_from_rows() -> None:
    events = [
        event("received", detail={"files": ["é.csv"], "size": 1}),
        Event.of(EventKind.LANDED, "s1", KEY, "anna"),
    ]
    rows = to_rows(events)
    assert rows.column_names[0] == "id"
    numbered = rows.append_column("seq", [[1, 1]]).append_column("ordinal", [[0, 1]])
    assert from_rows(numbered) == [
        replace(each, seq=1, ordinal=ordinal) for ordinal, each in enumerate(events)
    ]


def test_a_time_has_a_zone() -> None:
    with pytest.raises(Refused) as caught:
        replace(event("received"), at=START.replace(tzinfo=None))
    assert str(caught.value) == "the received of submission s1 has a time of no zone"


def test_the_empty_state_is_not_changed_by_folding() -> None:
    told(*up_to_published("s1"))
    assert (EMPTY.standings, EMPTY.current, EMPTY.seen) == ({}, {}, frozenset())
