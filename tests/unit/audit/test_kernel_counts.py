"""What the kernel said of each submission, summed over a batch."""

from __future__ import annotations

from pathlib import Path

from lgdp.audit.kernel_counts import KernelCounts
from lgdp.checks.outcome import Outcome, RuleCount, TableCounts
from tests.unit.audit.rulesets import rule, ruleset

RULES = ruleset(
    [
        rule("101", "expect_column_values_to_not_be_null", column="LS"),
        rule("102", "expect_table_row_count_to_be_between", "info", min_value=1, max_value=4),
    ]
)


def outcome(silver: dict[str, int], failing: int) -> Outcome:
    counts = {
        name: TableCounts(rows=rows + 1, silver=rows, quarantine=1) for name, rows in silver.items()
    }
    found = RuleCount(
        table="episodes", code="101", severity="warning", found=failing + 1, silver=failing
    )
    return Outcome(
        submission="s",
        ruleset=RULES.id,
        verdict="has queries",
        nil=False,
        tables=counts,
        rules=(found,),
        errors=0,
        queries=failing,
        notes=0,
        silver={},
        quarantine={},
        failures=Path("failures.parquet"),
        failure_rows=failing,
    )


def test_silver_counts_are_summed() -> None:
    counts = KernelCounts.of(RULES, [outcome({"episodes": 4}, 2), outcome({"episodes": 3}, 1)])

    assert counts.rows == {"episodes": 7, "placements": 0}
    assert counts.unexpected == {("episodes", "101"): 3, ("episodes", "102"): 0}


def test_submissions_with_too_few_or_too_many_rows_are_counted_but_nil_ones_are_not() -> None:
    batch = [
        outcome({"episodes": 0, "placements": 2}, 0),
        outcome({"placements": 2}, 0),
        outcome({"episodes": 5}, 0),
        outcome({"episodes": 0, "placements": 0}, 0),
    ]

    assert KernelCounts.of(RULES, batch).unexpected["episodes", "102"] == 3


def test_no_outcome_means_zero_for_every_rule() -> None:
    assert KernelCounts.of(RULES, []).unexpected == {
        ("episodes", "101"): 0,
        ("episodes", "102"): 0,
    }
