"""The error report as one CSV file: a line for the verdict, then one for each failure."""

from __future__ import annotations

import csv
from pathlib import Path

from lgdp.reports.columns import ANSWER, FOR_ALL, HEADINGS, cells_of
from lgdp.reports.error_report import SECTIONS, ErrorReport
from lgdp.reports.plain_text import inert

FIELDS = ("Section", *(heading.text for heading in HEADINGS if heading.text != ANSWER))


def write_csv(report: ErrorReport, path: Path) -> None:
    """Write UTF-8 with its mark, by which spreadsheets know it; no value runs as a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, FIELDS, restval="", extrasaction="ignore")
        writer.writeheader()
        words = " ".join((f"Verdict: {report.verdict}.", *report.paragraphs, *report.steps))
        writer.writerow({"Section": "Summary", "What is wrong": inert(words)})
        for severity, name in SECTIONS.items():
            for line in report.lines(severity):
                cells = {
                    heading: inert(value) if isinstance(value, str) else value
                    for heading, value in cells_of(line).items()
                    if value != FOR_ALL
                }
                writer.writerow({"Section": name, **cells})
