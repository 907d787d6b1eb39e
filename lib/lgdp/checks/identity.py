"""Whose, and for when, the data itself says it is: a contradiction refuses the submission."""

from __future__ import annotations

from collections.abc import Iterator

from lgdp.checks.cast import raw
from lgdp.checks.sql_text import quoted
from lgdp.checks.task import CheckTask, FileNote
from lgdp.checks.workspace import Workspace
from lgdp.contracts.council import fold_name
from lgdp.contracts.spec import Identity

MOST_SHOWN = 10
"""Different values that are named; a column of something else would have one for each row."""


def contradictions(task: CheckTask, space: Workspace) -> Iterator[FileNote]:
    """A refusal for each other council or period than the sender's in an identity column.

    A column of councils is compared with every code and spelling of the sender.
    """
    for item in task.ruleset.spec.identity:
        if item.table in task.bronze:
            wrong = (note for note in _statements(item, task, space) if note is not None)
            for _, note in zip(range(MOST_SHOWN), wrong, strict=False):
                yield note


def agrees(item: Identity, task: CheckTask, value: str) -> bool:
    """Whether a value of an identity column is that of the delivery."""
    if item.says == "council":
        return fold_name(value) in task.council_names
    return value.replace("/", "-") == _expected(item, task)


def _statements(item: Identity, task: CheckTask, space: Workspace) -> Iterator[FileNote | None]:
    text = raw(item.column)
    found = space.db.execute(
        f"SELECT {text}, count(*), min_by(_file, _row), min(_row) "
        f"FROM {quoted(f'all:{item.table}')} WHERE {text} IS NOT NULL GROUP BY ALL "
        "ORDER BY min(_row), 1"
    )
    while rows := found.fetchmany(1000):
        for value, count, file, row in rows:
            yield _statement(item, task, str(value), (int(count), str(file), int(row)))


def _statement(
    item: Identity, task: CheckTask, value: str, place: tuple[int, str, int]
) -> FileNote | None:
    """Null when the value agrees with the delivery; `place` is count, first file and its row."""
    if agrees(item, task, value):
        return None
    expected = task.council if item.says == "council" else _expected(item, task)
    count, file, row = place
    return FileNote(
        file=file,
        table=item.table,
        code="COUNCIL_MISMATCH" if item.says == "council" else "PERIOD_MISMATCH",
        severity="critical",
        column=item.column,
        row=row,
        message=f"{item.column} says '{value}' in {count:,} row{'s' if count > 1 else ''}, but "
        f"the delivery is for {expected}. Send it for the council and period that it is of.",
    )


def _expected(item: Identity, task: CheckTask) -> str:
    collection = task.collection
    years = {
        "period": collection.period,
        "period_start_year": str(collection.start.year),
        "period_end_year": str(collection.end.year),
    }
    return years[item.says]
