"""The contest: one large file landed and checked by the platform, by Spark and by DuckDB."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench_conf import write_conf
from big_table import BigTable, generate
from contender import Counts, Job, read_counts, write_job
from measured import Usage, run_measured
from measurement import Measurement

HERE = Path(__file__).resolve().parent
ASIDE = ("spill", "landing", "warehouse")
"""Folders of a contender that hold no result: what it spilled, and the file as it was sent."""


class Disagreement(Exception):
    """Contenders found different rows or failures, or others than the file holds."""


@dataclass(frozen=True)
class Entry:
    """How one contender did. `files` and `bytes` are those of its tables and their logs."""

    name: str
    usage: Usage
    files: int
    bytes: int
    counts: Counts


@dataclass(frozen=True)
class Contest:
    """One file and all who checked it."""

    table: BigTable
    entries: tuple[Entry, ...]

    def entry(self, name: str) -> Entry | None:
        """The entry of a contender, if it took part."""
        return next((entry for entry in self.entries if entry.name == name), None)


def hold(
    folder: Path, rows: int, seed: int, names: Sequence[str], say: Callable[[str], None]
) -> Contest:
    """Generate the file, let each contender check it alone, and compare what they found."""
    say(f"generating {rows:,} rows")
    table = generate(folder / "visits.csv", rows, seed)
    conf = write_conf(folder / "configuration")
    entries = []
    for name in names:
        say(f"running {name}")
        entries.append(enter(name, table, conf, folder))
    contest = Contest(table, tuple(entries))
    _compare(contest)
    return contest


def enter(name: str, table: BigTable, conf: Path, folder: Path) -> Entry:
    """Run one contender in a process of its own; what it wrote is counted, then removed."""
    place = folder / name
    place.mkdir()
    job, answer = folder / f"{name}.job.json", folder / f"{name}.answer.json"
    write_job(Job(table.path, conf, place), job)
    command = [sys.executable, str(HERE / "contender.py"), name, str(job), str(answer)]
    usage = run_measured(command, folder / f"{name}.log")
    written = [path for path in place.rglob("*") if path.is_file() and not _is_aside(path, place)]
    size = sum(path.stat().st_size for path in written)
    shutil.rmtree(place)
    return Entry(name, usage, len(written), size, read_counts(answer).settled())


def _is_aside(path: Path, place: Path) -> bool:
    return path.relative_to(place).parts[0] in ASIDE


def _compare(contest: Contest) -> None:
    table, first = contest.table, contest.entries[0]
    for entry in contest.entries:
        counts = entry.counts
        found = (counts.rows, counts.silver, counts.quarantine)
        truth = (table.rows, table.rows - table.quarantined, table.quarantined)
        if found != truth:
            raise Disagreement(f"{entry.name} found rows {found}, the file holds {truth}")
        if counts.failures != first.counts.failures:
            different = dict(set(counts.failures.items()) ^ set(first.counts.failures.items()))
            raise Disagreement(f"{entry.name} and {first.name} differ: {sorted(different)}")


def ratios(contest: Contest) -> list[Measurement]:
    """The platform's CPU against the others'."""
    ours, spark, duckdb = map(contest.entry, ("lgdp", "spark", "duckdb"))
    found = []
    if ours and duckdb:
        ratio = ours.usage.cpu / duckdb.usage.cpu
        found.append(Measurement("lgdp's CPU, of DuckDB's", ratio, "times", 2.0))
    if ours and spark:
        ratio = spark.usage.cpu / ours.usage.cpu
        found.append(Measurement("Spark's CPU, of lgdp's", ratio, "times", 8.0, at_least=True))
    return found
