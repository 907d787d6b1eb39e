"""A lease that lets one process at a time do something to a lake, kept where the lake is."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from lgdp.errors import ConcurrentWrite, LakeError, LeaseHeld, LeaseLost
from lgdp.lake.door import Door
from lgdp.lake.holder import Holder
from lgdp.lake.lease_book import Holding, LeaseBook

TTL = 60.0
POLL = 0.5


class Lease:
    """A lease that is held. It is renewed in the background; `check` before every write."""

    def __init__(self, book: LeaseBook, name: str, holding: Holding, ttl: float) -> None:
        self.name = name
        self._book = book
        self._holding = holding
        self._ttl = timedelta(seconds=ttl)
        self._lost: str | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"lease-{name}", daemon=True)
        self._thread.start()

    @property
    def until(self) -> datetime:
        """When it runs out unless it is renewed, UTC."""
        return self._holding.until

    def check(self) -> None:
        """Raise LeaseLost unless the lake still says that this process holds the lease."""
        with self._lock:
            self._extend("renewed", only_if_due=True)
            if self._lost:
                raise LeaseLost(self._lost)

    def release(self) -> None:
        """Give the lease back; nothing to do when it was lost."""
        self._stop.set()
        self._thread.join()
        # Out of reach of the lake it runs out by itself: no reason to fail what was done under it.
        with self._lock, suppress(LakeError):
            self._extend("released")

    def _renew(self) -> None:
        while not self._stop.wait(self._ttl.total_seconds() / 3):
            # A lake out of reach is tried again in the next turn; `check` sees what it led to.
            with self._lock, suppress(LakeError):
                self._extend("renewed")

    def _extend(self, action: str, *, only_if_due: bool = False) -> None:
        """Write an entry if the newest one is ours; else the lease is lost for good."""
        while self._lost is None:
            newest, version = self._book.newest(self.name)
            now = datetime.now(UTC)
            if newest is None or newest.lease != self._holding.lease:
                self._lost = self._loss(newest)
                return
            if only_if_due and now < newest.until - self._ttl / 2:
                return
            until = now if action == "released" else now + self._ttl
            holding = Holding(
                newest.lease, action, self._holding.holder, self._holding.since, until
            )
            with suppress(ConcurrentWrite):
                self._book.write(self.name, holding, version)
                self._holding = holding
                return

    def _loss(self, newest: Holding | None) -> str:
        where = f"the lease {self.name!r} of the lake {self._book.door.uri}"
        if newest is None:
            return f"{where} was removed while it was held here"
        return f"{where} ran out here and was taken over: it {newest}"


@contextmanager
def hold(
    door: Door,
    name: str,
    holder: Holder,
    *,
    ttl: float = TTL,
    wait: float = 0.0,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[Lease]:
    """Hold the lease `name` of a lake for the length of the block.

    Someone else's is waited for up to `wait` seconds (`on_wait` is called once, with who holds
    it), then LeaseHeld says who holds it, where, since when and until when. A holder that was
    killed is found out at once on the same machine, elsewhere after `ttl` seconds.

    Times are `time.time` of each host, in UTC. A host whose clock runs ahead by more than
    two thirds of `ttl` could take a lease that is still being renewed; `Lease.check` then raises
    in the process that lost it. Keep clocks within a few seconds (NTP), or `ttl` long.
    """
    lease = _take(door, name, holder, ttl, wait, on_wait)
    try:
        yield lease
    finally:
        lease.release()


def _take(
    door: Door,
    name: str,
    holder: Holder,
    ttl: float,
    wait: float,
    on_wait: Callable[[str], None] | None,
) -> Lease:
    book = LeaseBook(door)
    deadline = time.monotonic() + wait
    told = False
    while True:
        newest, version = book.newest(name)
        now = datetime.now(UTC)
        if newest is None or newest.is_over(now):
            until = now + timedelta(seconds=ttl)
            holding = Holding(uuid.uuid4().hex, "taken", holder, now, until)
            with suppress(ConcurrentWrite):
                book.write(name, holding, version)
                return Lease(book, name, holding, ttl)
            continue
        held = f"the lease {name!r} of the lake {door.uri} {newest}"
        left = deadline - time.monotonic()
        if left <= 0:
            raise LeaseHeld(held)
        if on_wait is not None and not told:
            on_wait(held)
            told = True
        time.sleep(min(POLL, left))
