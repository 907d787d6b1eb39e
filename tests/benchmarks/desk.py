"""The pre-check of a small return at the desk: in process, and from the shell."""

from __future__ import annotations

import csv
import statistics
import subprocess
import sys
import time
from pathlib import Path

from measurement import Measurement

from lgdp.config import PROJECT, load_settings, locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.contracts.column import Column
from lgdp.contracts.ruleset import Ruleset
from lgdp.pipeline.precheck import precheck

RETURN, PERIOD, COUNCIL = "looked_after", "2024-25", "S12000036"
ROWS = 56
IN_PROCESS, FROM_SHELL = 20, 5


def measure(folder: Path) -> list[Measurement]:
    """Medians, on a return of four tables with 14 rows each under the project's own rules."""
    location = locate(PROJECT)
    catalogue = load_catalogue(location, RETURN)
    contract = catalogue.contract(RETURN)
    ruleset = contract.ruleset(contract.read_period(PERIOD))
    files = write_return(ruleset, folder, ROWS)
    limits = load_settings(location.conf / "platform.yaml").limits
    seconds = []
    for _ in range(IN_PROCESS + 1):
        started = time.perf_counter()
        precheck(catalogue, limits, files, RETURN, PERIOD, COUNCIL)
        seconds.append(time.perf_counter() - started)
    # The first compiles the rules, which a service does once.
    inside = statistics.median(seconds[1:])
    return [
        Measurement(f"pre-check of {ROWS} rows, in process", inside, "s", 0.1),
        Measurement(f"pre-check of {ROWS} rows, from the shell", _from_shell(files), "s", 1.0),
    ]


def _from_shell(files: list[Path]) -> float:
    command = [str(Path(sys.executable).with_name("lgdp")), "precheck", *map(str, files)]
    command += ["--return", RETURN, "--period", PERIOD, "--council", COUNCIL]
    command += ["--conf", str(PROJECT), "--json"]
    seconds = []
    for _ in range(FROM_SHELL):
        started = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def write_return(ruleset: Ruleset, folder: Path, rows: int) -> list[Path]:
    """A CSV per table, `rows` in all, of values that their columns accept."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = ruleset.spec.tables
    paths = []
    for table in tables:
        path = folder / f"{table.name}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(table.column_names)
            for number in range(rows // len(tables)):
                writer.writerow([_value(column, ruleset, number) for column in table.columns])
        paths.append(path)
    return paths


def _value(column: Column, ruleset: Ruleset, number: int) -> str:
    if column.codes:
        codes = list(ruleset.codes[column.codes])
        return codes[number % len(codes)]
    if column.type == "date":
        return f"2024-09-{number + 1:02}"
    if column.type == "yes_no":
        return column.words.yes[0]
    if column.type == "integer" or column.decimal:
        return str(number)
    return COUNCIL if "authority" in column.name else f"{number:09}"
