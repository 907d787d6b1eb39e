"""The machine that was measured on, without its name."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

import psutil

PACKAGES = ("pyspark", "delta-spark", "deltalake", "pyarrow", "duckdb", "great-expectations")


@dataclass(frozen=True)
class Machine:
    """What it is, and how busy others kept it when the run began (load average of a minute)."""

    date: str
    cores: int
    memory_gib: int
    python: str
    java: str
    packages: dict[str, str]
    load: float


def this_machine() -> Machine:
    """Look at the machine now."""
    return Machine(
        date=datetime.now(UTC).date().isoformat(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(psutil.virtual_memory().total / 2**30),
        python=platform.python_version(),
        java=_java(),
        packages={name: version(name) for name in PACKAGES},
        load=round(os.getloadavg()[0], 1),
    )


def _java() -> str:
    try:
        told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "none"
    found = re.search(r'version "([^"]+)"', told.stderr)
    return found[1] if found else "unknown"
