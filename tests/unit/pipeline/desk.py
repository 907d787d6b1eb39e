"""A lake, a clock and small deliveries, to tell stories of submissions without Spark."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import yaml

from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.ledger.standing import Standing
from lgdp.ledger.state import State
from lgdp.pipeline.platform import Platform, open_platform
from lgdp.pipeline.publishing import may_publish, publish
from lgdp.pipeline.submitting import Submitted, submit, submit_nil
from tests.small_return import FIFE, PERIOD, Delivery, write_conf

IN_TIME = datetime(2024, 9, 2, 12, tzinfo=UTC)
"""The period 2023-24 ended on 31 July 2024."""


class Desk:
    """Where a council's officer and a return's officer sit."""

    def __init__(self, folder: Path, **policy: object) -> None:
        self.folder = folder
        self.conf = write_conf(folder / "project")
        self.now = IN_TIME
        self.change_return(lambda content: content["policy"].update(policy))

    def change_return(self, change: Callable[[dict], object]) -> None:
        """Change the return's description, and open the lake anew."""
        path = self.conf / "conf" / "returns" / "looked_after" / "return.yaml"
        content = yaml.safe_load(path.read_text())
        change(content)
        path.write_text(yaml.safe_dump(content))
        self.open()

    def open(self) -> Platform:
        """The platform with what is configured now."""
        location = locate(self.conf / "conf")
        self.platform = open_platform(
            location,
            load_settings(location.conf / "platform.yaml"),
            load_catalogue(location),
            str(self.folder / "lake"),
            lambda: self.now,
        )
        return self.platform

    def send(self, delivery: Delivery | None = None, period: str = PERIOD) -> Submitted:
        """Submit a delivery."""
        delivery = delivery or Delivery()
        folder = delivery.write(self.folder / f"sent{len(list(self.folder.iterdir()))}")
        return submit(self.platform, [folder], "looked_after", period, delivery.council, "anna")

    def send_nil(self, council: str = FIFE, period: str = PERIOD) -> Submitted:
        """Submit that there is nothing."""
        return submit_nil(self.platform, "looked_after", period, council, "anna")

    def publish(self) -> list[str]:
        """Publish what may be, as a run does after an audit that agrees."""
        standings = self.platform.ledger.state().standings.values()
        return publish(
            self.platform, [each for each in standings if may_publish(self.platform, each)]
        )

    def standing(self, submission: str) -> Standing:
        """Where a submission stands now."""
        return self.platform.ledger.find(submission)

    def states(self) -> list[State]:
        """The states of all submissions, in the order of receipt."""
        return [each.state for each in self.platform.ledger.state().standings.values()]

    def current(self) -> list[str]:
        """The submissions that count."""
        return sorted(pair[0] for pair in self.platform.ledger.state().current.values())


def many(count: int, **more: object) -> Delivery:
    """A delivery of so many children."""
    children = [(f"C{number}", f"{100000000 + number}") for number in range(count)]
    return Delivery(children=children, **more)
