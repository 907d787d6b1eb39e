"""One Spark session with Delta for all tests: fixture `spark`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

PROJECT = Path(__file__).resolve().parents[1]

QUICK = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC"
"""For a JVM of minutes: the early compiler alone takes a quarter less CPU, and a collector without
threads of its own a tenth. That compiler would get a code cache of 48 MB, which fills and is swept
for ever."""


def jars() -> list[Path]:
    """The jars that set-up fetched: in `.jars` of the project, or where LGDP_JARS says."""
    folder = Path(os.environ.get("LGDP_JARS", PROJECT / ".jars"))
    found = sorted(folder.glob("*.jar"))
    if not found:
        raise FileNotFoundError(f"no jars in {folder}; run `make jars`")
    return found


@pytest.fixture(scope="session")
def spark_jvm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """The session itself: it owns the JVM. Tests take `spark`, which hands it out clean."""
    scratch = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.jars": ",".join(str(jar) for jar in jars()),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": "UTC",
        # Nothing leaves this machine, and nothing is left in the working folder.
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
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
        "spark.driver.extraJavaOptions": QUICK,
    }
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]").appName("lgdp tests")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
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
