"""The results for people and programs: a table at the terminal, JSON, and a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from contest import Contest
from machine import Machine
from measurement import Measurement
from rich.console import Console
from rich.table import Table

TITLES = {
    "lgdp": "lgdp: land, check; bronze, silver, quarantine, failures as Delta tables",
    "spark": "stock Spark + Delta: the same four tables",
    "duckdb": "DuckDB: one Parquet file of typed rows and codes",
}
COLUMNS = ("", "CPU s", "CPU, of lgdp's", "wall s", "peak MB", "files", "MB written")
MEASURES = ("", "measured", "target", "")

PAGE = """# Performance

Written by `make bench`, not by hand. Measured on {date}: {cores} cores, {memory} GiB, Python \
{python}, Java {java}; {packages}. Load of others when it began: {load}.

{parts}
## How it is measured

* One file is generated from a seed: {rows} rows, 20 columns (identifiers, codes, dates in two
  forms, decimals, integers, postcodes, text with quoted commas and letters beyond ASCII),
  {megabytes} MB. 1.6 % of the records are bad in twelve ways: too few or too many fields,
  impossible dates, unknown codes, blanks, repeated keys, and so on.
* All contenders follow the same rules: a type, required and code-list check for each column as its
  contract says, and twelve rules of a suite, one of them the uniqueness of a compound key. Each
  runs alone, in processes of its own. Afterwards all must have found the same rows good and the
  same failures of each rule, and those that the generator made; otherwise there is no result.
* CPU is user and system time of the whole process tree, with the start of Python and of the JVM.
  Peak memory is the largest sum of proportional set sizes at one time. Files and bytes are those of
  the tables with their logs; the platform also keeps the file as sent.
* Spark has the platform's own settings with twice the memory, does not sort for partitions, and
  evaluates each rule once; DuckDB has its defaults and the rules written for it by hand.

## How to run it again

```
make bench
make bench BENCH_ARGS="--rows 500000"                       # a quick look
make bench BENCH_ARGS="--write docs/performance.md"         # this page
make bench BENCH_ARGS="--only contest --contenders lgdp duckdb"
make bench BENCH_ARGS="--only rules"                        # rules × rows per second
make bench BENCH_ARGS="--only memory --large-gb 10"         # memory of one large file
make bench BENCH_ARGS="--only workers"                      # two Spark workers against one
```

On a machine that does other work at the same time, compare CPU and ratios, not wall.
"""


def _entries(contest: Contest) -> list[tuple[str, ...]]:
    ours = contest.entry("lgdp")
    rows: list[tuple[str, ...]] = []
    for entry in contest.entries:
        usage = entry.usage
        ratio = f"{usage.cpu / ours.usage.cpu:.2f}" if ours else ""
        rows.append(
            (
                TITLES[entry.name],
                f"{usage.cpu:.1f}",
                ratio,
                f"{usage.wall:.1f}",
                f"{usage.peak / 1e6:,.0f}",
                f"{entry.files:,}",
                f"{entry.bytes / 1e6:,.0f}",
            )
        )
    return rows


def _measures(measurements: Sequence[Measurement]) -> list[tuple[str, ...]]:
    verdicts = {True: "met", False: "missed", None: ""}
    return [
        (
            " ".join(filter(None, (item.what, f"({item.note})" if item.note else ""))),
            item.shown,
            item.target,
            verdicts[item.met],
        )
        for item in measurements
    ]


def show(contest: Contest | None, measurements: Sequence[Measurement]) -> None:
    """Print both tables."""
    console = Console()
    if contest is not None:
        title = f"{contest.table.rows:,} rows, {contest.table.bytes / 1e6:,.0f} MB of CSV"
        console.print(_table(title, COLUMNS, _entries(contest)))
    if measurements:
        console.print(_table("targets", MEASURES, _measures(measurements)))


def _table(title: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    table = Table(title=title, title_justify="left")
    for number, name in enumerate(header):
        table.add_column(name, justify="right" if number > 0 else "left")
    for row in rows:
        table.add_row(*row)
    return table


def as_json(
    machine: Machine, contest: Contest | None, measurements: Sequence[Measurement]
) -> dict[str, Any]:
    """Everything, for a program."""
    found: dict[str, Any] = {"machine": asdict(machine)}
    if contest is not None:
        table = contest.table
        found["table"] = {"rows": table.rows, "bytes": table.bytes, "bad": table.quarantined}
        found["contest"] = [asdict(entry) for entry in contest.entries]
    found["measurements"] = [{**asdict(item), "met": item.met} for item in measurements]
    return found


def page(machine: Machine, contest: Contest, measurements: Sequence[Measurement]) -> str:
    """The published page."""
    table = contest.table
    title = f"## {table.rows:,} rows, {table.bytes / 1e6:,.0f} MB of CSV\n"
    parts = [title, _markdown(COLUMNS, _entries(contest)), "## Targets\n"]
    parts.append(_markdown(MEASURES, _measures(measurements)))
    return PAGE.format(
        date=machine.date,
        cores=machine.cores,
        memory=machine.memory_gib,
        python=machine.python,
        java=machine.java,
        packages=", ".join(f"{name} {number}" for name, number in machine.packages.items()),
        load=machine.load,
        rows=f"{table.rows:,}",
        megabytes=f"{table.bytes / 1e6:,.0f}",
        parts="\n".join(parts),
    )


def _markdown(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    ruler = ["---", *("---:" for _ in header[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, ruler, *rows)) + "\n"
