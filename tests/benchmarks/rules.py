"""Rules × rows per second: how a check's cost grows with both, and whether it stays the same."""

from __future__ import annotations

import csv
import random
import statistics
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from measurement import Measurement

from lgdp.checks.compiled import compile_rules
from lgdp.checks.compiled_rule import CompiledRules
from lgdp.checks.kernel import check
from lgdp.checks.reference_file import write_reference
from lgdp.checks.task import CheckTask
from lgdp.checks.trial import bind_rules
from lgdp.config import PROJECT, Limits, load_settings, locate
from lgdp.contracts.catalogue import Catalogue, load_catalogue
from lgdp.contracts.column import Column
from lgdp.contracts.ruleset import Ruleset
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.reading import read_files
from lgdp.intake.sent_file import look_at

RETURN, PERIOD, SPEC, COUNCIL = "ssda903", "2017-18", "2025-26", "EX0000975"
ROWS = 26_000
"""Rows of a return as a council of some size sends it: the size of the target."""
WARM, COLD = 1.0, 3.0
COPIES = 20
SLOWER = 1.15
"""What the last copy may cost of the second: a sixth is the noise of a quiet machine."""
SHARES = {"header": 0.08, "episodes": 0.2, "reviews": 0.42, "oc2": 0.08}
REST = 0.02
SPANS = {"DEC": "DECOM", "MIS_END": "MIS_START", "DATE_PLACED_CEASED": "DATE_PLACED"}
"""Dates that are not before another."""


@dataclass(frozen=True)
class Delivery:
    """Files read into bronze once, to be checked many times."""

    bronze: dict[str, Path]
    rows: int


class Desk:
    """The return under the rules of `SPEC`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        location = locate(PROJECT)
        self.catalogue: Catalogue = load_catalogue(location, RETURN)
        self.contract = self.catalogue.contract(RETURN)
        self.period = self.contract.read_period(PERIOD)
        self.ruleset: Ruleset = self.contract.ruleset(self.period, self.contract.read_period(SPEC))
        self.limits: Limits = load_settings(location.conf / "platform.yaml").limits
        self.reference = {}
        for name in self.ruleset.reference:
            self.reference[name] = folder / f"{name}.parquet"
            write_reference(self.catalogue.references[name], self.reference[name])

    def compile(self) -> CompiledRules:
        """Compile every rule anew and plan it, as the first check of a ruleset does."""
        rules = compile_rules(self.ruleset)
        bind_rules(self.ruleset, rules, self.contract.collection(self.period))
        return rules

    def read(self, rows: int) -> Delivery:
        """Generated files of that many rows, read."""
        folder = self.folder / f"sent-{rows}"
        files = write_return(self.ruleset, folder, rows)
        sink = BronzeSink(folder, "0" * 32, COUNCIL)
        formats = self.contract.statutory_return.formats
        sent = [look_at(path) for path in files]
        reading = read_files(sent, self.ruleset, formats, self.limits, sink)
        return Delivery(reading.paths, sum(reading.rows.values()))

    def seconds(self, delivery: Delivery, rules: CompiledRules) -> float:
        """CPU seconds of one check, which is one core's: others may use the machine as well."""
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            task = CheckTask(
                submission="0" * 32,
                council=COUNCIL,
                council_names=self.catalogue.councils.names_of(COUNCIL),
                ruleset=self.ruleset,
                rules=rules,
                collection=self.contract.collection(self.period),
                bronze=delivery.bronze,
                reference=self.reference,
                limits=self.limits,
            )
            started = time.process_time()
            check(task, Path(scratch))
            return time.process_time() - started


def measure(folder: Path) -> list[Measurement]:
    """Seconds for all rules, their growth with rules and rows, and the last of many copies."""
    folder.mkdir(parents=True)
    desk = Desk(folder)
    started = time.process_time()
    rules = desk.compile()
    compiling = time.process_time() - started
    whole = desk.read(ROWS)
    runs = [desk.seconds(whole, rules) for _ in range(COPIES)]
    warm = statistics.median(runs[1:])
    suite = sum(rule.origin == "suite" for rule in rules.rules)
    what = f"{suite} rules of {RETURN} over {whole.rows:,} rows"
    speed = len(rules.rules) * whole.rows / warm / 1e6
    checks = f"{len(rules.rules)} checks with the contract's, in process on one core"
    return [
        Measurement(f"{what}, compiled", warm, "CPU s", WARM, note=checks),
        Measurement(f"{what}, with compiling", compiling + warm, "CPU s", COLD),
        Measurement("checks × rows", speed, "million a second"),
        *_growth(desk, rules, whole, warm),
        Measurement(
            f"the last of {COPIES} copies, of the second",
            statistics.median(runs[-3:]) / statistics.median(runs[1:4]),
            "times",
            SLOWER,
            note="medians of three",
        ),
    ]


def _growth(
    desk: Desk, rules: CompiledRules, whole: Delivery, warm: float
) -> Iterable[Measurement]:
    suite = [rule for rule in rules.rules if rule.origin == "suite"]
    half = set(map(id, suite[::2]))
    fewer = rules.model_copy(
        update={"rules": tuple(r for r in rules.rules if r.origin != "suite" or id(r) in half)}
    )
    few = statistics.median(desk.seconds(whole, fewer) for _ in range(3))
    yield Measurement("seconds for twice the rules, of those for half", warm / few, "times")
    for times in (2, 8):
        larger = desk.read(ROWS * times)
        seconds = min(desk.seconds(larger, rules) for _ in range(2))
        yield Measurement(f"{larger.rows:,} rows, all rules", seconds, "CPU s")
        yield Measurement(f"seconds for {times} times the rows", seconds / warm, "times")


def write_return(ruleset: Ruleset, folder: Path, rows: int) -> list[Path]:
    """A CSV per table of rows that are all accepted, with queries; the same for the same size."""
    folder.mkdir(parents=True)
    chance = random.Random(rows)  # noqa: S311 (nothing secret)
    children = max(1, int(rows * SHARES["header"]))
    paths = []
    for table in ruleset.spec.tables:
        path = folder / f"{table.name}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(table.column_names)
            keys = set()
            for number in range(int(rows * SHARES.get(table.name, REST))):
                child = number if table.name == "header" else chance.randrange(children)
                row = {column.name: _value(column, ruleset, chance) for column in table.columns}
                row["CHILD"] = str(child)
                row |= {end: row[start] for end, start in SPANS.items() if row.get(end)}
                key = tuple(row[name] for name in table.key)
                # Rows that are kept out make every rule that reads the table run again.
                if key not in keys and "" not in key:
                    keys.add(key)
                    writer.writerow(row[name] for name in table.column_names)
        paths.append(path)
    return paths


def _value(column: Column, ruleset: Ruleset, chance: random.Random) -> str:
    if not column.required and chance.random() < 0.3:
        return ""
    if column.codes:
        return chance.choice(list(ruleset.codes[column.codes]))
    if column.type == "date":
        back = 6500 if column.name == "DOB" else 1000
        day = date(2018, 3, 31) - timedelta(days=chance.randrange(back))
        return f"{day.day}/{day.month}/{day.year}"
    if column.type == "integer":
        return str(chance.randrange(2))
    if column.name.endswith("POST"):
        area = chance.choice("EW") + chance.choice("ABCDEFGH")
        return f"{area}{chance.randrange(1, 31)} {chance.randrange(1, 10)}AB"
    return str(chance.randrange(1_000_000, 9_999_999))
