"""The kernel: check one submission. Rows in, verdict and Parquet files out; no Spark, no lake."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lgdp.checks.compiled import CompiledRule
from lgdp.checks.failure_book import FailureBook
from lgdp.checks.identity import contradictions
from lgdp.checks.judging import Judging
from lgdp.checks.outcome import Outcome, RuleCount, TableCounts
from lgdp.checks.sql_text import literal, quoted
from lgdp.checks.task import CheckTask, FileNote
from lgdp.checks.workspace import Workspace
from lgdp.contracts.statutory_return import Verdict
from lgdp.contracts.table import TableSpec
from lgdp.errors import RowsLost

DEFECTS = {
    "TOO_FEW_FIELDS": "The record has fewer fields than the header; nothing in it can be placed.",
    "TOO_MANY_FIELDS": "The record has more fields than the header; put values that contain the "
    "delimiter in quotation marks.",
    "NUL_BYTE": "The record holds NUL bytes, which are not text; export the file again.",
    "BAD_ENCODING": "The record holds bytes that are not text in the file's encoding; export the "
    "file again as UTF-8.",
}
GROUP = "ROW_GROUP_SIZE 122880"


def check(task: CheckTask, scratch: Path) -> Outcome:
    """Check one submission; its files are written into `scratch`.

    Every row meets every rule, whatever else is wrong with it. Raises RowsLost if rows in do not
    equal silver plus quarantine, which no input may ever cause.
    """
    with Workspace(
        task.ruleset,
        task.collection,
        task.submission,
        task.council,
        task.bronze,
        _previous(task),
        scratch,
        task.limits.check_memory,
    ) as space:
        return _Check(task, space, scratch).run()


def _previous(task: CheckTask) -> dict[str, tuple[Path, ...]]:
    """The previous period's files for every table that a rule reads there, be it none."""
    tables = {name for rule in task.rules.rules for name in rule.previous}
    return {table: task.previous.get(table, ()) for table in tables}


class _Check:
    def __init__(self, task: CheckTask, space: Workspace, scratch: Path) -> None:
        self.task, self.space, self.scratch = task, space, scratch
        self.book = FailureBook(space, task.submission, task.limits.failures_per_rule)
        self.rows = {
            table: space.count(f"SELECT count(*) FROM {quoted(f'bronze:{table}')}")
            for table in task.bronze
        }

    def run(self) -> Outcome:
        task = self.task
        for note in task.notes:
            self.book.add_note(note)
        for table in self.rows:
            self.book.add_defects(table, DEFECTS)
        counts = Judging(self.space, task.rules, self.book, not task.unreadable).run()
        refusals = [*contradictions(task, self.space), *self._row_counts(), *self._empty()]
        for note in refusals:
            self.book.add_note(note)
        rejected = task.unreadable or bool(refusals)
        if rejected:
            self._keep_all_out(
                [note.code for note in (*task.notes, *refusals) if note.severity == "critical"]
            )
        return self._outcome(counts, rejected)

    @property
    def _is_nil(self) -> bool:
        return not self.task.unreadable and not any(self.rows.values())

    def _empty(self) -> Iterable[FileNote]:
        if self._is_nil and not self.task.nil_allowed:
            yield FileNote(
                file=None,
                code="NIL_NOT_ALLOWED",
                severity="critical",
                message="The delivery holds no rows, and this return is never empty.",
            )

    def _row_counts(self) -> Iterable[FileNote]:
        if self._is_nil or self.task.unreadable:
            return
        for rule in self.task.rules.rules:
            if rule.kind == "count" and self._breaks(rule):
                yield FileNote(
                    file=None,
                    table=rule.table,
                    code=rule.code,
                    severity="critical" if rule.severity == "critical" else "info",
                    message=rule.message.replace("{value}", str(self._left(rule.table))),
                )

    def _breaks(self, rule: CompiledRule) -> bool:
        least, most = rule.bounds
        rows = self._left(rule.table)
        return (least is not None and rows < least) or (most is not None and rows > most)

    def _left(self, table: str) -> int:
        return self.space.count(f"SELECT count(*) FROM {quoted(table)}")

    def _keep_all_out(self, codes: list[str]) -> None:
        for table in self.rows:
            self.space.db.execute(
                f"INSERT INTO {quoted(f'gone:{table}')} SELECT _rid, {literal(codes[0])}, NULL "
                f"FROM {quoted(f'bronze:{table}')}"
            )

    def _outcome(self, counts: tuple[RuleCount, ...], rejected: bool) -> Outcome:
        task, book = self.task, self.book
        tables: dict[str, TableCounts] = {}
        silver: dict[str, Path] = {}
        quarantine: dict[str, Path] = {}
        for table in task.ruleset.spec.tables:
            if table.name not in self.rows:
                continue
            tables[table.name] = self._write(table, silver, quarantine)
        failures = self.scratch / "failures.parquet"
        rows = book.write(failures, task.ruleset.id)
        return Outcome(
            submission=task.submission,
            ruleset=task.ruleset.id,
            verdict=self._verdict(rejected),
            nil=self._is_nil and not rejected,
            tables=tables,
            rules=tuple(
                count.model_copy(update={"silver": 0}) if rejected else count for count in counts
            ),
            errors=book.counts["critical"],
            queries=book.counts["warning"],
            notes=book.counts["info"],
            silver=silver,
            quarantine=quarantine,
            failures=failures,
            failure_rows=rows,
        )

    def _verdict(self, rejected: bool) -> Verdict:
        if rejected:
            return "rejected"
        if self.book.counts["critical"]:
            return "has errors"
        return "has queries" if self.book.counts["warning"] else "clean"

    def _write(
        self, table: TableSpec, silver: dict[str, Path], quarantine: dict[str, Path]
    ) -> TableCounts:
        name, rows = table.name, self.rows[table.name]
        ruleset = literal(self.task.ruleset.id)
        gone = quoted(f"gone:{name}")
        good_path, bad_path = (
            self.scratch / f"{name}.silver.parquet",
            self.scratch / f"{name}.quarantine.parquet",
        )
        good = self._copy(
            f"SELECT {self.space.typed_columns(table)}, {ruleset} AS _ruleset FROM {quoted(name)}",
            good_path,
        )
        bad = self._copy(
            f"SELECT b.* EXCLUDE _rid, g.codes AS _codes, {ruleset} AS _ruleset "
            f"FROM {quoted(f'bronze:{name}')} b JOIN (SELECT _rid, list_sort(list(DISTINCT code)) "
            f"AS codes FROM {gone} GROUP BY _rid) g USING (_rid) ORDER BY _file, _row",
            bad_path,
        )
        if good + bad != rows:
            raise RowsLost(
                f"{self.task.submission} {name}: {rows} rows came in, {good} silver and {bad} "
                "quarantined came out"
            )
        if good:
            silver[name] = good_path
        if bad:
            quarantine[name] = bad_path
        return TableCounts(rows=rows, silver=good, quarantine=bad)

    def _copy(self, select: str, path: Path) -> int:
        return self.space.count(
            f"COPY ({select}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd, {GROUP})"
        )
