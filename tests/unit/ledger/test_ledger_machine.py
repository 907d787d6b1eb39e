"""Several writers at one real ledger, doing whatever they like in any order."""

from __future__ import annotations

import tempfile
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lgdp.lake.door import Door
from lgdp.ledger.event import EventKind
from lgdp.ledger.fold import fold
from lgdp.ledger.ledger import Ledger
from lgdp.ledger.state import State, next_state
from tests.unit.ledger.stories import KEY, OTHER, check, event

SUBMISSIONS = {"s1": KEY, "s2": KEY, "s3": KEY, "s4": OTHER}
WRITERS = 3
names = st.sampled_from(list(SUBMISSIONS))
writers = st.integers(0, WRITERS - 1)


class Writers(RuleBasedStateMachine):
    """Writers that each know the ledger as they last read it, and one that sees everything."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.writers = [Ledger(Door.open(self._folder.name)) for _ in range(WRITERS)]
        self.accepted: list[Any] = []
        self.received: set[str] = set()

    def teardown(self) -> None:
        self._folder.cleanup()

    def record(self, writer: int, *events: Any) -> None:
        before = self.writers[writer].state()
        recorded = self.writers[writer].record(events)
        assert len(recorded.accepted) + len(recorded.known) + len(recorded.refused) == len(events)
        assert all(refusal.reason for refusal in recorded.refused)
        if not recorded.accepted:
            assert self.writers[writer].state() == before
        self.accepted += recorded.accepted

    @rule(writer=writers, name=names)
    def receive(self, writer: int, name: str) -> None:
        self.received.add(name)
        self.record(writer, event("received", name, key=SUBMISSIONS[name]))

    @rule(writer=writers, name=names, verdict=st.sampled_from(["clean", "has errors", "rejected"]))
    def land_and_check(self, writer: int, name: str, verdict: str) -> None:
        key = SUBMISSIONS[name]
        kinds = [event("landed", name, key=key), event("checked", name, check("r1", verdict), key)]
        if verdict == "rejected":
            kinds.append(event("rejected", name, key=key))
        self.record(writer, *kinds)

    @rule(
        writer=writers,
        name=names,
        kind=st.sampled_from([kind for kind in EventKind if kind not in ("checked", "granted")]),
    )
    def do_something(self, writer: int, name: str, kind: EventKind) -> None:
        if kind is EventKind.RECEIVED:
            self.received.add(name)
        detail = {"hold": "SMALLER"} if kind is EventKind.HELD else None
        self.record(writer, event(kind, name, detail, SUBMISSIONS[name]))

    @rule(writer=writers, name=names)
    def publish(self, writer: int, name: str) -> None:
        self.record(writer, event("published", name, key=SUBMISSIONS[name]))

    @rule(writer=writers)
    def repeat_everything(self, writer: int) -> None:
        count = len(self.accepted)
        self.record(writer, *self.accepted)
        assert len(self.accepted) == count

    @invariant()
    def all_see_the_same(self) -> None:
        first, *others = [writer.state() for writer in self.writers]
        assert all(other == first for other in others)
        # What was accepted, in the order it was accepted in, is the whole story.
        told = fold(self.accepted)
        assert told.refused == ()
        assert (told.standings, told.current) == (first.standings, first.current)

    @invariant()
    def no_submission_is_lost_and_none_half_shown(self) -> None:
        state = self.writers[0].state()
        # `nil` may be the first that is heard of one, as `received` may.
        assert self.received <= set(state.standings)
        published = {
            each.submission for each in state.standings.values() if each.state == "published"
        }
        assert published == {submission for submission, _ in state.current.values()}
        for submission, ruleset in state.current.values():
            standing = state.standings[submission]
            assert standing.nil or standing.checks[ruleset].verdict != "rejected"

    @invariant()
    def every_state_has_a_way_on(self) -> None:
        for standing in self.writers[0].state().standings.values():
            ways = [kind for kind in EventKind if next_state(standing.state, kind) is not None]
            assert set(ways) > {EventKind.DUPLICATE} or standing.state is State.WITHDRAWN


TestWriters = Writers.TestCase
TestWriters.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
