"""A return: who asks for it and why, who owes it, and when."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_validator

from lgdp.contracts.period import Frequency
from lgdp.contracts.strict import Strict
from lgdp.contracts.window import Window

Verdict = Literal["rejected", "has errors", "has queries", "clean"]
Format = Literal["csv", "xml", "xlsx", "xls", "ods", "json", "fixed"]
"""What a return may be sent as; any of them may be packed (ZIP, gzip)."""
VERDICTS: tuple[Verdict, ...] = ("clean", "has queries", "has errors", "rejected")
"""From best to worst."""


class Policy(Strict):
    """Which steps of a submission's story happen without a person.

    `publish_up_to` is the worst verdict that is published at once; null waits for a person always.
    What waits is published once it is accepted: after its sign-off, which is given to what is no
    worse than `sign_off_up_to` and has no query left unexplained, or, if `acceptance` is a
    person's, after that too. A delivery before the window opens is taken, held for a person's
    word, or refused, as `early` says; a resubmission with less than the share `smaller_than` of
    the rows that it would replace is held.
    """

    publish_up_to: Literal["clean", "has queries", "has errors"] | None
    nil: Literal["allowed", "refused"]
    sign_off_up_to: Literal["clean", "has queries", "has errors"] = "has queries"
    acceptance: Literal["automatic", "person"] = "automatic"
    early: Literal["taken", "held", "refused"] = "held"
    smaller_than: float = Field(default=0.5, ge=0, le=1)


class StatutoryReturn(Strict):
    """`return.yaml`. Dates are rules counted from the end of each period."""

    title: str
    register_number: str
    body: str
    purpose: str
    legal_basis: str
    unit: Literal["individual", "aggregate"]
    sensitivity: Literal["public", "official", "personal", "special category"]
    frequency: Frequency
    year_starts: str = Field(default="04-01", pattern=r"^[0-9]{2}-[0-9]{2}$")
    window: Window
    owed_by: Literal["scotland", "nobody"] | tuple[str, ...]
    tracked_from: str | None = None
    formats: tuple[Format, ...]
    recipients: tuple[str, ...]
    policy: Policy
    sources: tuple[str, ...]

    @field_validator("formats")
    @classmethod
    def _some_format(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("names no format; a return has at least one")
        return value

    @field_validator("year_starts")
    @classmethod
    def _is_a_day_of_every_year(cls, value: str) -> str:
        month, day = value.split("-")
        try:
            date(2001, int(month), int(day))
        except ValueError as error:
            raise ValueError(f"'{value}' is not a day of every year (MM-dd)") from error
        return value

    @property
    def first_day(self) -> tuple[int, int]:
        """Month and day on which an annual period starts."""
        month, day = self.year_starts.split("-")
        return int(month), int(day)
