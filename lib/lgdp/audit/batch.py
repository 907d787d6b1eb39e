"""Audit one batch: every rule of the return, on Spark, over all its silver rows."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import great_expectations as gx
from great_expectations import ExpectationSuite
from great_expectations.core import ExpectationSuiteValidationResult
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent.spark_datasource import SparkDatasource
from pyspark.sql import DataFrame, SparkSession

from lgdp.audit.docs import Docs, TableDoc
from lgdp.audit.expectation import COUNT_ROWS, expectations_of, queries_of, rules_of
from lgdp.audit.kernel_counts import KernelCounts
from lgdp.audit.outcome import outcome_of
from lgdp.audit.query_counts import AT_A_TIME, counting
from lgdp.audit.result import ROWS_CODE, Audit, AuditRow, Batch
from lgdp.audit.session import is_small, settings_for, values_not_logged, views
from lgdp.checks.compiled_rule import PREVIOUS
from lgdp.contracts.column import Severity
from lgdp.contracts.reference import PREFIX
from lgdp.errors import AuditFailed

COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
"""Counts without samples: a sample is somebody's data."""


def audit_batch(spark: SparkSession, batch: Batch, kernel: KernelCounts, docs: Path) -> Audit:
    """Judge every rule of the batch's ruleset and compare with what the kernel counted.

    Pages are added to the Data Docs in the folder `docs`. `spark` must be the process's current
    session (Great Expectations takes that one), with no other audit running in it.

    Raises AuditFailed if the audit cannot be made whole: a table, a count or a rule is missing, or
    `docs` cannot be written. A single rule that breaks while it runs holds the batch instead.
    """
    writer = Docs(docs, batch.ruleset.return_name, batch.name)
    _require_all(batch, kernel)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_spark("silver", persist=False)
    suites = _suites(batch, kernel)
    queries = {name: queries_of(suite) for name, suite in suites.items()}
    pages = []
    rows = sum(kernel.rows.values())
    with (
        values_not_logged(spark),
        settings_for(spark, rows),
        views(spark, _frames(batch, " ".join(chain(*queries.values())))),
        counting(spark, AT_A_TIME if is_small(rows) else 1) as counts,
    ):
        for name in suites:
            counts.begin(name, queries[name])
        for table in batch.ruleset.spec.tables:
            with counts.judging(table.name):
                result = _validate(source, batch, table.name, suites[table.name])
            judged = _compare(batch, table.name, result, kernel)
            messages = {
                rule.meta.code: rule.meta.message for rule in rules_of(batch.ruleset, table.name)
            }
            pages.append(TableDoc(table.name, kernel.rows[table.name], judged, messages, result))
    writer.write(pages)
    return Audit(tuple(row for page in pages for row in page.rows))


def _frames(batch: Batch, queries: str) -> dict[str, DataFrame]:
    """The tables, and every other frame that a query names, by the name that rules call it by."""
    others = {"collection": batch.collection}
    for name, frame in batch.tables.items():
        others[PREVIOUS + name] = batch.previous.get(name, frame.limit(0))
    others |= {PREFIX + name: frame for name, frame in batch.reference.items()}
    return {
        **batch.tables,
        **{name: frame for name, frame in others.items() if name.lower() in queries.lower()},
    }


def _require_all(batch: Batch, kernel: KernelCounts) -> None:
    """Every table has rows and every rule a kernel count, or nothing would be compared with it."""
    names = [table.name for table in batch.ruleset.spec.tables]
    missing = [f"silver rows of {name}" for name in names if name not in batch.tables]
    missing += [
        f"reference table {name}" for name in batch.ruleset.reference if name not in batch.reference
    ]
    missing += [f"the kernel's rows of {name}" for name in names if name not in kernel.rows]
    missing += [
        f"the kernel's count of {name} {rule.meta.code}"
        for name in names
        for rule in rules_of(batch.ruleset, name)
        if (name, rule.meta.code) not in kernel.unexpected
    ]
    if missing:
        raise AuditFailed(f"the audit was not given {', '.join(missing)}")


def _suites(batch: Batch, kernel: KernelCounts) -> dict[str, ExpectationSuite]:
    return {
        table.name: expectations_of(
            batch.ruleset, table.name, kernel.rows[table.name], batch.without
        )
        for table in batch.ruleset.spec.tables
    }


def _validate(
    source: SparkDatasource, batch: Batch, table: str, suite: ExpectationSuite
) -> ExpectationSuiteValidationResult:
    definition = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe(batch.name)
    handle = definition.get_batch(batch_parameters={"dataframe": batch.tables[table]})
    return handle.validate(suite, result_format=COUNTS_ONLY)


def _compare(
    batch: Batch, table: str, result: ExpectationSuiteValidationResult, kernel: KernelCounts
) -> tuple[AuditRow, ...]:
    outcomes = {
        found.expectation_config.meta["code"]: outcome_of(found)
        for found in result.results
        if found.expectation_config is not None and found.expectation_config.meta is not None
    }
    judged: list[tuple[str, Severity, str, int]] = [
        (ROWS_CODE, "critical", COUNT_ROWS, kernel.rows[table]),
        *(
            (rule.meta.code, rule.severity, rule.type, kernel.unexpected[table, rule.meta.code])
            for rule in rules_of(batch.ruleset, table)
        ),
    ]
    lost = [code for code, *_ in judged if code not in outcomes]
    if lost:
        raise AuditFailed(f"{table}: Great Expectations gave no result for {', '.join(lost)}")
    return tuple(
        AuditRow(table, code, severity, type_, count, outcomes[code].count, outcomes[code].detail)
        for code, severity, type_, count in judged
    )
