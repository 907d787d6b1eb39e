"""Whose, and for when, the data itself says it is: a contradiction refuses the submission."""

from __future__ import annotations

from collections.abc import Iterator

from lgdp.checks.cast import raw
from lgdp.checks.sql_text import quoted
from lgdp.checks.task import CheckTask, FileNote
from lgdp.checks.workspace import Workspace
from lgdp.contracts.council import fold_name


def contradictions(task: CheckTask, space: Workspace) -> Iterator[FileNote]:
    """A refusal for each identity column that holds another council or period than the sender's.

    A column of councils is compared with every code and spelling of the sender.
    """
    years = {
        "period": task.collection.period,
        "period_start_year": str(task.collection.start.year),
        "period_end_year": str(task.collection.end.year),
    }
    for item in task.ruleset.spec.identity:
        if item.table not in task.bronze:
            continue
        text = raw(item.column)
        found = space.db.execute(
            f"SELECT {text}, count(*), min_by(_file, _row), min(_row) "
            f"FROM {quoted(f'all:{item.table}')} WHERE {text} IS NOT NULL GROUP BY ALL ORDER BY 4"
        ).fetchall()
        for value, count, file, row in found:
            if item.says == "council":
                agrees = fold_name(value) in task.council_names
                code, expected = "COUNCIL_MISMATCH", task.council
            else:
                expected = years[item.says]
                agrees, code = value == expected, "PERIOD_MISMATCH"
            if not agrees:
                yield FileNote(
                    file=file,
                    table=item.table,
                    code=code,
                    severity="critical",
                    column=item.column,
                    row=row,
                    message=f"{item.column} says '{value}' in {count:,} row"
                    f"{'s' if count > 1 else ''}, but the delivery is for {expected}. Send it for "
                    "the council and period that it is of.",
                )
