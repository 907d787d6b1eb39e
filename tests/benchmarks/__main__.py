"""`make bench`: measure the platform, and hold it against its targets.

    python tests/benchmarks [--rows N] [--only NAME ...] [--json FILE] [--write docs/performance.md]

Exit code: 0 when every target that was measured is met, 1 when one is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import contender
import contest
import crowd
import desk
import large_file
import report
import rules
import two_workers
from machine import this_machine
from measurement import Measurement

ALWAYS = ("contest", "desk", "rules", "crowd")
ON_DEMAND = ("memory", "workers")


def main() -> int:
    """Run what was asked for, in this order: contest, desk, rules, crowd, memory, workers."""
    arguments = _arguments()
    machine = this_machine()
    wanted = arguments.only or [*ALWAYS, *(["memory"] if arguments.large_gb else [])]
    held: contest.Contest | None = None
    measurements: list[Measurement] = []
    with tempfile.TemporaryDirectory(prefix="lgdp-bench-", dir=arguments.scratch) as name:
        folder = Path(name)
        if "contest" in wanted:
            held = contest.hold(folder, arguments.rows, arguments.seed, arguments.contenders, _say)
            (folder / "visits.csv").unlink()
            measurements += contest.ratios(held)
        for name, measure in _others(folder, arguments).items():
            if name in wanted:
                _say(f"measuring {name}")
                measurements += measure()
    report.show(held, measurements)
    if arguments.json:
        found = report.as_json(machine, held, measurements)
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if arguments.write and held is not None:
        arguments.write.write_text(report.page(machine, held, measurements), encoding="utf-8")
    return 1 if any(item.met is False for item in measurements) else 0


def _others(
    folder: Path, arguments: argparse.Namespace
) -> dict[str, Callable[[], list[Measurement]]]:
    return {
        "desk": lambda: desk.measure(folder / "desk"),
        "rules": lambda: rules.measure(folder / "rules"),
        "crowd": lambda: crowd.measure(folder / "crowd"),
        "memory": lambda: large_file.measure(folder / "memory", arguments.large_gb or 10),
        "workers": lambda: two_workers.measure(folder / "workers"),
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=5_000_000, help="rows of the large file")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", nargs="+", choices=[*ALWAYS, *ON_DEMAND], metavar="NAME")
    parser.add_argument(
        "--contenders", nargs="+", choices=contender.NAMES, default=list(contender.NAMES)
    )
    parser.add_argument("--large-gb", type=int, help="also measure memory with a file of N GB")
    parser.add_argument("--scratch", type=Path, help="folder for temporary files")
    parser.add_argument("--json", type=Path, help="write everything that was found here")
    parser.add_argument("--write", type=Path, help="write the page of results here")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
