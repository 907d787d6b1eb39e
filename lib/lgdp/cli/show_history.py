"""The story of a submission at the terminal: one line for each event, in the order of the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lgdp.cli.show import console, safe, table_of
from lgdp.ledger.event import EventKind

if TYPE_CHECKING:
    from lgdp.ledger.event import Event
    from lgdp.ledger.standing import Standing


def show_history(standing: Standing, events: Sequence[Event]) -> None:
    """Where the submission stands, then what led there; times are UTC."""
    screen = console()
    current = " and current" if standing.state.value == "published" else ""
    screen.print(
        f"{standing.submission}: {safe(standing.key)}, submission {standing.number} of this "
        f"collection, {standing.state.value}{current}"
    )
    rows = [
        [f"{each.at:%Y-%m-%d %H:%M:%S}", each.event.value, each.actor, _said(each)]
        for each in events
    ]
    screen.print(table_of(["at (UTC)", "event", "by", "what"], rows))
    if standing.superseded_by:
        screen.print(f"Superseded by {standing.superseded_by}")


def as_records(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Events for a program, in the order of the log; `detail` as it was recorded."""
    return [
        {
            "seq": each.seq,
            "at": each.at.isoformat(),
            "event": each.event.value,
            "by": each.actor,
            "detail": dict(each.detail),
        }
        for each in events
    ]


def _said(event: Event) -> str:
    """The detail of an event in a few words."""
    detail = event.detail
    match event.event:
        case EventKind.RECEIVED:
            files = detail.get("files", 0)
            return (
                f"nil, from {detail.get('origin')}"
                if detail.get("nil")
                else (f"{files} file{'s' if files != 1 else ''}, from {detail.get('origin')}")
            )
        case EventKind.LANDED:
            tables = detail.get("bronze", {})
            return ", ".join(f"{name} {each['rows']:,} rows" for name, each in tables.items())
        case EventKind.CHECKED:
            return (
                f"{detail['verdict']}: {detail.get('errors', 0):,} errors, "
                f"{detail.get('queries', 0):,} queries (ruleset {detail['ruleset']})"
            )
        case EventKind.EXPLAINED:
            said = detail.get("explanations", [])
            return "; ".join(
                f"{each.get('code') or each.get('failure')}: {each['text']}" for each in said
            )
        case EventKind.PUBLISHED:
            return f"ruleset {detail.get('ruleset')}" + (
                ", by hand" if detail.get("by_hand") else ""
            )
        case EventKind.ROLLED_BACK:
            return "; ".join(
                filter(None, [detail.get("reason"), f"current is {detail.get('to') or 'nothing'}"])
            )
    reasons = detail.get("reasons") or [detail.get("reason") or ""]
    return "; ".join(reasons)
