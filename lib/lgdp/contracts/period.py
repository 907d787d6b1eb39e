"""Periods: what a submission covers, read from text such as `2025-26` or `2025-Q3`."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from lgdp.errors import UnknownPeriod

Frequency = Literal["annual", "quarterly", "monthly", "termly", "census"]

TERMS = ("spring", "summer", "autumn")
"""School terms in the order in which a calendar year holds them."""

TERM_DATES = {
    "spring": ((1, 1), (3, 31)),
    "summer": ((4, 1), (7, 31)),
    "autumn": ((8, 1), (12, 31)),
}

EXAMPLES = {
    "annual": "2025-26",
    "quarterly": "2025-Q3",
    "monthly": "2025-09",
    "termly": "2025-spring",
    "census": "2025-09-17",
}


@dataclass(frozen=True, order=True)
class Period:
    """One period of a return.

    Ordered by its first day. `start` and `end` are both inside the period. `text` is the
    canonical spelling, used in tables, paths and messages. `term` is null unless termly.
    """

    start: date
    end: date
    text: str
    term: str | None = None

    def __str__(self) -> str:
        return self.text

    @property
    def collection_year(self) -> int:
        """The calendar year in which an annual period ends; otherwise the year of its last day."""
        return self.end.year


def _annual(match: re.Match[str], first: tuple[int, int]) -> Period:
    year = int(match["year"])
    if int(match["next"]) != (year + 1) % 100:
        raise UnknownPeriod(f"{match['next']} does not follow {year}")
    start = date(year, *first)
    end = date(year + 1, *first) - timedelta(days=1)
    return Period(start, end, f"{year:04}-{match['next']}")


def _quarterly(match: re.Match[str], first: tuple[int, int]) -> Period:
    year, quarter = int(match["year"]), int(match["quarter"])
    months = (first[0] - 1) + 3 * (quarter - 1)
    start = date(year + months // 12, months % 12 + 1, 1)
    last = months + 2
    end_year, end_month = year + last // 12, last % 12 + 1
    end = date(end_year, end_month, monthrange(end_year, end_month)[1])
    return Period(start, end, f"{year:04}-Q{quarter}")


def _monthly(match: re.Match[str], first: tuple[int, int]) -> Period:
    year, month = int(match["year"]), int(match["month"])
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]), match[0])


def _termly(match: re.Match[str], first: tuple[int, int]) -> Period:
    year, term = int(match["year"]), match["term"].lower()
    start, end = TERM_DATES[term]
    return Period(date(year, *start), date(year, *end), f"{year:04}-{term}", term)


def _census(match: re.Match[str], first: tuple[int, int]) -> Period:
    day = date.fromisoformat(match[0])
    return Period(day, day, match[0])


READERS: dict[str, tuple[re.Pattern[str], Callable[[re.Match[str], tuple[int, int]], Period]]] = {
    "annual": (re.compile(r"(?P<year>[0-9]{4})[-/](?P<next>[0-9]{2})"), _annual),
    "quarterly": (re.compile(r"(?P<year>[0-9]{4})-[Qq](?P<quarter>[1-4])"), _quarterly),
    "monthly": (re.compile(r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])"), _monthly),
    "termly": (
        re.compile(r"(?P<year>[0-9]{4})-(?P<term>spring|summer|autumn)", re.I | re.A),
        _termly,
    ),
    "census": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), _census),
}


def read_period(text: str, frequency: Frequency, first_day: tuple[int, int] = (4, 1)) -> Period:
    """Read the text of a period.

    `first_day` is (month, day) on which an annual period, or the first quarter, starts: 1 April
    for financial years, 1 August for Scotland's Children Looked After return.

    Raises UnknownPeriod saying what was expected.

    >>> read_period("2017-18", "annual").end
    datetime.date(2018, 3, 31)
    >>> read_period("2025-Q4", "quarterly").start
    datetime.date(2026, 1, 1)
    """
    pattern, reader = READERS[frequency]
    match = pattern.fullmatch(text.strip())
    try:
        if match is None:
            raise UnknownPeriod("the text has another form")
        return reader(match, first_day)
    except (UnknownPeriod, ValueError) as error:
        raise UnknownPeriod(
            f"'{text}' is not a period of this {frequency} return ({error}); "
            f"expected something like '{EXAMPLES[frequency]}'"
        ) from error


def period_before(period: Period, frequency: Frequency, first_day: tuple[int, int]) -> str | None:
    """The text of the period just before this one; null for a census, whose dates are irregular.

    A term is compared with the same term of the year before.

    >>> period_before(read_period("2017-18", "annual"), "annual", (4, 1))
    '2016-17'
    """
    if frequency == "census" or period.start.year == 1:
        return None
    year = int(period.text[:4])
    if frequency == "annual":
        return f"{year - 1:04}-{year % 100:02}"
    if frequency == "termly":
        return f"{year - 1:04}-{period.term}"
    if frequency == "monthly":
        last = period.start - timedelta(days=1)
        return f"{last.year:04}-{last.month:02}"
    quarter = int(period.text[-1])
    return f"{year - 1:04}-Q4" if quarter == 1 else f"{year:04}-Q{quarter - 1}"


def next_of_term(first: Period, term: str) -> Period:
    """The first period of that term that does not begin before `first`.

    >>> next_of_term(read_period("2025-autumn", "termly"), "spring").text
    '2026-spring'
    """
    year = first.start.year
    this = read_period(f"{year:04}-{term}", "termly")
    return this if this.start >= first.start else read_period(f"{year + 1:04}-{term}", "termly")
