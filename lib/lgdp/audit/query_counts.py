"""What queries find, counted on Spark several at a time while Great Expectations asks for it.

Great Expectations runs one query after the other, and most of a small one is spent in the driver,
on one core. Its results stay its own: this is where the metric of its expectation gets its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

from great_expectations.execution_engine.sparkdf_execution_engine import SparkDFExecutionEngine
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.query_metric_provider import QueryMetricProvider
from pyspark.sql import SparkSession

AT_A_TIME = 4
"""Queries of a small batch; while one is planned, another has its tasks run."""

_judged: ContextVar[Mapping[str, Future[int]]] = ContextVar("judged")


class QueryCounts:
    """The counts of the queries of several tables, each of which is a view of its own name."""

    def __init__(self, spark: SparkSession, pool: ThreadPoolExecutor) -> None:
        self._spark, self._pool = spark, pool
        self._begun: dict[str, dict[str, Future[int]]] = {}

    def begin(self, table: str, queries: Iterable[str]) -> None:
        """Have the rows counted that each query finds in `{batch}`, which is this table."""
        self._begun[table] = {
            query: self._pool.submit(self._count, query.format(batch=f"`{table}`"))
            for query in queries
        }

    @contextmanager
    def judging(self, table: str) -> Iterator[None]:
        """While this lasts, the metric below means this table."""
        token = _judged.set(self._begun[table])
        try:
            yield
        finally:
            _judged.reset(token)

    def _count(self, query: str) -> int:
        return self._spark.sql(query).count()


@contextmanager
def counting(spark: SparkSession, at_a_time: int) -> Iterator[QueryCounts]:
    """Counts as long as their views last; what was not begun by then is given up."""
    pool = ThreadPoolExecutor(at_a_time, thread_name_prefix="audit")
    try:
        yield QueryCounts(spark, pool)
    finally:
        pool.shutdown(cancel_futures=True)


class UnexpectedRowsCount(QueryMetricProvider):
    """Great Expectations' metric `unexpected_rows_query.row_count`, taken from what was begun.

    Raises what the query raised, which Great Expectations then reports of this one rule.
    """

    metric_name = "unexpected_rows_query.begun_row_count"
    value_keys = ("unexpected_rows_query",)
    query_param_name: ClassVar[str] = "unexpected_rows_query"

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(
        cls,  # noqa: N805 (made a class method by the decorator)
        execution_engine: SparkDFExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> int:
        query = cls._get_query_from_metric_value_kwargs(metric_value_kwargs)
        return _judged.get()[query].result()
