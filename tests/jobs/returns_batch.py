"""The cases of a return's rules as one batch: each case is a submission, all rules judge all rows.

Every rule is made a query, and contracts' own checks are left out, so that no row is kept out and
each rule has the rows of every case to find something in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from lgdp.audit.kernel_counts import KernelCounts
from lgdp.audit.result import Batch
from lgdp.checks.compiled import compile_rules
from lgdp.checks.compiled_rule import SLOT, CompiledRule, CompiledRules
from lgdp.checks.kernel import check
from lgdp.checks.sql_text import literal, quoted
from lgdp.checks.task import CheckTask
from lgdp.contracts.case import Case, Row
from lgdp.contracts.contract import Contract
from lgdp.contracts.expectation_form import ROW_COUNT, UNIQUE
from lgdp.contracts.reference import PREFIX
from lgdp.contracts.ruleset import Ruleset
from tests.reference_files import reference_files
from tests.unit.rules.trial import COUNCIL, LIMITS, PREVIOUS, bronze_of

Sender = tuple[str, str]
"""Submission and council of a case."""


@dataclass
class Sent:
    """Rows of all cases by table, each with its sender and its number in the case."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    origins: dict[str, list[tuple[Sender, int]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, rows: Sequence[Row], sender: Sender) -> None:
        self.rows[table] += rows
        self.origins[table] += [(sender, number) for number in range(1, len(rows) + 1)]

    def told_apart(self, table: str, typed: pa.Table) -> pa.Table:
        """Rows that were typed together and numbered in one series, as each sender's own."""
        origins = [self.origins[table][row - 1] for row in typed["_row"].to_pylist()]
        own = {
            "_submission": pa.array([submission for (submission, _), _ in origins], pa.string()),
            "_council": pa.array([council for (_, council), _ in origins], pa.string()),
            "_row": pa.array([number for _, number in origins], typed["_row"].type),
        }
        for name, values in own.items():
            typed = typed.set_column(typed.column_names.index(name), name, values)
        return typed.cast(pa.schema([each.with_nullable(True) for each in typed.schema]))


def judged_by(contract: Contract, period: str) -> Ruleset:
    """The ruleset of a period with each rule as a query.

    Row counts and keys, which are judged by submission, are left to `test_agreement`.
    """
    ruleset = contract.ruleset(contract.read_period(period))
    suites = {}
    for table, suite in ruleset.suites.items():
        rules = tuple(
            rule.model_copy(update={"severity": "warning"})
            for rule in suite.expectations
            if rule.type not in (ROW_COUNT, UNIQUE)
        )
        suites[table] = suite.model_copy(update={"expectations": rules})
    spec = ruleset.spec.model_copy(update={"identity": ()})
    return ruleset.model_copy(update={"suites": suites, "spec": spec})


