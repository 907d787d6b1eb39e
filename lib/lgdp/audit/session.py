"""The Spark session while an audit runs: tables as views, frames kept, errors not logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from lgdp.errors import AuditFailed

SMALL = 100_000
"""Rows."""

SMALL_BATCH = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    # Files of a few rows: five hundred to a task; and a condition that names a thousand
    # submissions is not written out anew for each file, when files were chosen by it already.
    "spark.sql.files.minPartitionNum": "1",
    "spark.sql.files.openCostInBytes": "262144",
    "spark.sql.parquet.filterPushdown": "false",
    "spark.sql.parquet.columnarReaderBatchSize": "512",
}
"""Interpret queries, in few jobs: less than half the CPU for forty rules on 9,000 rows, two thirds
for supersets made of 60,000."""

PYTHON_LOGGERS = (
    "SQLQueryContextLogger",
    "DataFrameQueryContextLogger",
    "great_expectations",
    "py4j",
)
SILENT = logging.CRITICAL + 1
JVM_LOGGERS = (
    "org.apache.spark.executor.Executor",
    "org.apache.spark.scheduler.TaskSetManager",
    "org.apache.spark.util.Utils",
)


@contextmanager
def views(spark: SparkSession, frames: Mapping[str, DataFrame]) -> Iterator[None]:
    """Each frame as a temporary view of its name, kept in memory; all released at the end.

    Raises AuditFailed if the session has such a view already: two audits in one session would
    read each other's rows.
    """
    made: list[str] = []
    try:
        for name, frame in frames.items():
            try:
                frame.createTempView(name)
            except AnalysisException as error:
                raise AuditFailed(
                    f"the session has a view '{name}' already; an audit needs it to itself"
                ) from error
            made.append(name)
            frame.persist()
        yield
    finally:
        for name in made:
            frames[name].unpersist()
            spark.catalog.dropTempView(name)


def is_small(rows: int) -> bool:
    """Whether compiling the queries over so many rows costs more than running them."""
    return rows < SMALL


@contextmanager
def settings_for(spark: SparkSession, rows: int) -> Iterator[None]:
    """The session's SQL settings as work on that many rows runs best; restored at the end."""
    settings = SMALL_BATCH if is_small(rows) else {}
    before = {name: spark.conf.get(name, None) for name in settings}
    try:
        for name, value in settings.items():
            spark.conf.set(name, value)
        yield
    finally:
        for name, old in before.items():
            if old is None:
                spark.conf.unset(name)
            else:
                spark.conf.set(name, old)


@contextmanager
def values_not_logged(spark: SparkSession) -> Iterator[None]:
    """Keep Spark and Great Expectations from logging errors whose text quotes values of a row.

    What went wrong is in the audit's result, under the error's name. Executors on other machines
    log for themselves; their logs are as confidential as the lake.
    """
    loggers = [logging.getLogger(name) for name in PYTHON_LOGGERS]
    # Levels, since they hold for the loggers below as well.
    states = [logger.level for logger in loggers]
    log4j = spark.sparkContext._jvm.org.apache.logging.log4j  # type: ignore[union-attr]
    levels = {name: log4j.LogManager.getLogger(name).getLevel() for name in JVM_LOGGERS}
    try:
        for logger in loggers:
            logger.setLevel(SILENT)
        for name in JVM_LOGGERS:
            log4j.core.config.Configurator.setLevel(name, log4j.Level.OFF)
        yield
    finally:
        for logger, state in zip(loggers, states, strict=True):
            logger.setLevel(state)
        for name, level in levels.items():
            log4j.core.config.Configurator.setLevel(name, level)
