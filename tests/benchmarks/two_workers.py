"""Two Spark workers against one: the same submissions landed and checked on a real cluster."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyspark
from bench_conf import write_conf
from big_table import generate
from measured import CommandFailed
from measurement import Measurement

from lgdp.config import locate
from lgdp.contracts.catalogue import load_catalogue

HERE = Path(__file__).resolve().parent
SPARK_HOME = Path(pyspark.__file__).parent
SUBMISSIONS, ROWS = 16, 250_000
START_SECONDS = 90.0
LEAST = 1.8


def measure(folder: Path) -> list[Measurement]:
    """How many times quicker two workers of one core are than one."""
    folder.mkdir(parents=True)
    conf = write_conf(folder / "configuration")
    files = _write_files(folder / "files")
    seconds = {count: _seconds(folder, conf, files, count) for count in (1, 2)}
    note = f"{SUBMISSIONS} submissions of {ROWS:,} rows: {seconds[1]:.1f} s and {seconds[2]:.1f} s"
    times = seconds[1] / seconds[2]
    return [Measurement("two Spark workers against one", times, "times", LEAST, True, note)]


def _write_files(folder: Path) -> Path:
    folder.mkdir()
    catalogue = load_catalogue(locate(folder.parent / "configuration"))
    senders = [council.code for council in catalogue.councils.owing("scotland")][:SUBMISSIONS]
    for number, sender in enumerate(senders):
        generate(folder / f"{sender}.csv", ROWS, seed=number)
    return folder


def _seconds(folder: Path, conf: Path, files: Path, workers: int) -> float:
    """Wall seconds of landing and checking; the start of Spark and its workers is not in it."""
    place = folder / f"with-{workers}"
    place.mkdir()
    with _cluster(place, workers) as (url, environment):
        answer = place / "seconds.txt"
        command = [sys.executable, str(HERE / "cluster_job.py"), url, str(conf), str(files)]
        done = subprocess.run(
            [*command, str(place / "lake"), str(answer)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CommandFailed(done.stderr[-4000:])
        seconds = float(answer.read_text(encoding="utf-8"))
    shutil.rmtree(place)
    return seconds


@contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[tuple[str, dict[str, str]]]:
    """A master and workers of one core each, on loopback; where it is, and its environment."""
    port, web = _free_port(), _free_port()
    url = f"spark://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "SPARK_HOME": str(SPARK_HOME),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder / "work"),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
    }
    master = ["master.Master", "--host", "127.0.0.1", "-p", str(port), "--webui-port", str(web)]
    worker = ["worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g"]
    commands = [
        master,
        *([*worker, "--webui-port", str(_free_port()), url] for _ in range(workers)),
    ]
    with ExitStack() as started:
        for number, command in enumerate(commands):
            started.enter_context(_running(command, environment, folder / f"{number}.log"))
        _wait(web, workers)
        yield url, environment


@contextmanager
def _running(command: Sequence[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    name, *arguments = command
    program = [str(SPARK_HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*program, *arguments], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(web: int, workers: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{web}/json/", timeout=5) as answer:
                alive = re.search(r'"aliveworkers"\s*:\s*(\d+)', answer.read().decode())
            if alive and int(alive[1]) == workers:
                return
        except OSError:
            pass  # not up yet
        time.sleep(0.3)
    raise CommandFailed(f"the cluster did not come up with {workers} workers")
