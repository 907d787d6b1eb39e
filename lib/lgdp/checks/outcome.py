"""What checking one submission gives, small enough to travel back from any worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from lgdp.contracts.column import Severity
from lgdp.contracts.statutory_return import Verdict
from lgdp.contracts.strict import Strict

FAILURE_SCHEMA = pa.schema(
    [
        ("submission", pa.string()),
        ("ruleset", pa.string()),
        ("table", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("key", pa.string()),
        ("code", pa.string()),
        ("severity", pa.string()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("message", pa.string()),
        ("consequence_of", pa.string()),
    ]
)
FAILURE_COLUMNS = tuple(FAILURE_SCHEMA.names[2:])
"""What is shown of a failure, in this order: all but the submission and ruleset it is of."""


class TableCounts(Strict):
    """Rows of one table. rows = silver + quarantine, always."""

    rows: int
    silver: int
    quarantine: int


class RuleCount(Strict):
    """How often a rule of a suite failed: `found` in the rows as sent, `silver` in silver rows."""

    table: str
    code: str
    severity: Severity
    found: int
    silver: int


class Counts(Strict):
    """What one submission adds to the counts of its batch.

    `tables` are those that were sent, `previous` those of the period before that there were.
    """

    tables: dict[str, TableCounts]
    rules: tuple[RuleCount, ...]
    previous: tuple[str, ...] = ()


class Outcome(Counts):
    """The verdict on one submission, its counts, and the Parquet files that hold the rest.

    Files are missing where there is no row to write. `failures` is always there.
    """

    submission: str
    ruleset: str
    verdict: Verdict
    nil: bool
    errors: int
    queries: int
    notes: int
    silver: dict[str, Path]
    quarantine: dict[str, Path]
    failures: Path
    failure_rows: int

    def summary(self) -> dict[str, Any]:
        """What the ledger keeps of it."""
        return {
            "verdict": self.verdict,
            "ruleset": self.ruleset,
            "tables": {name: counts.model_dump() for name, counts in self.tables.items()},
            "rules": [rule.model_dump() for rule in self.rules if rule.found or rule.silver],
            "previous": list(self.previous),
            "errors": self.errors,
            "queries": self.queries,
            "notes": self.notes,
        }
