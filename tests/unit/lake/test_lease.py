"""One process at a time."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from lgdp.errors import LeaseHeld, LeaseLost
from lgdp.lake.door import Door
from lgdp.lake.holder import Holder
from lgdp.lake.lease import hold
from lgdp.lake.lease_book import Holding, LeaseBook
from tests.processes import race, start
from tests.unit.lake.racing import count_under_lease, hold_and_die


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door.open(tmp_path / "lake")


@pytest.fixture
def me() -> Holder:
    return Holder.here("anna", "building gold")


def elsewhere(who: str = "ben") -> Holder:
    return Holder("other-host", "0" * 16, 4711, 1000.0, who, "a test")


def take(door: Door, holder: Holder, until: datetime) -> None:
    book = LeaseBook(door)
    _, version = book.newest("gold")
    since = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    book.write("gold", Holding("their-lease", "taken", holder, since, until), version)


def test_a_lease_is_held_and_given_back(door: Door, me: Holder) -> None:
    with hold(door, "gold", me) as lease:
        lease.check()
        newest, version = LeaseBook(door).newest("gold")
        assert newest is not None
        assert (newest.action, newest.holder, version) == ("taken", me, 1)
        assert newest.until - newest.since == timedelta(seconds=60)
    newest, _ = LeaseBook(door).newest("gold")
    assert newest is not None
    assert newest.action == "released"
    with hold(door, "gold", me):
        pass


def test_two_names_are_two_leases(door: Door, me: Holder) -> None:
    with hold(door, "gold", me), hold(door, "silver", me) as lease:
        lease.check()


def test_who_holds_it_is_said(door: Door, me: Holder) -> None:
    another = hold(door, "gold", Holder.here("ben", "another build"))
    with hold(door, "gold", me) as lease:
        until = lease.until
        with pytest.raises(LeaseHeld) as caught, another:
            pass
    since = until - timedelta(seconds=60)
    assert str(caught.value) == (
        f"the lease 'gold' of the lake {door.uri} is held by anna for building gold "
        f"(host {socket.gethostname()}, process {os.getpid()}) "
        f"since {since:%Y-%m-%d %H:%M:%S} UTC until {until:%Y-%m-%d %H:%M:%S} UTC"
    )


def test_a_second_one_waits_and_says_so_once(door: Door, me: Holder) -> None:
    told: list[str] = []
    take(door, elsewhere(), datetime.now(UTC) + timedelta(seconds=1.2))
    start = time.monotonic()
    with hold(door, "gold", me, wait=30, on_wait=told.append):
        waited = time.monotonic() - start
    assert 0.5 < waited < 20
    assert len(told) == 1
    assert told[0].startswith(f"the lease 'gold' of the lake {door.uri} is held by ben for a test")
    assert "since 2026-11-24 09:30:00 UTC" in told[0]


def test_waiting_ends(door: Door, me: Holder) -> None:
    take(door, elsewhere(), datetime.now(UTC) + timedelta(seconds=60))
    start = time.monotonic()
    with pytest.raises(LeaseHeld), hold(door, "gold", me, wait=0.7):
        pass
    assert 0.7 <= time.monotonic() - start < 20


def test_what_ran_out_may_be_taken(door: Door, me: Holder) -> None:
    take(door, elsewhere(), datetime.now(UTC) - timedelta(seconds=1))
    with hold(door, "gold", me) as lease:
        lease.check()


def test_a_killed_holder_on_this_machine_is_found_out_at_once(door: Door, me: Holder) -> None:
    process = start(hold_and_die, door.uri, "gold", 3600.0)
    process.join(120)
    assert process.exitcode == -9
    newest, _ = LeaseBook(door).newest("gold")
    assert newest is not None
    assert newest.until > datetime.now(UTC) + timedelta(minutes=30)
    with hold(door, "gold", me) as lease:
        lease.check()


def test_a_lease_is_renewed_for_as_long_as_it_is_held(door: Door, me: Holder) -> None:
    with hold(door, "gold", me, ttl=1.5) as lease:
        first = lease.until
        time.sleep(2.5)
        lease.check()
        assert lease.until > first + timedelta(seconds=1)
        with pytest.raises(LeaseHeld), hold(door, "gold", me):
            pass


def test_a_lease_that_was_taken_over_is_lost_for_good(door: Door, me: Holder) -> None:
    with hold(door, "gold", me) as lease:
        until = datetime(2099, 1, 1, tzinfo=UTC)
        take(door, elsewhere(), until)
        for _ in range(2):
            with pytest.raises(LeaseLost) as caught:
                lease.check()
            assert str(caught.value) == (
                f"the lease 'gold' of the lake {door.uri} ran out here and was taken over: it is "
                "held by ben for a test (host other-host, process 4711) "
                "since 2026-11-24 09:30:00 UTC until 2099-01-01 00:00:00 UTC"
            )
    # Giving it back did not touch what is not ours any more.
    newest, _ = LeaseBook(door).newest("gold")
    assert newest is not None
    assert (newest.lease, newest.action) == ("their-lease", "taken")


def test_who_is_dead(me: Holder) -> None:
    assert not me.is_dead()
    assert replace(me, started=me.started - 100).is_dead()
    unused = max(psutil.pids()) + 100_000
    assert replace(me, pid=unused).is_dead()
    assert not replace(me, pid=unused, machine="0" * 16).is_dead()


def check_that_one_at_a_time_counts(uri: str, path: Path) -> None:
    path.write_text("0")
    race(count_under_lease, 3, uri, str(path), 4)
    assert path.read_text() == "12"


def test_one_process_at_a_time(tmp_path: Path) -> None:
    check_that_one_at_a_time_counts(str(tmp_path / "lake"), tmp_path / "count")


@pytest.mark.slow
def test_one_process_at_a_time_on_s3(s3_lake: str, tmp_path: Path) -> None:
    check_that_one_at_a_time_counts(s3_lake, tmp_path / "count")
