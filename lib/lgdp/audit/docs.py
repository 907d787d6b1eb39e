"""Data Docs: what the audits found, as pages that open in a browser without a network.

Great Expectations' own site fetches its scripts and styles from eight hosts and shows an empty
index without them. Its renderers make the content here; the frame around it is ours.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from great_expectations.core import ExpectationSuiteValidationResult
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, DictLoader, Environment

from lgdp.audit.result import AuditRow
from lgdp.errors import AuditFailed

TEMPLATES = ("page.j2", "index.j2", "style.css")
SUMMARY = "audit.json"
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class TableDoc:
    """What one page shows: a table's audited rules, their messages by code, and the result."""

    table: str
    row_count: int
    rows: tuple[AuditRow, ...]
    messages: Mapping[str, str]
    result: ExpectationSuiteValidationResult


class _PageView(DefaultJinjaPageView):
    """Great Expectations' blocks inside our page."""

    _template = "page.j2"

    def __init__(self) -> None:
        super().__init__()
        theirs = [self.env.loader] if self.env.loader else []
        self.env.loader = ChoiceLoader([DictLoader(_templates()), *theirs])


class Docs:
    """The pages of one audit in a folder of many: `<return>/<batch>/<table>.html` and `index.html`.

    Raises AuditFailed at once if the folder cannot be written, so that nothing is judged in vain.
    """

    def __init__(self, folder: Path, return_name: str, batch: str) -> None:
        if not SAFE_NAME.fullmatch(batch):
            raise AuditFailed(f"'{batch}' cannot name a folder of the docs")
        self._root, self._return, self._batch = folder, return_name, batch
        self._folder = folder / return_name / batch
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder):
                pass
        except OSError as error:
            raise AuditFailed(f"the docs folder {folder} cannot be written: {error}") from error

    def write(self, pages: Sequence[TableDoc]) -> None:
        """Write the pages of this audit, then the index of all audits in the folder."""
        try:
            for page in pages:
                _replace(self._folder / f"{page.table}.html", self._page(page))
            _replace(self._folder / SUMMARY, json.dumps(self._summary(pages)))
            _replace(self._root / "index.html", _index(self._root))
        except OSError as error:
            raise AuditFailed(f"the docs in {self._root} cannot be written: {error}") from error

    def _page(self, page: TableDoc) -> str:
        document = ValidationResultsPageRenderer().render(page.result)
        # The overview repeats our table, and links to a page of the suite that is not made.
        document.sections = document.sections[1:]
        html: str = _PageView().render(  # type: ignore[no-untyped-call]
            document,
            title=f"{self._return} {page.table}, batch {self._batch}",
            return_name=self._return,
            batch=self._batch,
            table=page.table,
            rows=page.rows,
            messages=page.messages,
        )
        return html

    def _summary(self, pages: Sequence[TableDoc]) -> dict[str, Any]:
        return {
            "at": datetime.now(UTC).isoformat(" ", "seconds").removesuffix("+00:00"),
            "return_name": self._return,
            "batch": self._batch,
            "tables": [
                {
                    "name": page.table,
                    "rows": page.row_count,
                    "rules": len(page.rows),
                    "held": sum(not row.agrees for row in page.rows),
                }
                for page in pages
            ],
        }


def _templates() -> dict[str, str]:
    return {name: files(__package__).joinpath(name).read_text("utf-8") for name in TEMPLATES}


def _index(root: Path) -> str:
    """The index of all audits found in the folder, newest first."""
    audits = [json.loads(path.read_text("utf-8")) for path in root.glob(f"*/*/{SUMMARY}")]
    audits.sort(key=lambda audit: (audit["at"], audit["return_name"], audit["batch"]), reverse=True)
    environment = Environment(loader=DictLoader(_templates()), autoescape=True)
    return environment.get_template("index.j2").render(audits=audits)


def _replace(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old or the new one, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".docs-")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    Path(name).chmod(0o644)
    Path(name).replace(path)
