"""The end of `lgdp run`: what happened per return, and where to look."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from lgdp.cli.show import console, safe, table_of

if TYPE_CHECKING:
    from lgdp.pipeline.platform import Platform
    from lgdp.pipeline.reports import RunReport

HEADINGS = [
    "return",
    "period",
    "sent",
    "clean",
    "queries",
    "errors",
    "rejected",
    "nil",
    "published",
    "rows",
    "accepted",
    "kept out",
]


def show_run(platform: Platform, report: RunReport, docs: Path) -> None:
    """A table of what happened per return and period, then what needs attention."""
    screen = console()
    new = [*dict.fromkeys([*report.land.landed, *report.check.checked, *report.audit.published])]
    if new:
        screen.print(table_of(HEADINGS, _rows(platform, report, new)))
    else:
        nothing = "Nothing new: everything in the inbox was received before."
        screen.print("Nothing new yet." if report.arriving else nothing)
    if report.land.known and new:
        known = len(report.land.known)
        before = "1 delivery was" if known == 1 else f"{known:,} deliveries were"
        screen.print(f"{before} received before.")
    for folder, reason in report.arriving.items():
        screen.print(f"left for the next run: {safe(folder)}: {safe(reason)}")
    for folder, reason in report.unplaced.items():
        screen.print(f"[red]not placed[/] {safe(folder)}: {safe(reason)}")
    for reason, times in Counter(report.failed.values()).items():
        screen.print(f"[red]failed[/] {times:,} submissions: {safe(reason)}")
    for batch, reasons in report.audit.held.items():
        screen.print(f"[red]held[/] {safe(batch)}")
        for reason in reasons:
            screen.print(f"  {safe(reason)}")
    if report.audit.rules:
        screen.print(f"Audit: {report.audit.rules:,} rules judged by both engines; pages in {docs}")
    if report.gold.release:
        made = ", ".join(f"{name} v{version}" for name, version in report.gold.versions.items())
        screen.print(f"Gold: release {report.gold.release[:8]} ({made})")


def _rows(platform: Platform, report: RunReport, new: list[str]) -> list[list[object]]:
    state = platform.ledger.state()
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    published = set(report.audit.published)
    landed = set(report.land.landed)
    for submission in new:
        standing = state.standings[submission]
        counted = counts[(standing.return_, standing.period)]
        counted["landed"] += submission in landed
        counted["published"] += submission in published
        counted["nil" if standing.nil else standing.verdict or "unchecked"] += 1
        counted["rows"] += standing.rows
        counted["accepted"] += standing.silver
        counted["kept out"] += standing.quarantine
    words = ["landed", "clean", "has queries", "has errors", "rejected", "nil", "published"]
    words += ["rows", "accepted", "kept out"]
    return [[*key, *(counted[word] for word in words)] for key, counted in sorted(counts.items())]
