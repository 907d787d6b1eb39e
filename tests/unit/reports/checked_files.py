"""Reports on files that a test writes, judged by the small contract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lgdp.pipeline.precheck import precheck
from lgdp.pipeline.reporting import report_of_precheck
from lgdp.reports.error_report import ErrorReport, Item
from tests.unit.contracts.small_conf import load, query
from tests.unit.intake.sent import LIMITS

CHILD = "ID,BORN,COLOUR,WEIGHT\n"
VISIT = "ID,SEEN,ALONE,MINUTES,NOTE\n"
PARENT = query(
    "SELECT b.* FROM {batch} b WHERE NOT EXISTS "
    "(SELECT 1 FROM child c WHERE c._submission = b._submission AND c.ID = b.ID)",
    "PARENT",
    message="Child {value} is not known; add it, or take the visit out.",
    meta_columns=["ID"],
)
LONG = query(
    "SELECT b.* FROM {batch} b WHERE b.MINUTES > 60",
    "LONG",
    "warning",
    message="A visit of {value} minutes is long. Correct {column}, or explain.",
    meta_columns=["MINUTES"],
)
SUITES: Mapping[str, Any] = {"visit": [PARENT, LONG]}
NOW = datetime(2021, 4, 20, 12, tzinfo=UTC)
"""Ten days before the return for 2020-21 is due."""


def report_on(
    folder: Path, files: Mapping[str, str | bytes], now: datetime = NOW, **bend: Any
) -> ErrorReport:
    """The report on those files, as if they were checked before they are sent."""
    catalogue = load(folder / "project", suites=bend.pop("suites", SUITES), **bend.pop("conf", {}))
    sent = folder / "sent"
    sent.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (sent / name).write_bytes(data)
    limits = LIMITS.model_copy(update=bend.pop("limits", {}))
    result = precheck(catalogue, limits, [sent], "care", "2020-21", "Fife")
    return report_of_precheck(catalogue, limits, result, now, **bend)


def of_code(report: ErrorReport, code: str) -> list[Item]:
    """The listed failures of a rule."""
    return [item for item in report.items if item.code == code]
