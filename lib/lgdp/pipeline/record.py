"""`control/runs`: what every process of a run was told."""

from __future__ import annotations

import hashlib
import json
import platform as machine
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from lgdp import __version__
from lgdp.lake.schemas import RUNS, RUNS_SCHEMA
from lgdp.lake.table import LakeTable
from lgdp.pipeline.platform import Platform

SOFTWARE = ("pyspark", "delta-spark", "deltalake", "pyarrow", "duckdb", "great-expectations")


@dataclass
class Recording:
    """A run being recorded; one that found nothing to do (`worked` is false) leaves no record."""

    run: str
    worked: bool = True


@contextmanager
def record_run(platform: Platform, stage: str) -> Iterator[Recording]:
    """Record a stage with its software and the whole configuration once it has ended well."""
    recording = Recording(uuid.uuid4().hex)
    started = platform.clock()
    yield recording
    if not recording.worked:
        return
    configuration = configuration_text(platform)
    row = {
        "run": recording.run,
        "stage": stage,
        "started": started,
        "ended": platform.clock(),
        "actor": platform.actor,
        "host": machine.node(),
        "versions": json.dumps(
            {"lgdp": __version__, "python": machine.python_version()}
            | {name: version(name) for name in SOFTWARE}
        ),
        "configuration": configuration,
        "configuration_digest": hashlib.sha256(configuration.encode()).hexdigest(),
    }
    table = LakeTable(platform.door, RUNS)
    table.ensure(RUNS_SCHEMA)
    table.append_rows(pa.Table.from_pylist([row], RUNS_SCHEMA))


def configuration_text(platform: Platform) -> str:
    """The settings and every file of contracts and suites, as one JSON object."""
    folders = {"conf": platform.location.conf, "expectations": platform.location.expectations}
    files = {
        f"{name}/{path.relative_to(folder)}": path.read_text(encoding="utf-8")
        for name, folder in folders.items()
        for path in sorted(folder.rglob("*"))
        if _is_configuration(path)
    }
    return json.dumps({"settings": platform.settings.model_dump(), "files": files})


def _is_configuration(path: Path) -> bool:
    return path.is_file() and path.suffix in (".yaml", ".json", ".csv")
