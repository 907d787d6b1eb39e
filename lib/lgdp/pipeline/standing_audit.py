"""The audit of submissions that are in the lake: their rows, read as anyone else will read them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 (its usual name)

from lgdp.audit.result import Audit, Batch
from lgdp.audit.session import settings_for
from lgdp.checks.compiled_rule import PREVIOUS
from lgdp.checks.outcome import Counts
from lgdp.contracts.contract import Contract
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import AuditFailed
from lgdp.lake.schemas import QUALITY_PARTITION, VALIDATIONS, VALIDATIONS_SCHEMA
from lgdp.lake.table import LakeTable
from lgdp.ledger.standing import Standing
from lgdp.pipeline.pairs import frame_of
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.reference_files import ReferenceFiles
from lgdp.pipeline.storing import ensure_table


def audit_standings(
    platform: Platform,
    spark: SparkSession,
    ruleset: Ruleset,
    standings: Sequence[Standing],
    docs: Path,
) -> Audit:
    """Audit these submissions together and write the result to `quality/validations`."""
    # Great Expectations takes seconds to import, which a run with nothing to audit need not wait.
    from lgdp.audit.batch import audit_batch
    from lgdp.audit.kernel_counts import KernelCounts

    first = standings[0]
    name = f"{first.period}-{uuid.uuid4().hex[:8]}"
    counts = [_counts(standing, ruleset.id) for standing in standings]
    kernel = KernelCounts.of(ruleset, counts)
    # To find out which files a table has is queries already.
    with settings_for(spark, sum(kernel.rows.values())):
        batch = _batch(platform, spark, name, ruleset, standings)
        audit = audit_batch(spark, batch, kernel, docs)
    _record(platform, batch, first, audit)
    return audit


def _batch(
    platform: Platform,
    spark: SparkSession,
    name: str,
    ruleset: Ruleset,
    standings: Sequence[Standing],
) -> Batch:
    first = standings[0]
    contract = platform.catalogue.contract(first.return_)
    submissions = [standing.submission for standing in standings]
    tables = {
        table.name: _silver(platform, spark, contract, table.name, first.period, submissions).where(
            F.col("_ruleset") == ruleset.id
        )
        for table in ruleset.spec.tables
    }
    return Batch(
        name,
        ruleset,
        tables,
        _collection(spark, contract, ruleset, standings),
        _previous(platform, spark, contract, standings, ruleset.id),
        _reference(platform, spark, ruleset),
        {standing.submission: _given(standing, ruleset.id) for standing in standings},
    )


def _counts(standing: Standing, ruleset: str) -> Counts:
    check = standing.checks.get(ruleset)
    if check is None:
        raise AuditFailed(
            f"submission {standing.submission} was never checked under ruleset {ruleset}"
        )
    tables = {name: table.model_dump() for name, table in check.tables.items()}
    return Counts.model_validate({"tables": tables, "rules": check.rules})


def _given(standing: Standing, ruleset: str) -> frozenset[str]:
    """The tables that there were for a submission when it was checked."""
    check = standing.checks.get(ruleset)
    previous = (PREVIOUS + name for name in check.previous) if check else ()
    return frozenset((*(check.tables if check else ()), *previous))


def _silver(
    platform: Platform,
    spark: SparkSession,
    contract: Contract,
    table: str,
    period: str,
    submissions: Sequence[str],
) -> DataFrame:
    """Rows of these submissions; read through the Delta table, as anyone else will read them."""
    target = ensure_table(platform, contract, "silver", table)
    rows = spark.read.format("delta").load(platform.door.spark_uri(target.name))
    wanted = F.col("_submission").isin(list(submissions))
    return rows.where((F.col("period") == period) & wanted)


def _previous(
    platform: Platform,
    spark: SparkSession,
    contract: Contract,
    standings: Sequence[Standing],
    ruleset: str,
) -> dict[str, DataFrame]:
    """The rows of the period before that the kernel judged these submissions against."""
    period = contract.collection(contract.read_period(standings[0].period)).previous
    checks = [standing.checks.get(ruleset) for standing in standings]
    compared = [check.compared_with for check in checks if check and check.compared_with]
    pairs = [(submission, rules) for submission, rules in compared]
    if not pairs or period is None:
        return {}
    wanted = frame_of(spark, pairs)
    submissions = [submission for submission, _ in pairs]
    return {
        table: _silver(platform, spark, contract, table, period, submissions).join(
            F.broadcast(wanted), on=["_submission", "_ruleset"], how="left_semi"
        )
        for table in contract.table_names
    }


def _reference(platform: Platform, spark: SparkSession, ruleset: Ruleset) -> dict[str, DataFrame]:
    """The very files that the kernel read."""
    return {
        name: spark.read.parquet(platform.door.spark_uri(path))
        for name, path in ReferenceFiles(platform).of(ruleset).items()
    }


def _collection(
    spark: SparkSession, contract: Contract, ruleset: Ruleset, standings: Sequence[Standing]
) -> DataFrame:
    collection = contract.collection(contract.read_period(standings[0].period))
    rows = [
        {
            "_submission": standing.submission,
            "_council": standing.council,
            "period": collection.period,
            "period_start": collection.start,
            "period_end": collection.end,
            **ruleset.spec.parameters,
        }
        for standing in standings
    ]
    return spark.createDataFrame(pa.Table.from_pylist(rows))


def _record(platform: Platform, batch: Batch, first: Standing, audit: Audit) -> None:
    rows = [
        {
            "batch": batch.name,
            "ruleset": batch.ruleset.id,
            "table": row.table,
            "code": row.code,
            "expectation": row.type,
            "severity": row.severity,
            "kernel_count": row.kernel_count,
            "audit_count": row.audit_count,
            "agree": row.agrees,
            "problem": row.detail,
            "at": platform.clock(),
            "return": first.return_,
            "period": first.period,
        }
        for row in audit.rows
    ]
    table = LakeTable(platform.door, VALIDATIONS)
    table.ensure(VALIDATIONS_SCHEMA, QUALITY_PARTITION)
    table.append_rows(pa.Table.from_pylist(rows, VALIDATIONS_SCHEMA))
