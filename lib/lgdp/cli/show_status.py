"""The status matrix: returns and periods down, councils across or counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lgdp.cli.show import console, table_of
from lgdp.contracts.council import Councils
from lgdp.ledger.tracking import Status, measure

MARKS = {
    "published": "●",
    "checked": "◐",
    "landed": "○",
    "received": "○",
    "held": "!",
    "rejected": "✗",
    "nil": "0",
    "overdue": "·",
    "awaited": " ",
    "not owed": " ",
}
WORDS = {
    "●": "published",
    "L": "published, late",
    "◐": "checked, waits for a person",
    "○": "received",
    "!": "held by the audit",
    "✗": "rejected",
    "0": "nothing to report",
    "·": "overdue",
}


def as_records(statuses: Sequence[Status], councils: Councils) -> list[dict[str, Any]]:
    """Statuses for a program; times in ISO 8601, UTC."""
    return [
        {
            "return": item.return_,
            "period": item.period,
            "council": item.council,
            "council_name": councils.by_code(item.council).name,
            "owed": item.owed,
            "due": item.due.isoformat() if item.due else None,
            "received": item.received.isoformat() if item.received else None,
            "state": item.state,
            "verdict": item.verdict,
            "on_time": item.on_time,
            "submission": item.submission,
            "rows": item.rows,
            "errors": item.errors,
            "queries": item.queries,
        }
        for item in statuses
    ]


def show_status(statuses: Sequence[Status], councils: Councils) -> None:
    """One line per council, one mark per collection, and the five measures of each collection."""
    screen = console()
    if not statuses:
        screen.print("Nothing is owed and nothing was sent.")
        return
    _show_matrix(statuses, councils)
    screen.print()
    screen.print(
        table_of(
            ["return", "period", "expected", "actual", "on time", "rate", "rate on time"],
            [
                [
                    item.return_,
                    item.period,
                    item.expected,
                    item.actual,
                    item.on_time,
                    _percent(item.rate),
                    _percent(item.rate_on_time),
                ]
                for item in measure(statuses)
            ],
        )
    )


def _show_matrix(statuses: Sequence[Status], councils: Councils) -> None:
    """A line per collection, a mark per council; the short codes of councils stand upright."""
    codes = sorted(
        {item.council for item in statuses}, key=lambda code: councils.by_code(code).name
    )
    cells = {(item.return_, item.period, item.council): _mark(item) for item in statuses}
    collections = sorted({(item.return_, item.period) for item in statuses})
    width = max(len(f"{name} {period}") for name, period in collections)
    screen = console()
    shorts = [councils.by_code(code).short for code in codes]
    for letter in range(max(map(len, shorts))):
        letters = " ".join(f"{short:<3}"[letter] for short in shorts)
        screen.print(f"{'':{width}}  {letters}")
    for name, period in collections:
        marks = " ".join(cells.get((name, period, code), " ") for code in codes)
        screen.print(f"{f'{name} {period}':{width}}  {marks}")
    used = set(cells.values())
    screen.print("  ".join(f"{mark} {word}" for mark, word in WORDS.items() if mark in used))


def _mark(item: Status) -> str:
    late = item.on_time is False and item.delivered
    return "L" if late and item.state == "published" else MARKS.get(item.state, "?")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
