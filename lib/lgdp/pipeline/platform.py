"""Everything a stage needs, opened once at the edge: configuration, lake, ledger, clock, person."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from lgdp.config import ConfigLocation, Settings
from lgdp.contracts.catalogue import Catalogue
from lgdp.lake.door import Door
from lgdp.ledger.ledger import Ledger

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Platform:
    """One lake with one configuration. `clock` gives the UTC time that goes into the ledger."""

    location: ConfigLocation
    settings: Settings
    catalogue: Catalogue
    door: Door
    ledger: Ledger
    clock: Clock
    actor: str


def open_platform(
    location: ConfigLocation,
    settings: Settings,
    catalogue: Catalogue,
    lake: str,
    clock: Clock = system_clock,
) -> Platform:
    """Open the lake at a URI; it need not exist yet."""
    door = Door.open(lake)
    return Platform(location, settings, catalogue, door, Ledger(door), clock, getpass.getuser())
