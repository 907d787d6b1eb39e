"""A real standalone Spark cluster on loopback: a master and two workers of the installed Spark."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyspark
import pytest

from lgdp.pipeline.spark_session import QUICK_START, jars, sharing
from tests.spark_session import PROJECT

SPARK_HOME = Path(pyspark.__file__).parent
START_SECONDS = 90.0


@dataclass
class Cluster:
    """Where the master listens, and what every process of the cluster is told."""

    url: str
    web: int
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def executors(self) -> list[int]:
        """The processes in which tasks run now."""
        found = []
        for worker in self.workers:
            children = Path(f"/proc/{worker.pid}/task").glob("*/children")
            for child in " ".join(path.read_text() for path in children).split():
                command = Path(f"/proc/{child}/cmdline")
                if command.exists() and b"CoarseGrainedExecutorBackend" in command.read_bytes():
                    found.append(int(child))
        return found

    def submit(
        self, script: Path, *arguments: str, zipped: Path
    ) -> subprocess.CompletedProcess[str]:
        """`spark-submit` a job with the packaged zip; client mode, as Python needs."""
        found, options = list(map(str, jars())), f"{QUICK_START} {sharing()}"
        command = [str(SPARK_HOME / "bin" / "spark-submit"), "--master", self.url]
        command += ["--jars", ",".join(found), "--py-files", str(zipped)]
        for key, value in {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.memory": "1g",
            "spark.executor.memory": "1g",
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "2",
            "spark.databricks.delta.snapshotPartitions": "1",
            "spark.driver.extraClassPath": os.pathsep.join(found),
            "spark.driver.extraJavaOptions": options,
            "spark.executor.extraClassPath": os.pathsep.join(found),
            "spark.executor.extraJavaOptions": options,
        }.items():
            command += ["--conf", f"{key}={value}"]
        return subprocess.run(
            [*command, str(script), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def spark_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The cluster, up with both workers; ended with the test run."""
    scratch = tmp_path_factory.mktemp("cluster")
    port, web = _free_port(), _free_port()
    # Workers import the package from the zip alone: no PYTHONPATH, and not from the checkout.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment |= {
        "SPARK_HOME": str(SPARK_HOME),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(scratch / "work"),
        "SPARK_LOCAL_DIRS": str(scratch / "local"),
        "LGDP_CONF": str(PROJECT),
        "SPARK_DAEMON_JAVA_OPTS": QUICK_START,
    }
    cluster = Cluster(f"spark://127.0.0.1:{port}", web, environment)
    master = ["org.apache.spark.deploy.master.Master", "--host", "127.0.0.1"]
    started = [
        _start(cluster, scratch, "master", [*master, "-p", str(port), "--webui-port", str(web)])
    ]
    try:
        for number in (1, 2):
            worker = ["org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1"]
            worker += ["--cores", "1", "--memory", "1g", "--webui-port", str(_free_port())]
            process = _start(cluster, scratch, f"worker-{number}", [*worker, cluster.url])
            cluster.workers.append(process)
            started.append(process)
        _wait_for_workers(cluster)
        yield cluster
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(timeout=30)


def _start(
    cluster: Cluster, scratch: Path, name: str, arguments: list[str]
) -> subprocess.Popen[bytes]:
    with (scratch / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(SPARK_HOME / "bin" / "spark-class"), *arguments],
            env=cluster.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _wait_for_workers(cluster: Cluster) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            address = f"http://127.0.0.1:{cluster.web}/json/"
            with urllib.request.urlopen(address, timeout=5) as answer:
                alive = re.search(r'"aliveworkers"\s*:\s*(\d+)', answer.read().decode())
            if alive and int(alive[1]) == 2:
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise TimeoutError("the cluster did not come up with two workers")
