"""Periods of every frequency: text to dates and back, and what comes before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lgdp.contracts.period import (
    READERS,
    Frequency,
    next_of_term,
    period_before,
    read_period,
)
from lgdp.contracts.window import Offset, Window, deadlines_of
from lgdp.errors import UnknownPeriod

FIRST_DAYS = st.sampled_from([(4, 1), (8, 1), (1, 1), (9, 1)])
YEARS = st.integers(2, 9998)


@pytest.mark.parametrize(
    ("text", "frequency", "first_day", "expected"),
    [
        ("2017-18", "annual", (4, 1), ("2017-18", "2017-04-01", "2018-03-31", None)),
        ("2017/18", "annual", (4, 1), ("2017-18", "2017-04-01", "2018-03-31", None)),
        (" 2017-18 ", "annual", (8, 1), ("2017-18", "2017-08-01", "2018-07-31", None)),
        ("1999-00", "annual", (4, 1), ("1999-00", "1999-04-01", "2000-03-31", None)),
        ("2025-q1", "quarterly", (4, 1), ("2025-Q1", "2025-04-01", "2025-06-30", None)),
        ("2025-Q4", "quarterly", (4, 1), ("2025-Q4", "2026-01-01", "2026-03-31", None)),
        ("2025-Q4", "quarterly", (1, 1), ("2025-Q4", "2025-10-01", "2025-12-31", None)),
        ("2024-02", "monthly", (4, 1), ("2024-02", "2024-02-01", "2024-02-29", None)),
        ("2025-Spring", "termly", (4, 1), ("2025-spring", "2025-01-01", "2025-03-31", "spring")),
        ("2025-summer", "termly", (4, 1), ("2025-summer", "2025-04-01", "2025-07-31", "summer")),
        ("2025-autumn", "termly", (4, 1), ("2025-autumn", "2025-08-01", "2025-12-31", "autumn")),
        ("2025-09-17", "census", (4, 1), ("2025-09-17", "2025-09-17", "2025-09-17", None)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(
    text: str,
    frequency: Frequency,
    first_day: tuple[int, int],
    expected: tuple[str, str, str, str | None],
) -> None:
    period = read_period(text, frequency, first_day)
    got = (period.text, period.start.isoformat(), period.end.isoformat(), period.term)
    assert got == expected


@pytest.mark.parametrize(
    ("text", "frequency", "reason"),
    [
        ("2017", "annual", "the text has another form"),
        ("2017-19", "annual", "19 does not follow 2017"),
        ("9999-00", "annual", "year 10000 is out of range"),
        ("0000-01", "annual", "year 0 is out of range"),
        ("٢٠١٧-١٨", "annual", "the text has another form"),
        ("2017-18\n2018-19", "annual", "the text has another form"),
        ("2025-Q5", "quarterly", "the text has another form"),
        ("2025-13", "monthly", "the text has another form"),
        ("2025-winter", "termly", "the text has another form"),
        ("2025-ſpring", "termly", "the text has another form"),
        ("2025-02-30", "census", "day is out of range for month"),
        ("../etc", "annual", "the text has another form"),
    ],
)
def test_what_is_not_a_period_is_told(text: str, frequency: Frequency, reason: str) -> None:
    with pytest.raises(UnknownPeriod) as caught:
        read_period(text, frequency)
    examples = {
        "annual": "2025-26",
        "quarterly": "2025-Q3",
        "monthly": "2025-09",
        "termly": "2025-spring",
        "census": "2025-09-17",
    }
    assert str(caught.value) == (
        f"'{text}' is not a period of this {frequency} return ({reason}); "
        f"expected something like '{examples[frequency]}'"
    )


def texts() -> st.SearchStrategy[tuple[Frequency, str]]:
    """A frequency and the canonical text of one of its periods."""
    annual = YEARS.map(lambda year: ("annual", f"{year:04}-{(year + 1) % 100:02}"))
    quarters = st.tuples(YEARS, st.integers(1, 4))
    months = st.tuples(YEARS, st.integers(1, 12))
    terms = st.tuples(YEARS, st.sampled_from(["spring", "summer", "autumn"]))
    return st.one_of(
        annual,
        quarters.map(lambda pair: ("quarterly", f"{pair[0]:04}-Q{pair[1]}")),
        months.map(lambda pair: ("monthly", f"{pair[0]:04}-{pair[1]:02}")),
        terms.map(lambda pair: ("termly", f"{pair[0]:04}-{pair[1]}")),
        st.dates().map(lambda day: ("census", day.isoformat())),
    )


@given(texts(), FIRST_DAYS)
def test_a_canonical_text_reads_back_as_itself(
    item: tuple[Frequency, str], first_day: tuple[int, int]
) -> None:
    frequency, text = item
    period = read_period(text, frequency, first_day)
    assert period.text == text == str(period)
    assert period.start <= period.end
    assert period.collection_year == period.end.year


@given(texts(), FIRST_DAYS)
def test_the_period_before_ends_the_day_before_this_one(
    item: tuple[Frequency, str], first_day: tuple[int, int]
) -> None:
    frequency, text = item
    period = read_period(text, frequency, first_day)
    before = period_before(period, frequency, first_day)
    if frequency == "census":
        assert before is None
        return
    assert before is not None
    previous = read_period(before, frequency, first_day)
    if frequency == "termly":
        # The same term a year before: the terms between are other children's.
        assert (previous.term, previous.start.year) == (period.term, period.start.year - 1)
    else:
        assert previous.end + timedelta(days=1) == period.start


def test_nothing_comes_before_the_first_year_there_is() -> None:
    assert period_before(read_period("0001-02", "annual"), "annual", (4, 1)) is None


@given(YEARS, st.sampled_from(["spring", "summer", "autumn"]))
def test_the_next_period_of_a_term_begins_within_a_year(year: int, term: str) -> None:
    first = read_period(f"{year:04}-summer", "termly")
    found = next_of_term(first, term)
    assert found.term == term
    assert timedelta(0) <= found.start - first.start < timedelta(days=366)


@given(st.text(max_size=12), st.sampled_from(sorted(READERS)))
def test_no_text_does_anything_but_read_or_be_refused(text: str, frequency: Frequency) -> None:
    try:
        assert read_period(text, frequency).text.isascii()
    except UnknownPeriod as error:
        assert error.exit_code == 2


@pytest.mark.parametrize(
    ("offset", "day", "expected"),
    [
        (Offset(months=1), date(2025, 3, 31), date(2025, 4, 30)),
        (Offset(months=11), date(2024, 3, 31), date(2025, 2, 28)),
        (Offset(months=3, days=27), date(2015, 7, 31), date(2015, 11, 27)),
        (Offset(days=-10), date(2025, 3, 31), date(2025, 3, 21)),
        (Offset(months=9), date(2025, 12, 31), date(2026, 9, 30)),
    ],
)
def test_an_offset_counts_months_first_and_stays_in_the_month(
    offset: Offset, day: date, expected: date
) -> None:
    assert offset.after(day) == expected


def test_a_window_gives_the_dates_of_a_collection() -> None:
    window = Window(due=Offset(months=1), closes=Offset(months=2), locked=Offset(months=12))
    dates = deadlines_of(window, read_period("2024-25", "annual"))
    assert (dates.opens, dates.due, dates.closes, dates.locked) == (
        date(2025, 3, 31),
        date(2025, 4, 30),
        date(2025, 5, 31),
        date(2026, 3, 31),
    )
