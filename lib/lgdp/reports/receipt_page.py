"""A receipt as an HTML page for paper."""

from __future__ import annotations

from pathlib import Path

from lgdp.reports.html_page import environment
from lgdp.reports.seal import Sealed

TEMPLATES = ("receipt.j2", "page.css")


def write_receipt_page(sealed: Sealed, title: str, council: str, path: Path) -> None:
    """Write the page; `title` and `council` are the names as the configuration has them today."""
    page = environment(TEMPLATES).get_template("receipt.j2")
    text = page.render(sealed=sealed, receipt=sealed.receipt, title=title, council=council)
    path.write_text(text, encoding="utf-8")
