"""The Spark session of a driver, with Delta, from the settings and the jars that set-up fetched."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

from pyspark.sql import SparkSession

from lgdp.config import PROJECT
from lgdp.errors import ConfigurationError, Problem
from lgdp.lake.s3_door import endpoint_of, region_of

DELTA = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.databricks.delta.properties.defaults.enableDeletionVectors": "false",
}

QUICK_START = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseParallelGC"
"""The early compiler alone saves a quarter of the CPU of a short session. It would get a code cache
of 48 MB, which the audit of a few hundred rules fills, and which is then swept for ever. A
collector that works while nothing else does saves a twentieth."""

QUIET = '"-Dlog4j2.configurationFile=file:{}/conf/log4j2.properties"'

ARCHIVE = "classes.jsa"
"""Beside the jars: the classes of a session, as `lgdp.pipeline.class_archive` keeps them."""

EXTRA_OPTIONS = "spark.driver.extraJavaOptions"


def jars_folder() -> Path:
    """Where `make jars` puts the jars: `LGDP_JARS`, or `.jars/` of the project."""
    return Path(os.environ.get("LGDP_JARS", PROJECT / ".jars"))


def jars() -> list[Path]:
    """The jars that `make jars` fetched."""
    found = sorted(jars_folder().glob("*.jar"))
    if not found:
        message = "no jars are there; run 'make jars', or set LGDP_JARS to the folder that has them"
        raise ConfigurationError([Problem(str(jars_folder()), "", message)])
    return found


def sharing() -> str:
    """The options with which a JVM uses the archive of classes; none where there is no archive."""
    archive = jars_folder() / ARCHIVE
    if not archive.is_file():
        return ""
    return f'"-XX:SharedArchiveFile={archive}" -Xshare:auto -Xlog:cds*=off'


def driver_conf(conf: Mapping[str, str]) -> dict[str, str]:
    """How the JVM of a driver is started that no spark-submit started; added to what `conf` says.

    The jars are on its class path, where the archive of classes is of use, and go to executors on
    other machines besides. An archive that does not fit, because a jar or Java itself is another
    one now, is left aside by the JVM.
    """
    found = list(map(str, jars()))
    options = [QUICK_START, QUIET.format(PROJECT), conf.get(EXTRA_OPTIONS, ""), sharing()]
    settings = {
        "spark.driver.extraClassPath": os.pathsep.join(found),
        EXTRA_OPTIONS: " ".join(filter(None, options)),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    if not conf.get("spark.master", "local").startswith("local"):
        settings["spark.jars"] = ",".join(found)
    return settings


def s3_conf(environ: Mapping[str, str]) -> dict[str, str]:
    """What Spark needs to reach an S3 server that the environment names, as delta-rs reaches it.

    Keys are not among it: S3A takes them from the environment, where no log shows them.
    """
    conf = {}
    endpoint = endpoint_of(environ)
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    if endpoint or region:
        conf["spark.hadoop.fs.s3a.endpoint.region"] = region_of(environ)
    if endpoint:
        conf["spark.hadoop.fs.s3a.endpoint"] = endpoint
        conf["spark.hadoop.fs.s3a.path.style.access"] = "true"
        secure = str(endpoint.startswith("https")).lower()
        conf["spark.hadoop.fs.s3a.connection.ssl.enabled"] = secure
    return conf


def open_session(conf: Mapping[str, str]) -> SparkSession:
    """The session of this process: the one that spark-submit made, or a new one with Delta."""
    active = SparkSession.getActiveSession()
    if active is not None:
        return active
    builder = SparkSession.Builder().appName("lgdp")
    settings = {**DELTA, **s3_conf(os.environ), **conf}
    if "SPARK_ENV_LOADED" not in os.environ:
        settings.setdefault("spark.master", "local[*]")
        settings |= driver_conf(settings)
        # Python workers need the packages of this interpreter, not of the first on the PATH.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    else:
        settings.pop("spark.master", None)
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


class SessionInBackground:
    """A session that is started while something else runs; `get` waits for it."""

    def __init__(self, conf: Mapping[str, str]) -> None:
        self._conf = dict(conf)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="spark-start")
        self._started: Future[SparkSession] | None = None

    def start(self) -> None:
        """Begin, unless it has begun; what will judge on it is loaded then, which takes as long."""
        if self._started is None:
            self._begun()
            self._pool.submit(import_module, "lgdp.audit.batch")

    def get(self) -> SparkSession:
        """The session, started now if it was not."""
        return self._begun().result()

    def stop(self) -> None:
        """Stop it if it was started."""
        if self._started is not None:
            self._started.result().stop()
        self._pool.shutdown()

    def _begun(self) -> Future[SparkSession]:
        if self._started is None:
            self._started = self._pool.submit(open_session, self._conf)
        return self._started
