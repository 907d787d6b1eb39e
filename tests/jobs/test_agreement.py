"""The kernel and Great Expectations count the same, for every kind of rule and awkward values."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from lgdp.audit.batch import audit_batch
from lgdp.audit.kernel_counts import KernelCounts
from lgdp.audit.result import Audit, Batch
from lgdp.checks.compiled import CompiledRules, compile_rules
from lgdp.checks.kernel import check
from lgdp.checks.outcome import Outcome
from lgdp.checks.reference_file import write_reference
from lgdp.checks.task import CheckTask
from lgdp.config import Limits
from lgdp.contracts.expectation_form import FORMS
from lgdp.contracts.reference import Reference, ReferenceEntry
from lgdp.contracts.ruleset import Collection, Ruleset
from lgdp.intake.bronze import BronzeSink, row_batch
from tests.frames import frame_of
from tests.jobs.agreement_rules import (
    FACTS,
    PEOPLE,
    PLACE,
    PLACES,
    VALUES,
    critical_rules,
    rules,
    ruleset,
)

pytestmark = pytest.mark.slow

LIMITS = Limits(
    field_bytes=1 << 20,
    columns=2000,
    xml_depth=64,
    sheet_bytes=1 << 31,
    compression_ratio=100,
    check_memory="500MB",
    failures_per_rule=1000,
)
YEAR = Collection(
    return_name="facts",
    period="2017-18",
    start=date(2017, 4, 1),
    end=date(2018, 3, 31),
    previous="2016-17",
)
COUNCILS = ("S12000005", "S12000006", "S12000008")


def fact(chance: random.Random, number: int) -> dict[str, Any]:
    row: dict[str, Any] = {name: chance.choice([None, *values]) for name, values in VALUES.items()}
    return {**row, "ID": f"f{number % 58}", "_row": number, "_file": "facts.csv"}


@dataclass(frozen=True)
class Checked:
    outcome: Outcome
    council: str


def write_place(folder: Path) -> Path:
    source, target = folder / "place.csv", folder / "place.parquet"
    source.write_text(PLACES, encoding="utf-8")
    entry = ReferenceEntry(
        status="generated", version="1", source="t", licence="t", key=("code",), columns=PLACE
    )
    write_reference(Reference("place", entry, source), target)
    return target


class Desk:
    """Checks generated submissions with the kernel, then audits them together."""

    def __init__(self, folder: Path, rules: Ruleset, compiled: CompiledRules) -> None:
        self.folder, self.rules, self.compiled = folder, rules, compiled
        self.place = write_place(folder)

    def check(self, number: int, previous: tuple[Path, ...] = ()) -> Checked:
        """Submission `number`, of its own size and council; deterministic."""
        chance = random.Random(number)  # noqa: S311 (nothing secret)
        submission, council = f"{number:032x}", COUNCILS[number % 3]
        scratch = self.folder / submission
        scratch.mkdir()
        sink = BronzeSink(scratch, submission, council)
        facts = [fact(chance, row) for row in range(1, 56 + 5 * number)]
        born = [("p1", "1999-04-02"), ("p2", None), (None, "2010-01-01"), ("p4", "1999-02-28")]
        people = [
            {"PERSON": person, "BORN": day, "_row": row, "_file": "people.csv"}
            for row, (person, day) in enumerate(born, start=1)
        ]
        sink.write(FACTS, row_batch(FACTS, facts))
        sink.write(PEOPLE, row_batch(PEOPLE, people))
        task = CheckTask(
            submission=submission,
            council=council,
            council_names=(),
            ruleset=self.rules,
            rules=self.compiled,
            collection=YEAR,
            bronze={name: sink.path(name) for name in sink.close()},
            previous={"facts": previous},
            reference={"place": self.place},
            limits=LIMITS,
        )
        return Checked(check(task, scratch), council)

    def audit(self, spark: SparkSession) -> tuple[Audit, list[Outcome]]:
        before = self.check(4).outcome.silver["facts"]
        checked = [self.check(number, (before,)) for number in (0, 1, 3)]
        outcomes = [each.outcome for each in checked]
        tables = {
            name: spark.read.parquet(*[str(each.silver[name]) for each in outcomes])
            for name in ("facts", "people")
        }
        batch = Batch(
            name="batch",
            ruleset=self.rules,
            tables=tables,
            collection=self._collection(spark, checked),
            previous={"facts": spark.read.parquet(str(before))},
            reference={"place": spark.read.parquet(str(self.place))},
        )
        counts = KernelCounts.of(self.rules, outcomes)
        return audit_batch(spark, batch, counts, self.folder / "docs"), outcomes

    def _collection(self, spark: SparkSession, checked: list[Checked]) -> DataFrame:
        rows = [
            (each.outcome.submission, each.council, YEAR.period, YEAR.start, YEAR.end, 6)
            for each in checked
        ]
        return frame_of(
            spark,
            rows,
            "_submission string, _council string, period string, period_start date, "
            "period_end date, most int",
        )


def test_every_kind_of_rule_is_tried() -> None:
    assert {rule.type for rule in rules()} == set(FORMS)


def test_both_engines_count_the_same(spark: SparkSession, tmp_path: Path) -> None:
    judged = ruleset(rules())

    audit, outcomes = Desk(tmp_path, judged, compile_rules(judged)).audit(spark)

    assert audit.held == ()
    assert len(audit.rows) == len(rules()) + 2
    assert all(outcome.tables["facts"].quarantine > 0 for outcome in outcomes)
    idle = {row.code for row in audit.rows if not row.kernel_count}
    assert idle == {"C1", "C2", "C3", "rows"}


def test_a_kernel_that_lets_rows_through_is_caught(spark: SparkSession, tmp_path: Path) -> None:
    judged = ruleset(critical_rules())
    sound = compile_rules(judged)
    broken = [
        each.model_copy(update={"sql": "false"}) if each.code == "C2" else each
        for each in sound.rules
    ]

    desk = Desk(tmp_path, judged, sound.model_copy(update={"rules": tuple(broken)}))
    audit, _ = desk.audit(spark)

    (reason,) = audit.held
    assert reason.startswith("facts C2 (critical): the kernel counted 0 failing rows, the audit")
