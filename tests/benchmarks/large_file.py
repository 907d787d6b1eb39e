"""Memory of one large file: the most that landing and checking it takes."""

from __future__ import annotations

from pathlib import Path

from bench_conf import write_conf
from big_table import generate
from contest import enter
from measurement import Measurement

BYTES_PER_ROW = 169
LIMIT_GB = 2.0


def measure(folder: Path, gigabytes: int) -> list[Measurement]:
    """Peak memory of the platform on a file of so many GB."""
    folder.mkdir(parents=True)
    table = generate(folder / "visits.csv", gigabytes * 10**9 // BYTES_PER_ROW)
    entry = enter("lgdp", table, write_conf(folder / "configuration"), folder)
    table.path.unlink()
    note = f"{table.rows:,} rows, {entry.usage.cpu:.0f} CPU-s, {entry.usage.wall:.0f} s"
    what = f"memory for one file of {table.bytes / 1e9:.0f} GB"
    return [Measurement(what, entry.usage.peak / 1e9, "GB", LIMIT_GB, note=note)]
