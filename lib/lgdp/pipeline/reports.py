"""What a run did, for people and programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lgdp.pipeline.auditing import AuditReport
from lgdp.pipeline.checking import CheckReport
from lgdp.pipeline.landing import LandReport


@dataclass
class GoldReport:
    """The release made now: superset to Delta version, and how many partitions were rewritten."""

    release: str | None = None
    versions: dict[str, int] = field(default_factory=dict)
    rewritten: dict[str, int] = field(default_factory=dict)


@dataclass
class RunReport:
    """All stages of one run.

    By folder of the inbox: `unplaced` are nobody's deliveries, `arriving` are still being copied
    and left for the next run, each with the reason.
    """

    unplaced: dict[str, str] = field(default_factory=dict)
    arriving: dict[str, str] = field(default_factory=dict)
    land: LandReport = field(default_factory=LandReport)
    check: CheckReport = field(default_factory=CheckReport)
    audit: AuditReport = field(default_factory=AuditReport)
    gold: GoldReport = field(default_factory=GoldReport)
    rejected: list[str] = field(default_factory=list)
    decided: dict[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> dict[str, str]:
        """Submissions that the platform, not the council, failed at."""
        return {**self.land.failed, **self.check.failed}

    @property
    def exit_code(self) -> int:
        """0 done, 1 something was rejected, held or unplaced, 3 the platform failed."""
        if self.failed:
            return 3
        return 1 if self.rejected or self.decided or self.audit.held or self.unplaced else 0

    def as_json(self) -> dict[str, Any]:
        """What `lgdp run --json` prints."""
        return {
            "landed": self.land.landed,
            "known": self.land.known,
            "unplaced": self.unplaced,
            "arriving": self.arriving,
            "checked": self.check.checked,
            "rejected": self.rejected,
            "decided": self.decided,
            "published": self.audit.published,
            "waiting": self.audit.waiting,
            "held": {batch: list(reasons) for batch, reasons in self.audit.held.items()},
            "failed": self.failed,
            "release": self.gold.release,
            "gold": self.gold.versions,
        }
