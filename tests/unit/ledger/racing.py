"""What other processes record in a ledger at the same time."""

from __future__ import annotations

from lgdp.lake.door import Door
from lgdp.ledger.ledger import Ledger
from tests.processes import all_ready
from tests.unit.ledger.stories import up_to_published


def publish_own(number: int, uri: str, times: int) -> tuple[int, list[str]]:
    """Publish submissions of our own for a key that all publish for; how many, and refusals."""
    ledger = Ledger(Door.open(uri))
    ledger.state()
    all_ready()
    accepted, refused = 0, []
    for turn in range(times):
        for each in up_to_published(f"s-{number}-{turn}"):
            recorded = ledger.record([each])
            accepted += len(recorded.accepted)
            refused += [refusal.reason for refusal in recorded.refused]
    return accepted, refused


def publish_shared(number: int, uri: str) -> list[str]:
    """Try what only one of all can do: receive, land, check and publish one submission."""
    ledger = Ledger(Door.open(uri))
    ledger.state()
    all_ready()
    recorded = [ledger.record([each]) for each in up_to_published("shared")]
    return [event.event.value for each in recorded for event in each.accepted]
