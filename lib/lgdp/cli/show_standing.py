"""Where a submission stands after something was done to it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from lgdp.ledger.standing import Standing

NEXT = {
    "checked": "The next 'lgdp run' audits it, and publishes it if the return's policy does.",
    "rejected": "Mend what is named and send it again.",
    "held": "Somebody has to look: 'lgdp confirm' if it is as it should be, else 'lgdp withdraw'.",
    "nil": "Nothing to report is noted.",
    "accepted": "The next 'lgdp run' audits and publishes it.",
    "landed": "The next 'lgdp run' checks it anew.",
    "explained": "Once everything is explained: 'lgdp sign-off'.",
    "signed_off": "It waits for the requiring body: 'lgdp accept'.",
    "returned": "Explain what is asked ('lgdp explain'), or send it again.",
}


def show_standing(standing: Standing, as_json: bool, more: dict[str, Any] | None = None) -> None:
    """Say in a few lines, or as JSON, where it stands and what comes next."""
    if as_json:
        print_json(
            {
                "submission": standing.submission,
                "return": standing.return_,
                "period": standing.period,
                "council": standing.council,
                "state": standing.state.value,
                "verdict": standing.verdict,
                "rows": standing.rows,
                "errors": standing.errors,
                "queries": standing.queries,
                "hold": standing.hold,
                "reason": standing.reason,
                **(more or {}),
            }
        )
        return
    verdict = f", {standing.verdict}" if standing.verdict else ""
    typer.echo(f"{standing.submission} ({standing.key}) is {standing.state.value}{verdict}.")
    if standing.check:
        typer.echo(
            f"{standing.rows:,} rows, {standing.quarantine:,} kept out; {standing.errors:,} to "
            f"fix, {standing.queries:,} to explain."
        )
    if standing.reason:
        typer.echo(f"Reason: {standing.reason}")
    if standing.state.value in NEXT:
        typer.echo(NEXT[standing.state.value])


def print_json(content: object) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, default=str) + "\n")
