"""What holds of the ledger whatever happens: any events, in any order, in any portions."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from lgdp.ledger.event import Event, EventKind, Key
from lgdp.ledger.fold import Folding, fold
from lgdp.ledger.ledger_state import EMPTY, LedgerState
from lgdp.ledger.state import State
from tests.unit.ledger.stories import KEY, OTHER, check, event

# Two submissions compete for one key, and one has the other key.
SUBMISSIONS: dict[str, Key] = {"s1": KEY, "s2": KEY, "s3": KEY, "s4": OTHER}

details = {
    EventKind.CHECKED: st.builds(
        check, st.sampled_from(["r1", "r2"]), st.sampled_from(["clean", "has errors", "rejected"])
    ),
    EventKind.PUBLISHED: st.fixed_dictionaries({"ruleset": st.sampled_from(["r1", "r2", ""])}),
    EventKind.HELD: st.sampled_from([{}, {"hold": "SMALLER"}, {"ruleset": "r1"}]),
    EventKind.EXPLAINED: st.sampled_from([{}, {"explanations": [{"code": "101", "text": "so"}]}]),
    EventKind.GRANTED: st.sampled_from([{}, {"until": "2026-12-31", "reason": "flood"}]),
    EventKind.RECEIVED: st.sampled_from([{}, {"version": 2}]),
    EventKind.ROLLED_BACK: st.one_of(
        st.just({}),
        st.fixed_dictionaries({"to": st.sampled_from([None, *SUBMISSIONS])}),
    ),
}


@st.composite
def one_event(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(list(EventKind)))
    submission = draw(st.sampled_from(list(SUBMISSIONS)))
    key = SUBMISSIONS[submission] if draw(st.integers(0, 9)) else KEY
    name = draw(st.uuids()).hex
    return event(kind, submission, draw(details.get(kind, st.just({}))), key, name=name)


# Events that lead somewhere come first more often than chance would have it.
WAY = ("received", "landed", "checked", "published")
stories = st.lists(
    st.one_of(
        st.builds(lambda one: [one], one_event()),
        st.builds(
            lambda submission, steps: [
                event(kind, submission, key=SUBMISSIONS[submission]) for kind in WAY[:steps]
            ],
            st.sampled_from(list(SUBMISSIONS)),
            st.integers(2, 4),
        ),
    ),
    max_size=12,
).map(lambda parts: [each for part in parts for each in part])


def check_state(state: LedgerState, events: Sequence[Event]) -> None:
    published = {
        standing.key: standing for standing in state.standings.values()
        if standing.state is State.PUBLISHED
    }  # fmt: skip
    count = sum(each.state is State.PUBLISHED for each in state.standings.values())
    # At most one is current for a key, and it is the one in the state `published`.
    assert count == len(published) == len(state.current)
    for key, (submission, ruleset) in state.current.items():
        assert published[key].submission == submission
        assert published[key].ruleset == ruleset
        check_ = published[key].check
        assert published[key].nil or (check_ is not None and check_.verdict != "rejected")
    for standing in state.standings.values():
        if standing.state is not State.WITHDRAWN:
            assert (standing.state is State.SUPERSEDED) == (standing.superseded_by is not None)
        # What was never current can't become it by a rollback.
        assert standing.superseded_turn < 0 or standing.published_at is not None
    # No event is lost: each changed something, or is refused with a reason.
    refused = {refusal.event.id for refusal in state.refused}
    assert state.seen == {each.id for each in events}
    assert state.turns + len(refused) == len(state.seen)
    assert all(refusal.reason for refusal in state.refused)
    heard = {
        each.submission
        for each in events
        if each.id not in refused and each.event is not EventKind.GRANTED
    }
    assert set(state.standings) == heard


@settings(max_examples=150, deadline=None)
@given(stories)
def test_one_at_most_is_current_and_nothing_is_lost(events: list[Event]) -> None:
    state = EMPTY
    for count, each in enumerate(events, start=1):
        state = fold([each], state)
        check_state(state, events[:count])


@settings(max_examples=100, deadline=None)
@given(stories, st.lists(st.integers(0, 25), max_size=4))
def test_portions_make_no_difference(events: list[Event], cuts: list[int]) -> None:
    at_once = fold(events)
    state = EMPTY
    edges = [0, *sorted(min(cut, len(events)) for cut in cuts), len(events)]
    for start, end in itertools.pairwise(edges):
        state = fold(events[start:end], state)
    assert state == at_once


@settings(max_examples=100, deadline=None)
@given(stories, st.data())
def test_an_id_counts_once(events: list[Event], data: st.DataObject) -> None:
    again = [
        each
        for place, one in enumerate(events)
        for each in [one, *data.draw(st.lists(st.sampled_from(events[: place + 1]), max_size=2))]
    ]
    assert fold(again) == fold(events)


@settings(max_examples=100, deadline=None)
@given(stories)
def test_what_the_ledger_would_record_is_never_refused_later(events: list[Event]) -> None:
    folding = Folding()
    recorded = []
    for each in events:
        settled = folding.settled(each)
        if folding.apply(settled) is None:
            recorded.append(settled)
    state = fold(recorded)
    assert state.refused == ()
    assert state.current == fold(events).current
    assert state.standings == fold(events).standings
