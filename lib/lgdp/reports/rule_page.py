"""The rule book as one HTML page that needs nothing else: it can be read, searched and printed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from jinja2 import DictLoader, Environment, StrictUndefined

from lgdp.reports.plain_text import visible
from lgdp.reports.rule_book import RuleBook

TEMPLATES = ("rules.j2", "rules.css", "rules.js")
WORDS = {"critical": "must fix", "warning": "explain", "info": "note"}


def write_rule_page(book: RuleBook, path: Path) -> None:
    """Write the page; everything that comes from configuration is escaped."""
    room = files(__package__)
    texts = {name: room.joinpath(name).read_text("utf-8") for name in TEMPLATES}
    made = Environment(
        loader=DictLoader(texts),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["seen"] = visible
    counts = {kind: sum(rule.severity == kind for rule in book.rules) for kind in WORDS}
    page = made.get_template("rules.j2").render(book=book, words=WORDS, counts=counts)
    path.write_text(page, encoding="utf-8")
