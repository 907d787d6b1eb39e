"""What a person sees at the terminal. Values from files are data, so they are escaped."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.table import Table

if TYPE_CHECKING:
    from lgdp.pipeline.precheck import Precheck

COLOURS = {
    "clean": "green",
    "has queries": "yellow",
    "has errors": "dark_orange",
    "rejected": "red",
    "critical": "red",
    "warning": "yellow",
    "info": "cyan",
}
WIDE = 400
PAGE = 100
SEVERITY_WORDS = {"critical": "must fix", "warning": "explain", "info": "note"}


def console() -> Console:
    """The terminal; where it is not one, plain text with lines as long as they are."""
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, width=WIDE, soft_wrap=True)


def heading(screen: Console, text: str) -> None:
    """A line with a title in it, no longer than a page is wide."""
    screen.print(Rule(text, align="left"), width=min(screen.width, PAGE))


def safe(value: object) -> str:
    """A value as text that can't move the cursor, colour the screen or be read as markup."""
    text = "" if value is None else str(value)
    shown = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
    return escape(shown)


def table_of(headings: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> Table:
    """A plain table; numbers are set to the right."""
    table = Table(title=title or None, title_justify="left", header_style="bold", box=None)
    listed = [list(row) for row in rows]
    for index, heading in enumerate(headings):
        numbers = bool(listed) and all(isinstance(row[index], int | float) for row in listed)
        table.add_column(
            heading, justify="right" if numbers else "left", overflow="fold", no_wrap=numbers
        )
    for row in listed:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else safe(cell) for cell in row))
    return table


def coloured(word: str) -> str:
    """A verdict or severity in its colour."""
    colour = COLOURS.get(word)
    return f"[{colour}]{word}[/]" if colour else safe(word)


def show_precheck(result: Precheck, most: int) -> None:
    """The verdict, the counts of each table, and the first failures."""
    screen, outcome = console(), result.outcome
    screen.print(f"Verdict: {coloured(outcome.verdict)}", end="")
    screen.print(
        f" ({outcome.errors:,} to fix, {outcome.queries:,} to explain, {outcome.notes:,} notes)"
    )
    screen.print(
        table_of(
            ["table", "rows", "accepted", "kept out"],
            [
                [name, counts.rows, counts.silver, counts.quarantine]
                for name, counts in outcome.tables.items()
            ],
        )
    )
    failures = result.failures.to_pylist()
    if not failures:
        return
    counted = Counter((row["table"], row["code"], row["severity"]) for row in failures)
    rank = list(SEVERITY_WORDS)
    ordered = sorted(counted, key=lambda item: (rank.index(item[2]), -counted[item]))
    screen.print()
    screen.print(
        table_of(
            ["", "code", "table", "times"],
            [
                [SEVERITY_WORDS[kind], code, table or "", counted[(table, code, kind)]]
                for table, code, kind in ordered
            ],
        )
    )
    failures.sort(key=lambda row: rank.index(row["severity"]))
    screen.print()
    for row in failures[:most]:
        place = ":".join(safe(part) for part in (row["file"], row["row"]) if part is not None)
        cause = row["consequence_of"]
        because = f" (because {safe(cause)} was kept out)" if cause else ""
        screen.print(
            f"{coloured(row['severity'])} {safe(row['code'])} {place}  "
            f"{safe(row['message'])}{because}"
        )
    if len(failures) > most:
        screen.print(
            f"… and {len(failures) - most:,} more; --report FILE.xlsx or --json lists them."
        )


def show_returns(listed: Sequence[Mapping[str, Any]]) -> None:
    """One line per return."""
    console().print(
        table_of(
            ["return", "title", "frequency", "from", "tables", "rules", "formats"],
            [
                [
                    item["return"],
                    item["title"],
                    item["frequency"],
                    item["first_period"],
                    len(item["tables"]),
                    item["rules"],
                    ", ".join(item["formats"]),
                ]
                for item in listed
            ],
        )
    )
