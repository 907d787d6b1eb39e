"""The kernel: check one submission. Rows in, verdict and Parquet files out; no Spark, no lake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from lgdp.checks.drift import find_drift
from lgdp.checks.failure_book import FailureBook
from lgdp.checks.identity import contradictions
from lgdp.checks.judging import Judging
from lgdp.checks.outcome import Outcome, RuleCount, TableCounts
from lgdp.checks.output import SubmissionFiles
from lgdp.checks.refusal import broken_rule, empty, wrong_row_counts
from lgdp.checks.task import CheckTask, FileNote
from lgdp.checks.workspace import SMALL, Workspace
from lgdp.contracts.statutory_return import Verdict
from lgdp.errors import LgdpError

DEFECTS = {
    "TOO_FEW_FIELDS": "The record has fewer fields than the header; nothing in it can be placed.",
    "TOO_MANY_FIELDS": "The record has more fields than the header; put values that contain the "
    "delimiter in quotation marks.",
    "TOTALS_ROW": "The record is a total of those above it and no record of its own; leave it out.",
    "DUPLICATE_KEY": "The record names a key twice; name each once, so that it is certain which "
    "value counts.",
    "NOT_A_NUMBER": "The record holds a word such as NaN, which JSON does not have; write null, or "
    "leave the key out.",
    "NESTED_VALUE": "The record holds an object or array where a plain value belongs.",
    "NUL_BYTE": "The record holds NUL bytes, which are not text; export the file again.",
    "BAD_ENCODING": "The record holds bytes that are not text in the file's encoding; export the "
    "file again as UTF-8.",
}


def check(task: CheckTask, scratch: Path, small: int = SMALL, files_wanted: bool = True) -> Outcome:
    """Check one submission; its files are written into `scratch`.

    Unless they are wanted there are no silver and quarantine files, only their counts.

    Every row meets every rule, whatever else is wrong with it; a rule that needs a table which was
    not sent is not applied. Tables of up to `small` bytes of
    bronze are kept typed in memory, larger ones are typed as they are read; the outcome is the
    same. Raises ConfigurationError for a rule that can't be planned, and RowsLost if rows in do
    not equal silver plus quarantine, which no input may ever cause.
    """
    task = task.model_copy(update={"rules": task.rules.applied_to(task.given)})
    with workspace_of(task, scratch, [(task.submission, task.council)], small) as space:
        return _Check(task, space, scratch, files_wanted).run()


def workspace_of(
    task: CheckTask, scratch: Path, senders: Sequence[tuple[str, str]], small: int = SMALL
) -> Workspace:
    """The workspace for a task with its rows; `senders` are the submissions and councils in it."""
    return Workspace(
        task.ruleset,
        task.collection,
        senders,
        task.bronze,
        _previous(task),
        scratch,
        task.limits.check_memory,
        small,
        _needed(task),
        _reference(task),
    )


def _needed(task: CheckTask) -> dict[str, int]:
    """By table, how many query rules of the tables that were sent read it."""
    counts: Counter[str] = Counter()
    for rule in task.rules.rules:
        if rule.kind == "query" and rule.table in task.bronze:
            counts.update({rule.table, *rule.reads})
    return dict(counts)


def _previous(task: CheckTask) -> dict[str, tuple[Path, ...]]:
    """The previous period's files for every table that a rule reads there, be it none."""
    used = (rule for rule in task.rules.rules if rule.table in task.bronze)
    tables = {name for rule in used for name in rule.previous}
    tables |= {name for name in task.ruleset.spec.drifting if name in task.bronze}
    return {table: task.previous.get(table, ()) for table in tables}


def _reference(task: CheckTask) -> dict[str, Path]:
    """The reference tables that a rule of a table that was sent reads."""
    used = (rule for rule in task.rules.rules if rule.table in task.bronze)
    names = sorted({name for rule in used for name in rule.reference})
    missing = [name for name in names if name not in task.reference]
    if missing:
        raise LgdpError(f"the task does not carry the reference table {', '.join(missing)}")
    return {name: task.reference[name] for name in names}


class _Check:
    def __init__(
        self, task: CheckTask, space: Workspace, scratch: Path, files_wanted: bool
    ) -> None:
        self.task, self.space, self.scratch = task, space, scratch
        self.files_wanted = files_wanted
        self.book = FailureBook(space, task.submission, task.limits.failures_per_rule)
        self.rows = {table: file.rows for table, file in space.bronze.items()}

    def run(self) -> Outcome:
        task = self.task
        for note in task.notes:
            self.book.add_note(note)
        for table, records in self.space.damaged.items():
            if records:
                self.book.add_defects(table, DEFECTS)
        judging = Judging(self.space, task.rules, self.book, not task.unreadable)
        counts = judging.run()
        notes = list(self._notes(judging))
        for note in notes:
            self.book.add_note(note)
        refusals = [note.code for note in (*task.notes, *notes) if note.severity == "critical"]
        return self._outcome(counts, refusals)

    def _notes(self, judging: Judging) -> Iterator[FileNote]:
        yield from contradictions(self.task, self.space)
        yield from (broken_rule(rule, error) for rule, error in dict(judging.broken).items())
        if self._is_nil:
            yield from empty(self.task)
        elif not self.task.unreadable:
            yield from wrong_row_counts(self.task, self.space)
            yield from find_drift(self.space)

    @property
    def _is_nil(self) -> bool:
        return not self.task.unreadable and not any(self.rows.values())

    def _outcome(self, counts: tuple[RuleCount, ...], refusals: list[str]) -> Outcome:
        task, book = self.task, self.book
        files = SubmissionFiles(self.space, self.scratch, task, refusals, self.files_wanted)
        tables: dict[str, TableCounts] = {}
        for table in task.ruleset.spec.tables:
            if table.name in self.rows:
                tables[table.name] = files.write(table, self.rows[table.name])
        failures = self.scratch / "failures.parquet"
        rows = book.write(failures, task.ruleset.id)
        return Outcome(
            submission=task.submission,
            ruleset=task.ruleset.id,
            verdict=self._verdict(bool(refusals)),
            nil=self._is_nil and not refusals,
            tables=tables,
            previous=tuple(sorted(name for name, paths in task.previous.items() if paths)),
            rules=tuple(
                count.model_copy(update={"silver": 0}) if refusals else count for count in counts
            ),
            errors=book.counts["critical"],
            queries=book.counts["warning"],
            notes=book.counts["info"],
            silver=files.silver,
            quarantine=files.quarantine,
            failures=failures,
            failure_rows=rows,
        )

    def _verdict(self, rejected: bool) -> Verdict:
        if rejected:
            return "rejected"
        if self.book.counts["critical"]:
            return "has errors"
        return "has queries" if self.book.counts["warning"] else "clean"
