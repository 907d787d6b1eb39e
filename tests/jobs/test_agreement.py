"""The kernel and Great Expectations count the same, for every kind of rule and awkward values."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from lgdp.audit.batch import audit_batch
from lgdp.audit.kernel_counts import KernelCounts
from lgdp.audit.result import Audit, Batch
from lgdp.checks.compiled import SUPPORTED, CompiledRules, compile_rules
from lgdp.checks.kernel import check
from lgdp.checks.outcome import Outcome
from lgdp.checks.task import CheckTask
from lgdp.config import Limits
from lgdp.contracts.column import Column, Severity
from lgdp.contracts.ruleset import Collection, Ruleset
from lgdp.contracts.spec import Spec
from lgdp.contracts.suite import Rule, RuleMeta, Suite
from lgdp.contracts.table import TableSpec
from lgdp.intake.bronze import BronzeSink, row_batch

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
FACTS = TableSpec(
    name="facts",
    key=("ID",),
    columns=(
        Column(name="ID", type="string", required=True),
        Column(name="PERSON", type="string"),
        Column(name="TEXT", type="string"),
        Column(name="OTHER", type="string"),
        Column(name="N", type="integer"),
        Column(name="M", type="integer"),
        Column(name="PRICE", type="decimal(10,2)"),
        Column(name="COST", type="decimal(12,4)"),
        Column(name="DAY", type="date"),
        Column(name="UNTIL", type="date"),
        Column(name="SEEN", type="datetime"),
        Column(name="LEFT", type="datetime"),
        Column(name="FLAG", type="yes_no"),
        Column(name="SIGN", type="yes_no"),
    ),
)
PEOPLE = TableSpec(
    name="people",
    key=("PERSON",),
    columns=(Column(name="PERSON", type="string"), Column(name="BORN", type="date")),
)

TEXTS = [
    "A",
    "a",
    "AB1",
    "B-2",
    "Ünï",
    "Ünï😀",
    "O'Brien",
    "x\ny",
    "x\r\ny",
    "50%",
    "\\d",
    "0",
    "É",
]
TEXTS += ["A" * 300, "A  B", '"quoted"', "nan", "NULL", "2017-04-01", "Smith", "smith", "SMITH"]
NUMBERS = ["0", "-1", "1", "7", "10", "999999999999999999", "-999999999999999999"]
DECIMALS = ["0", "0.1", "-0.1", "0.30", "1.5", "2", "2.50", "99999999.99", "-3"]
DAYS = ["2017-03-31", "2017-04-01", "2017-06-30", "2018-03-31", "2018-04-01", "1900-01-01"]
MOMENTS = [
    "2017-04-01T00:00:00",
    "2017-06-30T23:59:59",
    "2018-03-31T12:00:00",
    "2017-03-26T02:30:00",
]
VALUES: dict[str, list[str]] = {
    "PERSON": ["p1", "p2", "p3", "p4"],
    "TEXT": TEXTS,
    "OTHER": TEXTS,
    "N": NUMBERS,
    "M": NUMBERS,
    "PRICE": DECIMALS,
    "COST": DECIMALS,
    "DAY": DAYS,
    "UNTIL": DAYS,
    "SEEN": MOMENTS,
    "LEFT": MOMENTS,
    "FLAG": ["Y", "N"],
    "SIGN": ["Y", "N"],
}
EITHER = {"ignore_row_if": "either_value_is_missing"}
ANY = {"ignore_row_if": "any_value_is_missing"}

SAME_PERSON = "p._submission = b._submission AND p.PERSON = b.PERSON"
QUERIES = {
    "own columns": "SELECT b.* FROM {batch} b WHERE b.UNTIL < b.DAY AND b.FLAG",
    "unknown": "SELECT b.* FROM {batch} b WHERE NOT (b.N > b.M OR b.TEXT = b.OTHER)",
    "collection": "SELECT b.* FROM {batch} b JOIN collection c ON c._submission = b._submission "
    "WHERE b.DAY NOT BETWEEN c.period_start AND c.period_end",
    "parameter": "SELECT b.* FROM {batch} b JOIN collection c ON c._submission = b._submission "
    "WHERE b.N > c.most",
    "no parent": "SELECT b.* FROM {batch} b WHERE NOT EXISTS "
    f"(SELECT 1 FROM people p WHERE {SAME_PERSON})",
    "parent": "SELECT b.* FROM {batch} b JOIN people p "
    f"ON {SAME_PERSON} WHERE b.DAY < add_months(p.BORN, 12 * 18)",
    "in": "SELECT b.* FROM {batch} b WHERE b.PERSON NOT IN "
    "(SELECT p.PERSON FROM people p WHERE p._submission = b._submission AND p.PERSON IS NOT NULL)",
    "group": "SELECT b.* FROM {batch} b JOIN (SELECT _submission, PERSON, COUNT(*) AS n, "
    "MAX(DAY) AS last FROM {batch} GROUP BY _submission, PERSON HAVING COUNT(*) > 3) g "
    "ON g._submission = b._submission AND g.PERSON = b.PERSON WHERE b.DAY = g.last",
    "window": "SELECT b.* FROM (SELECT *, LAG(UNTIL) OVER (PARTITION BY _submission, PERSON "
    "ORDER BY DAY, _file, _row) AS before FROM {batch}) b WHERE b.before > b.DAY",
    "regex": "SELECT b.* FROM {batch} b WHERE b.TEXT RLIKE '^[A-Z]+[0-9]?$'",
    "functions": "SELECT b.* FROM {batch} b WHERE DATEDIFF(b.UNTIL, b.DAY) > 90 "
    "OR YEAR(b.DAY) = 2018 OR LENGTH(TRIM(b.TEXT)) > 5 OR UPPER(b.TEXT) = b.OTHER",
    "cast": "SELECT b.* FROM {batch} b WHERE TRY_CAST(b.TEXT AS INT) = 0 "
    "OR TRY_CAST(b.TEXT AS DATE) IS NOT NULL",
    "months": "SELECT b.* FROM {batch} b WHERE MONTHS_BETWEEN(b.UNTIL, b.DAY) > 3 "
    "OR LAST_DAY(b.DAY) = b.DAY",
    "division": "SELECT b.* FROM {batch} b WHERE b.PRICE / 2 > 0.5 OR ABS(b.N) % 2 = 1",
    "null safe": "SELECT b.* FROM {batch} b WHERE b.TEXT <=> b.OTHER OR COALESCE(b.N, -7) = -7",
    "moments": "SELECT b.* FROM {batch} b WHERE CAST(b.SEEN AS DATE) = b.DAY OR b.SEEN > b.LEFT",
    "previous": "SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM previous_facts f "
    "WHERE f._council = b._council AND f.TEXT = b.TEXT)",
}


def _maps() -> Iterator[tuple[str, dict[str, Any]]]:
    column = "expect_column_values_to_"
    for name in VALUES:
        yield f"{column}not_be_null", {"column": name}
        yield f"{column}be_null", {"column": name}
    for name, values in {
        "TEXT": ["A", "Ünï", "O'Brien", "x\ny"],
        "N": [0, 7, 10],
        "PRICE": [0.1, 1.5, 2],
        "DAY": ["2017-04-01", "2018-03-31"],
        "FLAG": [True],
    }.items():
        yield f"{column}be_in_set", {"column": name, "value_set": values}
        yield f"{column}not_be_in_set", {"column": name, "value_set": values}
    for regex in (
        "A",
        "^A",
        "^A$",
        "1$",
        r"^\w+$",
        r"^[^\d]*$",
        "^.{3}$",
        "'|%",
        "",
        r"\s",
        "[ÜÉ]",
    ):
        yield f"{column}match_regex", {"column": "TEXT", "regex": regex}
        yield f"{column}not_match_regex", {"column": "TEXT", "regex": regex}
    for bounds in (
        {"column": "N", "min_value": 0, "max_value": 7},
        {"column": "N", "min_value": 0, "max_value": 7, "strict_min": True, "strict_max": True},
        {"column": "N", "max_value": 6.5},
        {"column": "PRICE", "min_value": 0.1, "max_value": 2.5, "strict_max": True},
        {"column": "COST", "min_value": 0.3},
        {"column": "DAY", "min_value": "2017-04-01", "max_value": "2018-03-31"},
        {"column": "DAY", "min_value": "2017-04-01", "strict_min": True},
    ):
        yield f"{column}be_between", bounds
    for bounds in (
        {"min_value": 2, "max_value": 4},
        {"min_value": 1, "strict_min": True},
        {"max_value": 4, "strict_max": True},
    ):
        yield "expect_column_value_lengths_to_be_between", {"column": "TEXT", **bounds}
    yield "expect_column_value_lengths_to_equal", {"column": "TEXT", "value": 4}
    for a, b in (
        ("UNTIL", "DAY"),
        ("N", "M"),
        ("PRICE", "COST"),
        ("N", "PRICE"),
        ("TEXT", "OTHER"),
        ("SEEN", "LEFT"),
        ("FLAG", "SIGN"),
    ):
        pair = {"column_A": a, "column_B": b, **EITHER}
        yield "expect_column_pair_values_to_be_equal", pair
        for or_equal in (True, False):
            greater = "expect_column_pair_values_a_to_be_greater_than_b"
            yield greater, {**pair, "or_equal": or_equal}
    for columns in (["PERSON", "DAY"], ["TEXT"], ["PRICE", "FLAG"], ["SEEN"]):
        unique = {"column_list": ["_submission", *columns], **ANY}
        yield "expect_compound_columns_to_be_unique", unique
    yield "expect_table_row_count_to_be_between", {"max_value": 60}


def rule(code: str, type_: str, severity: Severity, kwargs: dict[str, Any]) -> Rule:
    meta = RuleMeta(code=code, message=f"Rule {code}")
    return Rule(type=type_, kwargs=kwargs, severity=severity, meta=meta)


def rules() -> list[Rule]:
    """Each kind of rule many times as a query, and some as critical rules that keep rows out."""
    made = [
        rule(f"{number:03d}", type_, "info", kwargs)
        for number, (type_, kwargs) in enumerate(_maps())
    ]
    query = "unexpected_rows_expectation"
    made += [
        rule(name, query, "warning", {"unexpected_rows_query": text})
        for name, text in QUERIES.items()
    ]
    unique = {"column_list": ["_submission", "ID"], **ANY}
    made.append(rule("C1", "expect_compound_columns_to_be_unique", "critical", unique))
    kept_out = {"column": "TEXT", "value_set": ["Smith", "50%"]}
    made.append(rule("C2", "expect_column_values_to_not_be_in_set", "critical", kept_out))
    parent = {"unexpected_rows_query": QUERIES["no parent"]}
    made.append(rule("C3", query, "critical", parent))
    return made


def ruleset() -> Ruleset:
    suite = Suite(name="facts", expectations=tuple(rules()))
    spec = Spec(first="2015-16", tables=(FACTS, PEOPLE), parameters={"most": 6})
    return Ruleset(return_name="facts", spec=spec, codes={}, suites={"facts": suite})


def fact(chance: random.Random, number: int) -> dict[str, Any]:
    row: dict[str, Any] = {name: chance.choice([None, *values]) for name, values in VALUES.items()}
    return {**row, "ID": f"f{number % 58}", "_row": number, "_file": "facts.csv"}


@dataclass(frozen=True)
class Checked:
    outcome: Outcome
    council: str


class Desk:
    """Checks generated submissions with the kernel, then audits them together."""

    def __init__(self, folder: Path, compiled: CompiledRules) -> None:
        self.folder, self.rules, self.compiled = folder, ruleset(), compiled

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
            limits=LIMITS,
        )
        return Checked(check(task, scratch), council)

    def audit(self, spark: SparkSession) -> tuple[Audit, list[Outcome]]:
        before = self.check(5).outcome.silver["facts"]
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
        )
        counts = KernelCounts.of(self.rules, outcomes)
        return audit_batch(spark, batch, counts, self.folder / "docs"), outcomes

    def _collection(self, spark: SparkSession, checked: list[Checked]) -> DataFrame:
        rows = [
            (each.outcome.submission, each.council, YEAR.period, YEAR.start, YEAR.end, 6)
            for each in checked
        ]
        return spark.createDataFrame(
            rows,
            "_submission string, _council string, period string, period_start date, "
            "period_end date, most int",
        )


def test_every_kind_of_rule_is_tried() -> None:
    assert {rule.type for rule in rules()} == SUPPORTED


def test_both_engines_count_the_same(spark: SparkSession, tmp_path: Path) -> None:
    audit, outcomes = Desk(tmp_path, compile_rules(ruleset())).audit(spark)

    assert audit.held == ()
    assert len(audit.rows) == len(rules()) + 2
    assert all(outcome.tables["facts"].quarantine > 0 for outcome in outcomes)
    counted = [row for row in audit.rows if row.kernel_count]
    assert len(counted) > 0.9 * len(audit.rows)


def test_a_kernel_that_lets_rows_through_is_caught(spark: SparkSession, tmp_path: Path) -> None:
    sound = compile_rules(ruleset())
    broken = sound.model_copy(
        update={
            "rules": tuple(
                each.model_copy(update={"sql": "false"}) if each.code == "C2" else each
                for each in sound.rules
            )
        }
    )

    audit, _ = Desk(tmp_path, broken).audit(spark)

    (reason,) = audit.held
    assert reason.startswith("facts C2 (critical): the kernel counted 0 failing rows, the audit")
