"""The scheduler for many machines: Spark runs one task per submission."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa
from pyspark.sql import SparkSession

from lgdp.pipeline.scheduler import Done, attempt

RESULT = "key string, result string, error string"


class SparkScheduler:
    """Does the work in Spark tasks; only small rows come back to the driver.

    A task whose executor dies is run again by Spark. Writing twice is harmless, because a file's
    place follows from what it holds.
    """

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark

    def run(self, kind: str, tasks: Mapping[str, str]) -> Iterator[Done]:
        """Results, in no order, once all are done."""
        if not tasks:
            return
        slices = self._spark.sparkContext.parallelize(list(tasks.items()), len(tasks))
        frame = self._spark.createDataFrame(slices, "key string, text string")

        def work(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
            for batch in batches:
                done = [attempt(kind, row["key"], row["text"]) for row in batch.to_pylist()]
                yield pa.RecordBatch.from_pylist(
                    [vars(item) for item in done],
                    schema=pa.schema([(name, pa.string()) for name in ("key", "result", "error")]),
                )

        for row in frame.mapInArrow(work, RESULT).collect():
            yield Done(row["key"], row["result"], row["error"])
