"""The demo's two years, and the three days on which deliveries are taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True)
class Year:
    """A period of both returns: a school year, 1 August to 31 July, both inside."""

    text: str
    start: date
    end: date

    def day(self, number: int) -> date:
        """The day so many days after the first."""
        return self.start + timedelta(days=number)


FIRST = Year("2023-24", date(2023, 8, 1), date(2024, 7, 31))
SECOND = Year("2024-25", date(2024, 8, 1), date(2025, 7, 31))
YEARS = (FIRST, SECOND)

# Looked-after returns are due on 27 November, pupil censuses here on the 30th: the first two days
# are in time, the third is not.
FIRST_YEAR = datetime(2024, 11, 20, 9, tzinfo=UTC)
ON_TIME = datetime(2025, 11, 20, 9, tzinfo=UTC)
LATE = datetime(2025, 12, 8, 9, tzinfo=UTC)


def birthday(born: date, age: int) -> date:
    """The day on which somebody becomes so old; nobody in the demo is born on 29 February."""
    return born.replace(year=born.year + age)
