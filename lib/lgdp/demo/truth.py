"""What the generated deliveries must lead to, and the same facts as they are found in a lake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lgdp.contracts.statutory_return import Verdict


@dataclass(frozen=True, order=True)
class CollectionKey:
    """One council's part in one collection; `council` is a current code."""

    return_name: str
    period: str
    council: str


@dataclass(frozen=True, order=True)
class TableKey:
    """One table of a council's current submission."""

    collection: CollectionKey
    table: str


@dataclass(frozen=True, order=True)
class FailureKey:
    """One kind of failure of rows in a current submission.

    `consequence` tells rows that follow from another row kept out. Failures of a file as a whole
    (those without a row number) are not counted here.
    """

    collection: CollectionKey
    table: str
    code: str
    consequence: bool


@dataclass(frozen=True)
class RowCounts:
    """Rows of one table. rows = silver + quarantine."""

    rows: int
    silver: int
    quarantine: int


@dataclass(frozen=True)
class Status:
    """How a collection stands.

    `state` is the ledger's word: published, nil or rejected, or overdue where nothing came.
    `verdict` is that of the submission that stands; null for a nil return and where nothing came.
    `on_time` says whether the first delivery that was not refused came by the due date.
    """

    state: str
    verdict: Verdict | None
    on_time: bool


@dataclass(frozen=True)
class GoldNumbers:
    """Three numbers of `looked_after_episodes`, and how many of its rows each repair touched.

    `episodes` counts rows, `children` distinct (council, child_id), `open_episodes` rows that had
    begun by 31 July 2025 and had not ended by then. `repairs` counts rows by rule; a row that
    says two, such as `not_repeated,end_cut`, counts for both.
    """

    episodes: int
    children: int
    open_episodes: int
    repairs: Mapping[str, int]


@dataclass(frozen=True)
class Seeded:
    """One kind of fault: what it must raise, where it was put, and what that costs.

    `code` is null for an oddity that must raise nothing. `kept_out` counts the rows that current
    submissions lose by it, those that follow from others included.
    """

    fault: str
    return_name: str
    table: str
    code: str | None
    explanation: str
    times: int
    kept_out: int
    where: tuple[CollectionKey, ...]


@dataclass(frozen=True)
class Wave:
    """Deliveries that reach the platform together: an inbox, and the moment (UTC) it is read."""

    at: datetime
    inbox: Path


@dataclass(frozen=True)
class Truth:
    """All of it, of the state after the last wave. Waves are in order of time."""

    seed: int
    waves: tuple[Wave, ...]
    rows: Mapping[TableKey, RowCounts]
    failures: Mapping[FailureKey, int]
    statuses: Mapping[CollectionKey, Status]
    gold: GoldNumbers
    seeded: tuple[Seeded, ...]


@dataclass(frozen=True)
class Observed:
    """The same facts, read from the lake: only current submissions in `rows` and `failures`."""

    rows: Mapping[TableKey, RowCounts]
    failures: Mapping[FailureKey, int]
    statuses: Mapping[CollectionKey, Status]
    gold: GoldNumbers
