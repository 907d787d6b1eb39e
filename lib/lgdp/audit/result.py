"""What an audit says: one row per rule, and why a batch is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyspark.sql import DataFrame

from lgdp.contracts.column import Severity
from lgdp.contracts.ruleset import Ruleset

ROWS_CODE = "_rows"
"""The code under which the number of rows of a table is audited; no rule may have it."""


@dataclass(frozen=True)
class Batch:
    """The silver rows that are about to be published: one return, one ruleset, many submissions.

    `name` is how the batch is called in the docs. `tables` holds a frame per table of the ruleset's
    spec (empty where nothing was sent). `collection` has one row per submission: `_submission`,
    `_council`, `period`, `period_start`, `period_end` and the spec's parameters. `previous` holds
    the last accepted period's rows by table, which rules see as `previous_<table>`; a table that is
    not there has none. `reference` holds the reference tables of the ruleset, by name. `given` has
    the tables that there were for a submission, `previous_<table>` among them; of one that is not
    in it, all are taken to be there.
    """

    name: str
    ruleset: Ruleset
    tables: Mapping[str, DataFrame]
    collection: DataFrame
    previous: Mapping[str, DataFrame]
    reference: Mapping[str, DataFrame] = field(default_factory=dict)
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def without(self, needs: Sequence[str]) -> tuple[str, ...]:
        """The submissions that a rule with these `needs` is not applied to."""
        return tuple(sorted(key for key, given in self.given.items() if set(needs) - given))


@dataclass(frozen=True)
class AuditRow:
    """One rule judged twice. `audit_count` is null where the audit could not run the rule.

    `detail` says why, in the name of an error and never in its text, which may quote a value.
    """

    table: str
    code: str
    severity: Severity
    type: str
    kernel_count: int
    audit_count: int | None
    detail: str | None

    @property
    def ran(self) -> bool:
        """Whether the audit could run the rule."""
        return self.audit_count is not None

    @property
    def agrees(self) -> bool:
        """Both counts are equal and, where the rule is critical and not a row count, zero."""
        must_be_zero = self.severity == "critical" and self.code != ROWS_CODE
        return self.audit_count == self.kernel_count and not (must_be_zero and self.audit_count)

    @property
    def reason(self) -> str | None:
        """Why this rule holds the batch, in plain words; null if it does not."""
        if self.agrees:
            return None
        if self.code == ROWS_CODE:
            what = f"{self.table}: the kernel wrote {self.kernel_count} rows"
        else:
            what = (
                f"{self.table} {self.code} ({self.severity}): "
                f"the kernel counted {self.kernel_count} failing rows"
            )
        if not self.ran:
            return f"{what}, the audit could not run it ({self.detail})"
        extra = "; silver must hold none" if self.kernel_count == self.audit_count else ""
        return f"{what}, the audit counted {self.audit_count}{extra}"


@dataclass(frozen=True)
class Audit:
    """The verdict on a batch, rules in suite order, each table's row count before its rules."""

    rows: tuple[AuditRow, ...]

    @property
    def held(self) -> tuple[str, ...]:
        """Why the batch must not be published; empty if both engines agree on everything."""
        return tuple(row.reason for row in self.rows if row.reason is not None)
