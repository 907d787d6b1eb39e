"""When a collection opens, is due, closes and locks."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import model_validator

from lgdp.contracts.period import Period
from lgdp.contracts.strict import Strict

_SOME_END = date(2025, 3, 31)
"""A period's last day, to compare offsets by."""


class Offset(Strict):
    """A number of months and days counted from the last day of a period (months first)."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The date this long after `day`; a month's end is kept inside the month."""
        months = day.month - 1 + self.months
        year, month = day.year + months // 12, months % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(
            days=self.days
        )


class Window(Strict):
    """A return's dates, each counted from the last day of the period; all of them included.

    After `due` a submission is late, after `closes` late and chased, after `locked` refused.
    """

    opens: Offset = Offset()
    due: Offset
    closes: Offset
    locked: Offset

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        names = ("opens", "due", "closes", "locked")
        days = [getattr(self, name).after(_SOME_END) for name in names]
        for index in range(1, len(names)):
            if days[index] < days[index - 1]:
                raise ValueError(f"{names[index]} comes before {names[index - 1]}")
        return self


@dataclass(frozen=True)
class Deadlines:
    """The four dates of one collection."""

    opens: date
    due: date
    closes: date
    locked: date


def deadlines_of(window: Window, period: Period) -> Deadlines:
    """The dates of the collection of `period`."""
    return Deadlines(
        opens=window.opens.after(period.end),
        due=window.due.after(period.end),
        closes=window.closes.after(period.end),
        locked=window.locked.after(period.end),
    )
