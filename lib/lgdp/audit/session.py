"""The Spark session while an audit runs: tables as views, frames kept, errors not logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from lgdp.errors import AuditFailed

GX_VIEW = "tmp_view"
"""The name under which Great Expectations registers the batch of a query."""

PYTHON_LOGGERS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger", "great_expectations")
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
        spark.catalog.dropTempView(GX_VIEW)


@contextmanager
def values_not_logged(spark: SparkSession) -> Iterator[None]:
    """Keep Spark and Great Expectations from logging errors whose text quotes values of a row.

    What went wrong is in the audit's result, under the error's name. Executors on other machines
    log for themselves; their logs are as confidential as the lake.
    """
    loggers = [logging.getLogger(name) for name in PYTHON_LOGGERS]
    states = [logger.disabled for logger in loggers]
    log4j = spark.sparkContext._jvm.org.apache.logging.log4j  # type: ignore[union-attr]
    levels = {name: log4j.LogManager.getLogger(name).getLevel() for name in JVM_LOGGERS}
    try:
        for logger in loggers:
            logger.disabled = True
        for name in JVM_LOGGERS:
            log4j.core.config.Configurator.setLevel(name, log4j.Level.OFF)
        yield
    finally:
        for logger, disabled in zip(loggers, states, strict=True):
            logger.disabled = disabled
        for name, level in levels.items():
            log4j.core.config.Configurator.setLevel(name, level)
