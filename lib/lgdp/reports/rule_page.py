"""The rule book as one HTML page that needs nothing else: it can be read, searched and printed."""

from __future__ import annotations

from pathlib import Path

from lgdp.reports.html_page import environment
from lgdp.reports.rule_book import RuleBook

TEMPLATES = ("rules.j2", "rules.css", "rules.js")
WORDS = {"critical": "must fix", "warning": "explain", "info": "note"}


def write_rule_page(book: RuleBook, path: Path) -> None:
    """Write the page; everything that comes from configuration is escaped."""
    counts = {kind: sum(rule.severity == kind for rule in book.rules) for kind in WORDS}
    page = environment(TEMPLATES).get_template("rules.j2")
    text = page.render(book=book, words=WORDS, counts=counts)
    path.write_text(text, encoding="utf-8")
