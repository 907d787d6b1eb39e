"""The cases of a return's rules as one batch: each case is a submission, all rules judge all rows.

Every rule is made a query, and contracts' own checks are left out, so that no row is kept out and
each rule has the rows of every case to find something in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

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
from tests.unit.rules.trial import COUNCIL, LIMITS, PREVIOUS, bronze_of, only

Rows = Mapping[str, Sequence[Row]]


@dataclass
class Silver:
    """Typed rows of all submissions, by table; `previous` those of the period before."""

    tables: dict[str, list[pa.Table]] = field(default_factory=lambda: defaultdict(list))
    previous: dict[str, list[pa.Table]] = field(default_factory=lambda: defaultdict(list))
    senders: list[tuple[str, str]] = field(default_factory=list)


def judged_by(contract: Contract, period: str, codes: set[str] | None = None) -> Ruleset:
    """The ruleset of a period with each rule as a query; of `codes` alone, if they are given.

    Row counts and keys, which are judged by submission, are left to `test_agreement`.
    """
    ruleset = contract.ruleset(contract.read_period(period))
    suites = {}
    for table, suite in ruleset.suites.items():
        rules = tuple(
            rule.model_copy(update={"severity": "warning"})
            for rule in suite.expectations
            if rule.type not in (ROW_COUNT, UNIQUE) and (codes is None or rule.meta.code in codes)
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
        self.silver = Silver()
        for number, case in enumerate(cases):
            self._add(number, case.rows)

    def _add(self, number: int, rows: Rows) -> None:
        """Type the rows of one case. What the year before held belongs to a council of its own."""
        before = {
            name.removeprefix(PREVIOUS): own
            for name, own in rows.items()
            if name.startswith(PREVIOUS) and name not in self.contract.table_names
        }
        now = {name: own for name, own in rows.items() if name in self.contract.table_names}
        council = f"C{number:08}" if before else COUNCIL
        for submission, part, target in (
            (f"{number:032x}", now, self.silver.tables),
            (f"{number + 10**6:032x}", before, self.silver.previous),
        ):
            for name, table in self._typed(part, submission, council).items():
                target[name].append(table)
        self.silver.senders.append((f"{number:032x}", council))

    def _typed(self, rows: Rows, submission: str, council: str) -> dict[str, pa.Table]:
        if not any(rows.values()):
            return {}
        scratch = self._folder / submission
        scratch.mkdir(parents=True)
        ruleset = only(self.ruleset, set(rows)).model_copy(update={"suites": {}})
        task = CheckTask(
            submission=submission,
            council=council,
            council_names=(),
            ruleset=ruleset,
            rules=CompiledRules(ruleset=ruleset.id, rules=()),
            collection=self.contract.collection(self.contract.read_period(self.period)),
            bronze=bronze_of(ruleset, {name: tuple(own) for name, own in rows.items()}, scratch),
            limits=LIMITS,
        )
        fixed = {"_submission": submission, "_council": council}
        found = {}
        for name, path in check(task, scratch).silver.items():
            table = pq.ParquetFile(path).read()
            for column, value in fixed.items():
                place = table.column_names.index(column)
                same = pa.array([value] * table.num_rows, pa.string())
                table = table.set_column(place, column, same)
            found[name] = table.cast(pa.schema([each.with_nullable(True) for each in table.schema]))
        return found

    def collection(self) -> pa.Table:
        """The rows of the view `collection`."""
        own = self.contract.collection(self.contract.read_period(self.period))
        fixed = {"period": own.period, "period_start": own.start, "period_end": own.end}
        return pa.Table.from_pylist(
            [
                {"_submission": key, "_council": council, **fixed, **self.ruleset.spec.parameters}
                for key, council in self.silver.senders
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
        """Every table by the name that rules call it by, empty where no case has rows of it."""
        frames = {"collection": self.collection()}
        for table in self.ruleset.spec.tables:
            empty = self._empty(table.name)
            frames[table.name] = pa.concat_tables([empty, *self.silver.tables[table.name]])
            frames[PREVIOUS + table.name] = pa.concat_tables(
                [empty, *self.silver.previous[table.name]]
            )
        return frames

    def _empty(self, table: str) -> pa.Table:
        scratch = self._folder / f"empty-{table}"
        scratch.mkdir(parents=True, exist_ok=True)
        row = dict.fromkeys(self.ruleset.table(table).column_names)
        made = self._typed({table: (row,)}, f"empty-{table}/x", COUNCIL)
        return made[table].slice(0, 0)

    def batch(self, spark: SparkSession) -> Batch:
        """The batch as the audit takes it."""
        paths = {}
        for name, table in self._arrow.items():
            paths[name] = self._folder / f"batch-{name}.parquet"
            pq.write_table(table, paths[name])
        frames = {name: spark.read.parquet(str(path)) for name, path in paths.items()}
        names = [table.name for table in self.ruleset.spec.tables]
        return Batch(
            name="batch",
            ruleset=self.ruleset,
            tables={name: frames[name] for name in names},
            collection=frames["collection"],
            previous={name: frames[PREVIOUS + name] for name in names},
            reference={
                name: spark.read.parquet(str(path)) for name, path in self._references.items()
            },
        )
