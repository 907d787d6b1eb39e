"""The error report as one HTML page that needs nothing else, for the screen and for paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from lgdp.reports.columns import ANSWER, FOR_ALL, REFERENCE, cells_of, headings_of
from lgdp.reports.error_report import SECTIONS, ErrorReport, RuleLine
from lgdp.reports.plain_text import visible

TEMPLATES = ("report.j2", "page.css")
RULES_SHOWN = 12
NOT_ON_PAPER = (ANSWER, REFERENCE)


def write_html(report: ErrorReport, path: Path) -> None:
    """Write the page piece by piece; every value is escaped."""
    sections = [
        (
            severity,
            name,
            [each.text for each in headings_of(severity) if each.text not in NOT_ON_PAPER],
        )
        for severity, name in SECTIONS.items()
    ]
    page = environment(TEMPLATES).get_template("report.j2")
    pieces = page.generate(
        report=report,
        sections=sections,
        rules=report.rules[:RULES_SHOWN],
        more_rules=max(0, len(report.rules) - RULES_SHOWN),
        lines=lambda severity: _lines(report, severity),
    )
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(pieces)


def environment(templates: Iterable[str]) -> Environment:
    """Templates of this room; what is put into them is escaped, and shown if it is unseen."""
    room = files(__package__)
    texts = {name: room.joinpath(name).read_text("utf-8") for name in templates}
    made = Environment(
        loader=DictLoader(texts),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["seen"] = visible
    return made


def _lines(report: ErrorReport, severity: Any) -> Iterator[tuple[bool, dict[str, str | int]]]:
    for line in report.lines(severity):
        cells = {name: value for name, value in cells_of(line).items() if value != FOR_ALL}
        yield isinstance(line, RuleLine), cells
