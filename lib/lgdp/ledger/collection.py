"""What a council owes and until when: the three dates of a collection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lgdp.ledger.event import Key

LONDON = ZoneInfo("Europe/London")


class Window(StrEnum):
    """Whether a delivery is taken: not yet, in time, late, or not any more."""

    EARLY = "early"
    OPEN = "open"
    LATE = "late"
    LOCKED = "locked"


@dataclass(frozen=True)
class Collection:
    """What one council owes, or does not, for one return and period.

    Each date means the end of that day in Europe/London; None means never. Until `due` a delivery
    is on time, after `closes` it is late but still taken, after `locked` it is refused. Before the
    beginning of `opens` it is early.
    """

    return_: str
    period: str
    council: str
    due: date | None
    closes: date | None = None
    locked: date | None = None
    owed: bool = True
    opens: date | None = None

    @property
    def key(self) -> Key:
        """What a submission to it is current for."""
        return Key(self.return_, self.period, self.council)

    def window(self, at: datetime) -> Window:
        """Whether a delivery at this moment (of any time zone) is taken."""
        if self.opens is not None and not is_past(self.opens - timedelta(days=1), at):
            return Window.EARLY
        if is_past(self.locked, at):
            return Window.LOCKED
        return Window.LATE if is_past(self.closes or self.due, at) else Window.OPEN


def is_past(day: date | None, at: datetime) -> bool:
    """Whether a day was over in London at a moment.

    >>> from datetime import UTC
    >>> is_past(date(2026, 7, 31), datetime(2026, 7, 31, 22, 59, tzinfo=UTC))
    False
    >>> is_past(date(2026, 7, 31), datetime(2026, 7, 31, 23, 0, tzinfo=UTC))
    True
    """
    if day is None:
        return False
    return at >= datetime.combine(day + timedelta(days=1), time.min, LONDON)
