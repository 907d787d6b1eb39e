"""Which rules hold a batch, and in which words."""

from __future__ import annotations

from typing import cast

import pytest
from pyspark.sql import DataFrame

from lgdp.audit.result import ROWS_CODE, Audit, AuditRow, Batch
from lgdp.contracts.column import Severity
from tests.unit.audit.rulesets import ruleset


def row(
    severity: Severity, kernel: int, audit: int | None, code: str = "E1", detail: str | None = None
) -> AuditRow:
    return AuditRow("episodes", code, severity, "a_type", kernel, audit, detail)


@pytest.mark.parametrize(
    ("judged", "reason"),
    [
        (row("critical", 0, 0), None),
        (row("warning", 7, 7), None),
        (row("info", 2, 2), None),
        (
            row("warning", 7, 6),
            "episodes E1 (warning): the kernel counted 7 failing rows, the audit counted 6",
        ),
        (
            row("critical", 0, 3),
            "episodes E1 (critical): the kernel counted 0 failing rows, the audit counted 3",
        ),
        (
            row("critical", 3, 3),
            "episodes E1 (critical): the kernel counted 3 failing rows, the audit counted 3; "
            "silver must hold none",
        ),
        (
            row("warning", 0, None, detail="CAST_INVALID_INPUT"),
            "episodes E1 (warning): the kernel counted 0 failing rows, "
            "the audit could not run it (CAST_INVALID_INPUT)",
        ),
        (row("critical", 5, 5, code=ROWS_CODE), None),
        (
            row("critical", 5, 4, code=ROWS_CODE),
            "episodes: the kernel wrote 5 rows, the audit counted 4",
        ),
    ],
)
def test_a_rule_holds_unless_counts_are_equal_and_critical_ones_zero(
    judged: AuditRow, reason: str | None
) -> None:
    assert judged.reason == reason
    assert judged.agrees is (reason is None)


def test_an_audit_is_held_by_each_rule_that_disagrees() -> None:
    audit = Audit((row("critical", 0, 0), row("warning", 1, 2), row("warning", 4, None)))

    assert [reason.split(":")[1] for reason in audit.held] == [
        " the kernel counted 1 failing rows, the audit counted 2",
        " the kernel counted 4 failing rows, the audit could not run it (None)",
    ]


def test_a_rule_is_not_applied_to_submissions_without_a_table_it_needs() -> None:
    given = {
        "a": frozenset({"episodes", "header"}),
        "b": frozenset({"episodes"}),
        "c": frozenset({"episodes", "header", "previous_header"}),
    }
    batch = Batch("batch", ruleset([]), {}, cast(DataFrame, None), {}, given=given)

    assert batch.without(("header",)) == ("b",)
    assert batch.without(("header", "previous_header")) == ("a", "b")
    assert batch.without(()) == ()
