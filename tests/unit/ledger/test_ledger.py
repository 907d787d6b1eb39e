"""The ledger as it is kept in a lake."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from lgdp.errors import LakeError, UnknownSubmission
from lgdp.lake.door import Door
from lgdp.lake.schemas import EVENTS, EVENTS_SCHEMA
from lgdp.lake.serial_log import SerialLog
from lgdp.ledger.event import EventKind, from_rows, to_rows
from lgdp.ledger.fold import fold
from lgdp.ledger.ledger import Ledger
from lgdp.ledger.ledger_state import EMPTY
from lgdp.ledger.state import State
from tests.processes import race
from tests.unit.ledger.racing import publish_own, publish_shared
from tests.unit.ledger.stories import KEY, event, up_to_published


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(Door.open(tmp_path / "lake"))


def test_a_lake_without_a_ledger(ledger: Ledger) -> None:
    assert ledger.state() == EMPTY
    assert ledger.history("s1") == []
    assert ledger.record([]).accepted == ()
    assert not Path(ledger.door.uri).exists()


def test_what_is_recorded_is_seen_by_all(ledger: Ledger) -> None:
    other = Ledger(ledger.door)
    other.state()
    recorded = ledger.record(up_to_published("s1"))
    assert [(each.event.value, each.seq, each.ordinal) for each in recorded.accepted] == [
        *(("received", 1, 0), ("landed", 1, 1), ("checked", 1, 2), ("published", 1, 3)),
    ]
    for each in (ledger, other, Ledger(ledger.door)):
        assert each.state().current == {KEY: ("s1", "r1")}
        assert each.state().version == 1
        assert each.current().pairs == {("s1", "r1")}
        assert each.history("s1") == list(recorded.accepted)
    assert other.state() == ledger.state() == Ledger(ledger.door).state()


def test_what_is_refused_is_not_written(ledger: Ledger) -> None:
    ledger.record([event("received")])
    recorded = ledger.record([event("published"), event("landed"), event("landed")])
    assert [each.event for each in recorded.accepted] == [EventKind.LANDED]
    assert [refusal.reason for refusal in recorded.refused] == [
        "published is not allowed of a received submission, only of a checked or explained or "
        "signed_off or accepted or nil or published or superseded or rolled_back one",
        "landed is not allowed of a landed submission, only of a received one",
    ]
    assert ledger.state().version == 2
    only_refused = ledger.record([event("published")])
    assert (only_refused.accepted, len(only_refused.refused)) == ((), 1)
    assert ledger.state().version == 2


def test_recording_again_changes_nothing(ledger: Ledger) -> None:
    events = up_to_published("s1")
    ledger.record(events)
    before = ledger.state()
    again = Ledger(ledger.door).record(events)
    assert (again.accepted, again.known, again.refused) == ((), tuple(events), ())
    assert ledger.state() == before
    assert len(ledger.history("s1")) == 4


def test_a_rollback_says_what_it_restored(ledger: Ledger) -> None:
    ledger.record([*up_to_published("s1"), *up_to_published("s2")])
    ledger.record([event("rolled_back", "s2", {"reason": "wrong file"})])
    assert ledger.history("s2")[-1].detail == {"reason": "wrong file", "to": "s1"}
    ledger.record([event("rolled_back", "s1")])
    assert ledger.history("s1")[-1].detail == {"to": None}
    assert ledger.state().current == {}


def test_only_what_is_new_is_read(ledger: Ledger) -> None:
    writer = Ledger(ledger.door)
    for number in range(60):
        writer.record([event("received", f"s{number}")])
        assert len(ledger.state().standings) == number + 1
    assert list(ledger.state().standings) == [f"s{number}" for number in range(60)]
    assert ledger.state() == Ledger(ledger.door).state()


def test_submissions_are_found_by_the_beginning_of_their_id(ledger: Ledger) -> None:
    ledger.record([event("received", name) for name in ("ab12", "ab34", "cd56")])
    assert ledger.find("ab12").submission == "ab12"
    assert ledger.find(" AB3 ").submission == "ab34"
    assert ledger.find("c").state is State.RECEIVED
    for prefix, text in (
        ("ab", "2 submissions have an id that begins with 'ab': ab12, ab34"),
        ("x", "no submission has an id that begins with 'x'"),
        ("", "no submission has an id that begins with ''"),
    ):
        with pytest.raises(UnknownSubmission) as caught:
            ledger.find(prefix)
        assert str(caught.value) == text
    ledger.record([event("received", f"ab{number}") for number in range(5, 9)])
    with pytest.raises(UnknownSubmission) as caught:
        ledger.find("ab")
    assert str(caught.value) == (
        "6 submissions have an id that begins with 'ab': ab12, ab34, ab5, ab6, ab7 and 1 more"
    )


def test_an_event_of_a_later_version_is_not_passed_over(ledger: Ledger) -> None:
    rows = to_rows([event("received")])
    place = rows.column_names.index("event")
    log = SerialLog(ledger.door, EVENTS, EVENTS_SCHEMA)
    log.append(rows.set_column(place, "event", [["beatified"]]), -1)
    with pytest.raises(LakeError) as caught:
        ledger.state()
    assert str(caught.value) == (
        "the ledger has an event 'beatified', which this version of the platform does not know"
    )


def test_a_thousand_submissions_at_once(ledger: Ledger) -> None:
    events = [each for number in range(1000) for each in up_to_published(f"s{number}")]
    start = time.process_time()
    recorded = ledger.record(events)
    assert len(recorded.accepted) == 4000
    assert ledger.state().current == {KEY: ("s999", "r1")}
    assert time.process_time() - start < 5


def check_writers(uri: str, writers: int, times: int) -> None:
    results = race(publish_own, writers, uri, times)
    assert [done + len(reasons) for done, reasons in results] == [4 * times] * writers
    # One that was received before another's, and is to be published after it, comes too late.
    late = [reason for _, reasons in results for reason in reasons]
    assert all(reason.endswith("which came later, is current") for reason in late)
    state = Ledger(Door.open(uri)).state()
    assert state.refused == ()
    assert state.turns == writers * times * 4 - len(late)
    states = Counter(each.state for each in state.standings.values())
    assert states.pop(State.CHECKED, 0) == len(late)
    assert states == {State.PUBLISHED: 1, State.SUPERSEDED: writers * times - len(late) - 1}
    rows, _ = SerialLog(Door.open(uri), EVENTS, EVENTS_SCHEMA).read()
    in_series = EMPTY
    for each in from_rows(rows):
        in_series = fold([each], in_series)
    assert in_series.standings == state.standings
    assert in_series.current == state.current


def test_several_writers_lose_nothing(tmp_path: Path) -> None:
    check_writers(str(tmp_path), 3, 3)


@pytest.mark.slow
def test_several_writers_lose_nothing_on_s3(s3_lake: str) -> None:
    check_writers(s3_lake, 2, 2)


def test_one_of_several_writers_does_what_can_be_done_once(tmp_path: Path) -> None:
    done = [kind for each in race(publish_shared, 3, str(tmp_path)) for kind in each]
    counts = Counter(done)
    assert (counts["received"], counts["landed"], counts["published"]) == (1, 1, 1)
    # Checking again is allowed, and harmless.
    assert 1 <= counts["checked"] <= 3
    assert Ledger(Door.open(tmp_path)).state().current == {KEY: ("shared", "r1")}
