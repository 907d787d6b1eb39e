"""What a report is about: a submission, or files that were checked before they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.window import Deadlines
from lgdp.intake.sent_file import SentFile
from lgdp.ledger.standing import TableCount


@dataclass(frozen=True)
class Subject:
    """What the checks found, and what it was found in.

    `submission` is its id, null for files that were only prechecked. `failures` has the columns of
    `FAILURE_COLUMNS`; of a rule that failed very often it may hold the first failures only, which
    `errors`, `queries` and `notes` count all of. `files` can be read here and now. `today` is the
    day that deadlines are told from.
    """

    return_title: str
    body: str
    council: str
    period: str
    submission: str | None
    today: date
    deadlines: Deadlines
    ruleset: Ruleset
    verdict: str
    is_nil: bool
    tables: Mapping[str, TableCount]
    errors: int
    queries: int
    notes: int
    files: tuple[SentFile, ...]
    failures: pa.Table
