"""Rules at the terminal: the book, what a suite finds, and where it is wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lgdp.cli.show import SEVERITY_WORDS, coloured, console, safe, table_of
from lgdp.errors import UsageError

if TYPE_CHECKING:
    from lgdp.checks.mistake import Mistake
    from lgdp.pipeline.trying import Trial
    from lgdp.reports.rule_book import BookRule, ExampleTable, RuleBook

MARKS = {"!": "fails", ".": "passes"}


def show_book(book: RuleBook, code: str | None) -> None:
    """A line for each rule; of one rule everything. UsageError for a code that is none's."""
    screen = console()
    if code is not None:
        chosen = [rule for rule in book.rules if rule.code == code]
        if not chosen:
            raise UsageError(f"{book.return_name} has no rule {code} in {book.period}")
        for rule in chosen:
            _show_rule(rule)
        return
    screen.print(f"{safe(book.title)}, {safe(book.period)}: {len(book.rules):,} checks")
    rows = [
        [rule.code, rule.table, SEVERITY_WORDS[rule.severity], rule.since, rule.message]
        for rule in book.rules
    ]
    screen.print(table_of(["code", "table", "", "since", "message"], rows))


def _show_rule(rule: BookRule) -> None:
    screen = console()
    screen.print(
        f"{safe(rule.code)} of {safe(rule.table)}, {coloured(rule.severity)}: {safe(rule.message)}"
    )
    until = f" until {rule.until}" if rule.until else ""
    facts = {
        "columns": ", ".join(rule.columns),
        "checks": "" if rule.query else rule.checks,
        "why": rule.why,
        "source": rule.source,
        "since": rule.since + until,
        "query": rule.query,
    }
    for name, text in facts.items():
        if text:
            screen.print(f"  {name}: {safe(text)}")
    for example in rule.examples:
        for part in example:
            _show_part(part, own=part.table == rule.table)
    screen.print()


def _show_part(part: ExampleTable, own: bool) -> None:
    rows = [
        [MARKS[mark] if own else "", *row] for mark, row in zip(part.marks, part.rows, strict=True)
    ]
    console().print(table_of(["", *part.columns], rows, title=f"  {part.table}"))


def show_mistakes(path: Path, mistakes: Sequence[Mistake]) -> None:
    """Each mistake with the line of the query that it is in, and carets under the place."""
    screen = console()
    lines = path.read_text(encoding="utf-8").splitlines()
    for mistake in mistakes:
        screen.print(f"{safe(path)}{_line(lines, mistake)}: {safe(mistake.code)}:", end=" ")
        screen.print(safe(mistake.message))
        if mistake.pointed is not None:
            line, carets, _ = mistake.pointed
            screen.print(f"    {safe(line)}")
            screen.print(f"    [red]{carets}[/]")


def _line(lines: Sequence[str], mistake: Mistake) -> str:
    """The line of the file that holds the query, else that of its code."""
    for text in (json.dumps(mistake.query), json.dumps(mistake.query, ensure_ascii=False)):
        for number, line in enumerate(lines, start=1):
            if mistake.query and text in line:
                return f", line {number}"
    return ""


def show_trial(trial: Trial, most: int) -> None:
    """For each rule how many rows it finds, and the first of them."""
    screen = console()
    screen.print(
        table_of(["code", "rows"], [[code, len(rows)] for code, rows in trial.found.items()])
    )
    for code, rows in trial.found.items():
        if rows:
            screen.print()
            shown = [
                [row["file"], row["row"], row["key"], row["column"], row["value"], row["message"]]
                for row in rows[:most]
            ]
            headings = ["file", "row", "key", "column", "value", "message"]
            screen.print(table_of(headings, shown, title=f"{code}"))
            if len(rows) > most:
                screen.print(f"… and {len(rows) - most:,} more; --most N shows them.")
    if trial.other:
        screen.print()
        screen.print(f"{trial.other:,} other findings are the contract's; see lgdp precheck.")
    if trial.verdict == "rejected":
        screen.print("The files would be rejected; lgdp precheck says why.")
