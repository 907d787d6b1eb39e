"""What a contender is given and what it answers; run as a program, it runs one contender.

`python contender.py NAME JOB.json ANSWER.json`, each in a process of its own so that its CPU and
memory can be told apart.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

NAMES = ("lgdp", "spark", "duckdb")


@dataclass(frozen=True)
class Job:
    """The file to land and check, the benchmark's `conf`, and an empty folder to write into."""

    file: Path
    conf: Path
    folder: Path


@dataclass(frozen=True)
class Counts:
    """Rows that came in, were found good, were kept out; failures by `code:column`."""

    rows: int
    silver: int
    quarantine: int
    failures: dict[str, int]

    def settled(self) -> Counts:
        """With records of too few or many fields under one code: Spark tells no kinds apart."""
        failures: dict[str, int] = {}
        for broken, count in self.failures.items():
            name = "FIELDS:" if broken.endswith("_FIELDS:") else broken
            failures[name] = failures.get(name, 0) + count
        return replace(self, failures=dict(sorted(failures.items())))


def write_job(job: Job, path: Path) -> None:
    """Keep a job as JSON."""
    content = {name: str(value) for name, value in asdict(job).items()}
    path.write_text(json.dumps(content), encoding="utf-8")


def read_counts(path: Path) -> Counts:
    """Read what a contender answered."""
    return Counts(**json.loads(path.read_text(encoding="utf-8")))


def main(name: str, job_path: str, answer_path: str) -> None:
    """Run the contender of that name."""
    content = json.loads(Path(job_path).read_text(encoding="utf-8"))
    job = Job(**{key: Path(value) for key, value in content.items()})
    counts = importlib.import_module(f"contender_{name}").run(job)
    Path(answer_path).write_text(json.dumps(asdict(counts)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
