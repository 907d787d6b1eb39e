"""The scheduler for many machines: Spark runs one task per submission."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from zipimport import zipimporter

from pyspark.sql import SparkSession

from lgdp.pipeline.scheduler import Done, attempt


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
        # Not a frame: rows would go through two Python processes and twice through Arrow.
        slices = self._spark.sparkContext.parallelize(list(tasks.items()), len(tasks))
        for key, result, error in slices.map(lambda task: _do(kind, *task)).collect():
            yield Done(key, result, error)


def _do(kind: str, key: str, text: str) -> tuple[str, str | None, str | None]:
    """Do one task in a Python worker of Spark."""
    done = attempt(kind, key, text)
    forget_zip_finders()
    return done.key, done.result, done.error


def forget_zip_finders() -> None:
    """Drop what this process knows of where modules are in zip files; an import finds out again.

    Spark invalidates these caches before each task, upon which Python reads the list of files of
    every zip and jar that is on the path, once for each package in it: an eighth of a second.
    """
    for path, finder in list(sys.path_importer_cache.items()):
        if isinstance(finder, zipimporter):
            del sys.path_importer_cache[path]
