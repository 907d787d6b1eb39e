"""The ledger of a lake: what its events add up to, and the only way to add one."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow.compute as pc

from lgdp.errors import ConcurrentWrite, UnknownSubmission
from lgdp.lake.current import Current
from lgdp.lake.door import Door
from lgdp.lake.schemas import EVENTS, EVENTS_SCHEMA
from lgdp.lake.serial_log import SerialLog
from lgdp.ledger.event import Event, from_rows, to_rows
from lgdp.ledger.fold import Folding, fold
from lgdp.ledger.ledger_state import EMPTY, LedgerState, Refusal
from lgdp.ledger.standing import Standing

# How long to go on when others keep writing first, in seconds; a commit takes about 0.02.
PATIENCE = 60.0


@dataclass(frozen=True)
class Recorded:
    """What became of events: in the log now, in it before (by id), or refused with a reason."""

    accepted: tuple[Event, ...]
    known: tuple[Event, ...]
    refused: tuple[Refusal, ...]


class Ledger:
    """The ledger kept in a lake. Any number of processes may read and record at once."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self._log = SerialLog(door, EVENTS, EVENTS_SCHEMA)
        self._state = EMPTY
        self._last = -1

    def state(self) -> LedgerState:
        """Where everything stands now; reads only what was added since the last time."""
        rows, version = self._log.read(after=self._last)
        if version < self._state.version:  # another lake was put in its place
            self._state, self._last = EMPTY, -1
            rows, version = self._log.read()
        if version != self._state.version:
            self._state = fold(from_rows(rows), self._state, version)
            self._last = version
        return self._state

    def current(self) -> Current:
        """The (submission, ruleset) pairs whose rows count."""
        return Current(self.state().current.values())

    def record(self, events: Sequence[Event]) -> Recorded:
        """Add the events that are allowed, in their order and in one commit.

        Each is judged in the state that those before it leave. When another process writes in
        between, all are judged again on what it wrote, so the log never holds two events that do
        not go together. ConcurrentWrite when others keep coming first for a minute.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            state = self.state()
            recorded = _judged(events, state)
            if not recorded.accepted:
                return recorded
            try:
                version = self._log.append(to_rows(recorded.accepted), state.version)
            except ConcurrentWrite:
                if time.monotonic() > deadline:
                    raise
                time.sleep(random.uniform(0.0, 0.2))  # noqa: S311
                continue
            accepted = tuple(
                replace(event, seq=version, ordinal=ordinal)
                for ordinal, event in enumerate(recorded.accepted)
            )
            self._state = fold(accepted, state, version)
            self._last = version
            return replace(recorded, accepted=accepted)

    def find(self, prefix: str) -> Standing:
        """The submission whose id begins with these characters; UnknownSubmission if not one."""
        wanted = prefix.strip().lower()
        found = [each for name, each in self.state().standings.items() if name.startswith(wanted)]
        if not wanted or not found:
            raise UnknownSubmission(f"no submission has an id that begins with {prefix!r}")
        if len(found) > 1:
            names = ", ".join(each.submission for each in found[:5])
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            raise UnknownSubmission(
                f"{len(found)} submissions have an id that begins with {prefix!r}: {names}{more}"
            )
        return found[0]

    def events(self, until: int | None = None) -> list[Event]:
        """The events of all submissions up to a version (included), in the order of the log."""
        rows, _ = self._log.read()
        return from_rows(rows if until is None else rows.filter(pc.field("seq") <= until))

    def history(self, submission: str) -> list[Event]:
        """The events of a submission, in the order of the log."""
        rows, _ = self._log.read()
        return from_rows(rows.filter(pc.field("submission") == submission))


def _judged(events: Sequence[Event], state: LedgerState) -> Recorded:
    folding = Folding(state)
    accepted: list[Event] = []
    known: list[Event] = []
    refused: list[Refusal] = []
    for event in events:
        if folding.has(event):
            known.append(event)
            continue
        settled = folding.settled(event)
        if (refusal := folding.apply(settled)) is None:
            accepted.append(settled)
        else:
            refused.append(refusal)
    return Recorded(tuple(accepted), tuple(known), tuple(refused))
