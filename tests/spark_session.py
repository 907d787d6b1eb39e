"""One Spark session with Delta for all tests: fixture `spark`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lgdp.pipeline.spark_session import open_session

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def spark_jvm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """The session itself: it owns the JVM. Tests take `spark`, which hands it out clean."""
    scratch = tmp_path_factory.mktemp("spark")
    settings = {
        # Nothing is left in the working folder.
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.local.dir": str(scratch / "local"),
        # Tables here are of a few rows. To plan, to compile and to start jobs is all that takes
        # time: queries are interpreted, in few partitions, and nothing is broadcast, which is a job
        # of its own. The cluster, and `lgdp run` in a process of its own, are tested with what
        # Spark does by default.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.autoBroadcastJoinThreshold": "-1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.databricks.delta.snapshotPartitions": "1",
        "spark.driver.memory": "1g",
        "spark.master": "local[2]",
    }
    session = open_session(settings)
    yield session
    session.stop()


def temporary_views(session: SparkSession) -> list[str]:
    """The names of the views that live as long as the session does."""
    return [row["viewName"] for row in session.sql("SHOW VIEWS").collect() if row["isTemporary"]]


@pytest.fixture
def spark(spark_jvm: SparkSession) -> Iterator[SparkSession]:
    """The session without views or cached frames of other tests."""
    yield spark_jvm
    for name in temporary_views(spark_jvm):
        spark_jvm.catalog.dropTempView(name)
    spark_jvm.catalog.clearCache()
