"""The log of the leases of a lake: who took, renewed and released what."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lgdp.lake.door import Door
from lgdp.lake.holder import Holder
from lgdp.lake.schemas import LEASES, LEASES_SCHEMA
from lgdp.lake.serial_log import SerialLog


@dataclass(frozen=True)
class Holding:
    """The newest entry of the log for a name."""

    lease: str
    action: str
    holder: Holder
    since: datetime
    until: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether anyone may take the lease: given back, run out, or its holder is dead."""
        return self.action == "released" or now >= self.until or self.holder.is_dead()

    def __str__(self) -> str:
        holder = self.holder
        return (
            f"is held by {holder.who} for {holder.purpose} "
            f"(host {holder.host}, process {holder.pid}) "
            f"since {_clock(self.since)} until {_clock(self.until)}"
        )


class LeaseBook:
    """The log of leases of a lake."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self._log = SerialLog(door, LEASES, LEASES_SCHEMA, latest_by="name")

    def newest(self, name: str) -> tuple[Holding | None, int]:
        """The newest entry for a name, and the version of the log it was read at."""
        rows, version = self._log.read()
        of_name = rows.filter(pc.field("name") == name)
        if not of_name.num_rows:
            return None, version
        row: dict[str, Any] = of_name.slice(of_name.num_rows - 1).to_pylist()[0]
        holder = Holder(**{key: row[key] for key in Holder.__dataclass_fields__})
        return (
            Holding(row["lease"], row["action"], holder, row["since"], row["until"]),
            version,
        )

    def write(self, name: str, holding: Holding, version: int) -> None:
        """Add an entry; ConcurrentWrite when the log has grown since `version`."""
        row = {
            "name": name,
            "lease": holding.lease,
            "action": holding.action,
            "since": holding.since,
            "until": holding.until,
            **asdict(holding.holder),
        }
        fields = [LEASES_SCHEMA.field(key) for key in row]
        self._log.append(pa.Table.from_pylist([row], pa.schema(fields)), version)


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