class ReturnBatch:
    """One return and period with the rows of its cases."""

    def __init__(
        self, contract: Contract, period: str, ruleset: Ruleset, cases: Sequence[Case], folder: Path
    ) -> None:
        self.contract, self.period, self.ruleset = contract, period, ruleset
        self._folder = folder
        self._references = reference_files(ruleset, contract.references)
        now, before = Sent(), Sent()
        self._senders: list[Sender] = []
        for number, case in enumerate(cases):
            own = {name for name in case.rows if name in contract.table_names}
            earlier = [name for name in case.rows if name not in own]
            # What the year before held belongs to a council of its own.
            council = f"C{number:08}" if earlier else COUNCIL
            self._senders.append((f"{number:032x}", council))
            for name in own:
                now.add(name, case.rows[name], self._senders[-1])
            for name in earlier:
                sender = f"{number + 10**6:032x}", council
                before.add(name.removeprefix(PREVIOUS), case.rows[name], sender)
        self._now, self._before = self._typed(now, "now"), self._typed(before, "before")

    def _typed(self, sent: Sent, folder: str) -> dict[str, pa.Table]:
        """The rows of all cases, typed together; a table that no case has rows of is empty."""
        scratch = self._folder / folder
        scratch.mkdir(parents=True)
        # Each table begins with a row of nothing, that there be a file of it.
        rows = {
            table.name: (dict.fromkeys(table.column_names), *sent.rows[table.name])
            for table in self.ruleset.spec.tables
        }
        ruleset = self.ruleset.model_copy(update={"suites": {}})
        task = CheckTask(
            submission="0" * 32,
            council=COUNCIL,
            council_names=(),
            ruleset=ruleset,
            rules=CompiledRules(ruleset=ruleset.id, rules=()),
            collection=self.contract.collection(self.contract.read_period(self.period)),
            bronze=bronze_of(ruleset, rows, scratch),
            limits=LIMITS,
        )
        found = {}
        for name, path in check(task, scratch).silver.items():
            typed = pq.ParquetFile(path).read()
            numbers = pc.subtract(typed["_row"], 1)
            typed = typed.set_column(typed.column_names.index("_row"), "_row", numbers)
            found[name] = sent.told_apart(name, typed.filter(pc.field("_row") > 0))
        return found

    def collection(self) -> pa.Table:
        """The rows of the view `collection`."""
        own = self.contract.collection(self.contract.read_period(self.period))
        fixed = {"period": own.period, "period_start": own.start, "period_end": own.end}
        return pa.Table.from_pylist(
            [
                {"_submission": key, "_council": council, **fixed, **self.ruleset.spec.parameters}
                for key, council in self._senders
            ]
        )

    def kernel_counts(self) -> KernelCounts:
        """What each rule finds in DuckDB, asked of all submissions together."""
        unexpected = Counter[tuple[str, str]]()
        rows: dict[str, int] = {}
        with duckdb.connect() as db:
            db.execute("SET TimeZone = 'UTC'")
            self._make_tables(db)
            for table in self.ruleset.spec.tables:
                found = db.execute(f"SELECT count(*) FROM {quoted(table.name)}").fetchone()
                rows[table.name] = int(found[0]) if found else 0
            for rule in compile_rules(self.ruleset).rules:
                if rule.origin == "suite":
                    found = db.execute(f"SELECT count(*) FROM ({self._sql(rule)})").fetchone()
                    unexpected[rule.table, rule.code] = int(found[0]) if found else 0
        return KernelCounts(dict(unexpected), rows)

    def _sql(self, rule: CompiledRule) -> str:
        sql = rule.sql
        own = self.contract.collection(self.contract.read_period(self.period))
        values = {"period": own.period, "period_start": own.start, "period_end": own.end}
        for name, value in {**values, **self.ruleset.spec.parameters}.items():
            sql = sql.replace(quoted(SLOT.format(name)), literal(value))
        return sql if rule.kind == "query" else f"SELECT * FROM {quoted(rule.table)} WHERE {sql}"

    def _make_tables(self, db: duckdb.DuckDBPyConnection) -> None:
        for name, frame in self._arrow.items():
            db.register(f"arrow:{name}", frame)
            # Rules name the rows they find by the number that the kernel gives them.
            db.execute(
                f"CREATE TABLE {quoted(name)} AS "
                f"SELECT row_number() OVER () AS _rid, * FROM {quoted(f'arrow:{name}')}"
            )
            db.unregister(f"arrow:{name}")
        for name, path in self._references.items():
            db.execute(f"CREATE TABLE {quoted(PREFIX + name)} AS FROM read_parquet('{path}')")

    @cached_property
    def _arrow(self) -> dict[str, pa.Table]:
        """Every table by the name that rules call it by."""
        before = {PREVIOUS + name: table for name, table in self._before.items()}
        return {"collection": self.collection(), **self._now, **before}

    def batch(self, spark: SparkSession) -> Batch:
        """The batch as the audit takes it."""
        frames = {name: spark_frame(spark, table) for name, table in self._arrow.items()}
        names = [table.name for table in self.ruleset.spec.tables]
        return Batch(
            name="batch",
            ruleset=self.ruleset,
            tables={name: frames[name] for name in names},
            collection=frames["collection"],
            previous={name: frames[PREVIOUS + name] for name in names},
            reference={
                name: spark_frame(spark, pq.ParquetFile(path).read())
                for name, path in self._references.items()
            },
        )


def spark_frame(spark: SparkSession, table: pa.Table) -> DataFrame:
    """An Arrow table as a frame of one partition, so that no rule moves rows to join them."""
    return spark.createDataFrame(table).coalesce(1)
