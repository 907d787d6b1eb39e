"""Many tiny submissions looked at together, to find those in which nothing is wrong.

Planning the statements of a check takes far longer than running them over a few rows. Rules are
written for a batch of submissions, so one run over many finds the submissions that any rule has
something to say of; these are then checked one by one. Of the others the outcome is known.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lgdp.checks.cast import raw
from lgdp.checks.clean_files import write_apart
from lgdp.checks.compiled_rule import CompiledRule
from lgdp.checks.failure_book import FailureBook
from lgdp.checks.identity import agrees
from lgdp.checks.kernel import workspace_of
from lgdp.checks.outcome import Outcome, RuleCount, TableCounts
from lgdp.checks.query_judging import AT_ONCE
from lgdp.checks.row_judging import RowJudging
from lgdp.checks.rule_run import NOT_APPLICABLE, WRITTEN_WRONGLY, reason_of
from lgdp.checks.sql_text import quoted
from lgdp.checks.task import CheckTask
from lgdp.checks.workspace import Workspace
from lgdp.errors import RuleError
from lgdp.intake.tidy import tidy_columns, tidy_metadata

TINY = 64 << 10
"""Bronze bytes of a submission that is worth looking at together with others."""


def is_tiny(task: CheckTask) -> bool:
    """Whether a submission may be looked at together with others of its kind."""
    plain = not task.nil and not task.unreadable and not any(task.previous.values())
    calm = all(note.severity == "info" for note in task.notes)
    return plain and calm and sum(path.stat().st_size for path in task.bronze.values()) <= TINY


def check_together(tasks: Sequence[CheckTask], scratch: Path) -> dict[str, Outcome]:
    """The outcomes of the submissions that are clean, as `check` would give them, by id.

    All are tiny, have one ruleset, one collection and the same tables. The others are left out,
    and all are when it can't be told.
    """
    joined = _joined(tasks, scratch)
    if joined is None:
        return {}
    with workspace_of(
        joined, scratch, [(each.submission, each.council) for each in tasks]
    ) as space:
        return _Together(tasks, joined, space, scratch).run()


def _joined(tasks: Sequence[CheckTask], scratch: Path) -> CheckTask | None:
    """One task with the rows of all; None if their bronze files are not alike."""
    first = tasks[0]
    bronze = {}
    for table in first.bronze:
        parts = []
        for task in tasks:
            with pq.ParquetFile(task.bronze[table]) as file:
                parts.append(file.read())
        if any(part.schema != parts[0].schema for part in parts):
            return None
        bronze[table] = scratch / f"{table}.together.parquet"
        # A column is tidy in all of them, or not at all.
        tidy = frozenset.intersection(*(tidy_columns(part.schema.metadata) for part in parts))
        rows = pa.concat_tables(parts).replace_schema_metadata(tidy_metadata(tidy))
        with pq.ParquetWriter(bronze[table], rows.schema, compression="lz4") as writer:
            writer.write_table(rows)
    rules = first.rules.applied_to(first.given)
    return first.model_copy(update={"bronze": bronze, "rules": rules})


class _Together:
    def __init__(
        self, tasks: Sequence[CheckTask], joined: CheckTask, space: Workspace, scratch: Path
    ) -> None:
        self._tasks, self._joined, self._space, self._scratch = tasks, joined, space, scratch
        self._book = FailureBook(space, "", joined.limits.failures_per_rule)
        self._rows: dict[str, dict[str, int]] = {}

    def run(self) -> dict[str, Outcome]:
        for table in self._joined.bronze:
            self._rows[table] = self._count(table)
        try:
            found = set(self._found())
        except RuleError:
            # Which one a rule can't be applied to is found one by one.
            return {}
        clean = [task for task in self._tasks if task.submission not in found]
        silver = write_apart(self._space, {task.submission for task in clean}, self._scratch)
        nothing = self._scratch / "nothing.parquet"
        self._book.write(nothing, self._joined.ruleset.id)
        return {task.submission: self._outcome(task, silver, nothing) for task in clean}

    def _count(self, table: str) -> dict[str, int]:
        sql = f"SELECT _submission, count(*) FROM {self._space.sent(table)} GROUP BY ALL"
        return dict(self._space.db.execute(sql).fetchall())

    def _found(self) -> Iterator[str]:
        """Submissions that have to be checked by themselves, some of them several times."""
        for table in self._joined.bronze:
            bronze = self._space.sent(table)
            yield from self._names(f"FROM {bronze} WHERE _defect IS NOT NULL")
            yield from self._flagged(table)
        yield from self._queried()
        yield from self._short_or_long()
        yield from self._contradicted()
        yield from (each.submission for each in self._tasks if not self._has_rows(each))

    def _names(self, source: str) -> list[str]:
        rows = self._space.db.execute(f"SELECT DISTINCT _submission {source}").fetchall()
        return [name for (name,) in rows]

    def _flagged(self, table: str) -> list[str]:
        rules = [rule for rule in self._joined.rules.of(table) if rule.kind == "row"]
        judging = RowJudging(self._space, self._joined.ruleset.table(table), rules)
        flagged = sum(judging.run())
        if judging.broken:
            raise judging.broken[0][1]
        if not flagged:
            return []
        return self._names(
            f"FROM {quoted(f'all:{table}')} SEMI JOIN {quoted(f'bad:{table}')} USING (_rid)"
        )

    def _queried(self) -> Iterator[str]:
        at_once = AT_ONCE if self._space.quick else 1
        for table in self._joined.bronze:
            rules = [rule for rule in self._joined.rules.of(table) if self._may_find(rule)]
            for start in range(0, len(rules), at_once):
                yield from self._hit(table, rules[start : start + at_once])

    def _may_find(self, rule: CompiledRule) -> bool:
        return rule.kind == "query" and self._space.empty.isdisjoint(rule.idle_without)

    def _hit(self, table: str, rules: Sequence[CompiledRule]) -> list[str]:
        """Submissions with a row that any rule finds; RuleError if one can't be applied."""
        rows = " UNION ALL ".join(
            f"SELECT _rid FROM ({self._space.settled(rule.together or rule.sql)})" for rule in rules
        )
        try:
            return self._names(f"FROM {quoted(f'all:{table}')} SEMI JOIN ({rows}) USING (_rid)")
        except (*WRITTEN_WRONGLY, *NOT_APPLICABLE) as error:
            raise RuleError(reason_of(error)) from error

    def _short_or_long(self) -> Iterator[str]:
        for rule in self._joined.rules.rules:
            if rule.kind != "count":
                continue
            least, most = rule.bounds
            for task in self._tasks:
                rows = self._rows.get(rule.table, {}).get(task.submission, 0)
                if (least is not None and rows < least) or (most is not None and rows > most):
                    yield task.submission

    def _contradicted(self) -> Iterator[str]:
        tasks = {task.submission: task for task in self._tasks}
        for item in self._joined.ruleset.spec.identity:
            if item.table not in self._joined.bronze:
                continue
            text = raw(item.column)
            said = self._space.db.execute(
                f"SELECT DISTINCT _submission, {text} FROM {quoted(f'all:{item.table}')} "
                f"WHERE {text} IS NOT NULL"
            )
            for submission, value in said.fetchall():
                if not agrees(item, tasks[submission], str(value)):
                    yield submission

    def _has_rows(self, task: CheckTask) -> bool:
        return any(rows.get(task.submission, 0) for rows in self._rows.values())

    def _outcome(
        self, task: CheckTask, silver: dict[str, dict[str, Path]], nothing: Path
    ) -> Outcome:
        counts = {
            table: TableCounts(
                rows=rows.get(task.submission, 0),
                silver=rows.get(task.submission, 0),
                quarantine=0,
            )
            for table, rows in self._rows.items()
        }
        failures = self._scratch / f"{task.submission}.failures.parquet"
        if task.notes:
            self._book.begin(task.submission)
            for note in task.notes:
                self._book.add_note(note)
            self._book.write(failures, task.ruleset.id)
        else:
            shutil.copyfile(nothing, failures)
        return Outcome(
            submission=task.submission,
            ruleset=task.ruleset.id,
            verdict="clean",
            nil=False,
            tables=counts,
            rules=tuple(
                RuleCount(
                    table=rule.table, code=rule.code, severity=rule.severity, found=0, silver=0
                )
                for rule in self._joined.rules.rules
                if rule.origin == "suite" and rule.kind != "count"
            ),
            previous=(),
            errors=0,
            queries=0,
            notes=len(task.notes),
            silver={
                table: files[task.submission]
                for table, files in silver.items()
                if task.submission in files
            },
            quarantine={},
            failures=failures,
            failure_rows=len(task.notes),
        )
