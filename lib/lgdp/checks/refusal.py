"""What is wrong with a delivery as a whole, beside its files and its identity."""

from __future__ import annotations

from collections.abc import Iterator

from lgdp.checks.compiled_rule import CompiledRule
from lgdp.checks.task import CheckTask, FileNote
from lgdp.checks.workspace import Workspace
from lgdp.errors import RuleError


def empty(task: CheckTask) -> Iterator[FileNote]:
    """A refusal of a delivery without a row, if the return takes none."""
    if not task.nil_allowed:
        yield FileNote(
            file=None,
            code="NIL_NOT_ALLOWED",
            severity="critical",
            message="The delivery holds no rows, and this return is never empty.",
        )


def wrong_row_counts(task: CheckTask, space: Workspace) -> Iterator[FileNote]:
    """The row-count rules that a table breaks, counted after rows were kept out."""
    for rule in task.rules.rules:
        if rule.kind != "count":
            continue
        sent = rule.table in space.bronze
        rows = space.rows_left(rule.table) if sent else 0
        least, most = rule.bounds
        if (least is not None and rows < least) or (most is not None and rows > most):
            yield FileNote(
                file=None,
                table=rule.table,
                code=rule.code,
                severity=rule.severity,
                message=rule.message.replace("{value}", f"{rows:,}"),
            )


def broken_rule(rule: CompiledRule, error: RuleError) -> FileNote:
    """A refusal: what a rule can't be applied to can't be said to meet it."""
    return FileNote(
        file=None,
        table=rule.table,
        code="RULE_ERROR",
        severity="critical",
        column=rule.column,
        message=f"The rule {rule.code} of {rule.table} can't be applied to this delivery: {error}. "
        "It is the rule that has to be mended; nothing was accepted.",
    )
