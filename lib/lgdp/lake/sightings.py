"""What was seen at places outside the lake, so that what has not changed is not fetched again."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import pyarrow as pa

from lgdp.errors import ConcurrentWrite
from lgdp.lake.door import Door
from lgdp.lake.schemas import SIGHTINGS, SIGHTINGS_SCHEMA
from lgdp.lake.serial_log import SerialLog

PATIENCE = 60.0
"""Seconds to go on when others keep writing first."""


@dataclass(frozen=True)
class Sighting:
    """What was at a place. `stamp` is what the place said of it: entity tag, size, time."""

    place: str
    stamp: str
    digest: str
    bytes: int
    media_type: str
    seen_at: datetime


class Sightings:
    """The newest sighting of each place, kept in the lake."""

    def __init__(self, door: Door) -> None:
        self._log = SerialLog(door, SIGHTINGS, SIGHTINGS_SCHEMA, latest_by="place")

    def below(self, start: str) -> dict[str, Sighting]:
        """The newest sightings of places that begin so, by place."""
        rows, _ = self._log.read()
        columns = [name for name in SIGHTINGS_SCHEMA.names if name not in ("seq", "ordinal")]
        seen = (Sighting(**row) for row in rows.select(columns).to_pylist())
        return {each.place: each for each in seen if each.place.startswith(start)}

    def record(self, sightings: Sequence[Sighting]) -> None:
        """Add sightings in one commit; ConcurrentWrite when others come first for a minute."""
        if not sightings:
            return
        deadline = time.monotonic() + PATIENCE
        rows = pa.Table.from_pylist([asdict(each) for each in sightings])
        while True:
            try:
                self._log.append(rows, self._log.version())
                return
            except ConcurrentWrite:
                if time.monotonic() > deadline:
                    raise
                time.sleep(random.uniform(0.0, 0.2))  # noqa: S311
