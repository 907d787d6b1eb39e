"""The status matrix: returns and periods down, councils across or counted."""

from __future__ import annotations

from collections import Counter, defaultdict
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
    collections = sorted({(item.return_, item.period) for item in statuses})
    marks: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for item in statuses:
        late = "L" if item.on_time is False and item.delivered else ""
        marks[item.council][(item.return_, item.period)] = MARKS.get(item.state, "?") + late
    rows = [
        [councils.by_code(code).name, *(cells.get(key, "") for key in collections)]
        for code, cells in sorted(
            marks.items(), key=lambda pair: councils.by_code(pair[0]).name
        )
    ]
    headings = [f"{name} {period}".replace("_", " ") for name, period in collections]
    screen.print(table_of(["council", *headings], rows))
    used = Counter(mark[:1] for cells in marks.values() for mark in cells.values())
    legend = [f"{mark} {word}" for mark, word in WORDS.items() if used[mark]]
    screen.print("  ".join([*legend, "L late"]))
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


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
