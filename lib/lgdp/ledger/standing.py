"""Where one submission stands, and what its checks found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, model_validator

from lgdp.ledger.event import Key
from lgdp.ledger.state import State

Verdict = Literal["rejected", "has errors", "has queries", "clean"]


class TableCount(BaseModel):
    """Rows of one table: as sent, kept, and kept out."""

    model_config = ConfigDict(frozen=True)

    rows: NonNegativeInt
    silver: NonNegativeInt
    quarantine: NonNegativeInt


class Check(BaseModel):
    """What a `checked` event says: the verdict under a ruleset, rows by table, failures by kind.

    `rules` has the counts of each suite rule that found anything; `silver_files` the path of the
    rows kept, relative to their table; `compared_with` the submission and ruleset of the period
    before that it was judged against, null where there was none, and `previous` the tables that
    it gave to rules.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    ruleset: str
    verdict: Verdict
    tables: dict[str, TableCount] = {}
    errors: NonNegativeInt = 0
    queries: NonNegativeInt = 0
    notes: NonNegativeInt = 0
    rules: list[dict[str, Any]] = []
    previous: list[str] = []
    silver_files: dict[str, str] = {}
    compared_with: list[str] | None = None

    @property
    def rows(self) -> int:
        """Rows as sent, of all tables."""
        return sum(table.rows for table in self.tables.values())

    @property
    def silver(self) -> int:
        """Rows kept, of all tables."""
        return sum(table.silver for table in self.tables.values())

    @property
    def quarantine(self) -> int:
        """Rows kept out, of all tables."""
        return sum(table.quarantine for table in self.tables.values())


class Explanation(BaseModel):
    """What a council says of a query: of one `failure` (its identity), or of all of a rule's.

    Without a `table` the rule is meant in whatever tables it is.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    text: str = Field(min_length=1)
    code: str | None = None
    table: str | None = None
    failure: str | None = None

    @model_validator(mode="after")
    def _is_of_something(self) -> Explanation:
        if (self.code is None) == (self.failure is None):
            raise ValueError("an explanation is of a rule or of a failure, of one of both")
        return self


class Exemption(BaseModel):
    """Leave to deliver after the lock, to the end of a day in London."""

    model_config = ConfigDict(frozen=True)

    until: date
    reason: str = Field(min_length=1)


_NONE: Mapping[str, Check] = MappingProxyType({})


@dataclass(frozen=True)
class Standing:
    """One submission, as its events leave it.

    `ruleset` is the one it was last published under or, before that, checked under; `check` is
    what was found under it. `held` has the rulesets under which the audit did not confirm what
    was found. `supersedes` is the submission it took the place of, `superseded_by` the one that
    took its place. `number` says which of the submissions of its key is the later one: what its
    sender numbered it, or the order of receipt. `hold` names what a person is asked to confirm
    before it goes on, or why it is refused, whatever is in it; `confirmed` says that one has.
    `explanations` are what was said of queries so far, oldest first. `reason` is that of the last
    event, if it gave one.
    """

    submission: str
    key: Key
    state: State
    received_at: datetime
    last_at: datetime
    ruleset: str | None = None
    checks: Mapping[str, Check] = field(default_factory=lambda: _NONE, hash=False)
    landed: Mapping[str, Any] = field(default_factory=dict, hash=False)
    held: frozenset[str] = frozenset()
    files: int = 0
    number: int = 1
    hold: str | None = None
    confirmed: bool = False
    explanations: tuple[Explanation, ...] = ()
    duplicates: int = 0
    nil: bool = False
    published_at: datetime | None = None
    supersedes: str | None = None
    superseded_by: str | None = None
    superseded_turn: int = -1
    reason: str | None = None

    @property
    def return_(self) -> str:
        """The return it is of."""
        return self.key.return_

    @property
    def period(self) -> str:
        """The period it covers."""
        return self.key.period

    @property
    def council(self) -> str:
        """The council that sent it."""
        return self.key.council

    @property
    def check(self) -> Check | None:
        """What was found under `ruleset`, None before the first check."""
        return self.checks.get(self.ruleset) if self.ruleset is not None else None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict under `ruleset`."""
        return self.check.verdict if self.check else None

    @property
    def rows(self) -> int:
        """Rows as sent."""
        return self.check.rows if self.check else 0

    @property
    def silver(self) -> int:
        """Rows kept."""
        return self.check.silver if self.check else 0

    @property
    def quarantine(self) -> int:
        """Rows kept out."""
        return self.check.quarantine if self.check else 0

    @property
    def errors(self) -> int:
        """Failures of critical rules."""
        return self.check.errors if self.check else 0

    @property
    def queries(self) -> int:
        """Failures to correct or explain."""
        return self.check.queries if self.check else 0
