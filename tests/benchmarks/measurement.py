"""What a benchmark found: a number, and the target that it is held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measurement:
    """`limit` is the most that `value` may be, or the least if `at_least`; null without one."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; null without one."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return " ".join(filter(None, (f"{self.value:,.3g}", self.unit)))

    @property
    def target(self) -> str:
        """The target in words; empty where none is set."""
        if self.limit is None:
            return ""
        words = "at least" if self.at_least else "at most"
        return " ".join(filter(None, (words, f"{self.limit:,g}", self.unit)))
