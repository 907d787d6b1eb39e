"""Reading what checks found."""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc

from lgdp.lake.current import Current
from lgdp.lake.door import Door
from lgdp.lake.schemas import FAILURES, FAILURES_SCHEMA
from lgdp.lake.table import LakeTable
from lgdp.ledger.ledger import Ledger

ORDER = ("return", "period", "submission", "table", "file", "row", "code")


def failures_of(
    door: Door,
    ledger: Ledger,
    submission: str | None = None,
    return_name: str | None = None,
    code: str | None = None,
) -> list[dict[str, Any]]:
    """Failures of one submission under its ruleset, or of all current ones; ordered by place.

    Raises UnknownSubmission for an id that is not one submission's.
    """
    if submission is not None:
        standing = ledger.find(submission)
        current = Current([(standing.submission, standing.ruleset or "")])
    else:
        current = ledger.current()
    rows = current.read(LakeTable(door, FAILURES, FAILURES_SCHEMA))
    for column, wanted in (("return", return_name), ("code", code)):
        if wanted is not None:
            rows = rows.filter(pc.equal(rows[column], wanted))
    found: list[dict[str, Any]] = rows.sort_by([(name, "ascending") for name in ORDER]).to_pylist()
    return found
