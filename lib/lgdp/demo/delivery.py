"""Deliveries: drafts written as files into the inbox of a wave."""

from __future__ import annotations

from pathlib import Path
from random import Random

from lgdp.demo.draft import Draft
from lgdp.demo.headings import headings_of
from lgdp.demo.plain_text import table_text
from lgdp.demo.sender import SENDERS, Form
from lgdp.demo.truth import CollectionKey
from lgdp.demo.workbook_text import workbook_text
from lgdp.demo.xml_text import xml_text

_BY_CODE = {sender.code: sender for sender in SENDERS}


def folder_of(inbox: Path, key: CollectionKey) -> Path:
    """Where the inbox expects the delivery; councils that say their name are found by it."""
    sender = _BY_CODE[key.council]
    return inbox / key.return_name / key.period / (sender.called or sender.code)


def write_delivery(inbox: Path, draft: Draft, seed: int) -> None:
    """Write the files of a draft in its council's form; the same bytes for the same draft."""
    form = _BY_CODE[draft.key.council].form(draft.key.return_name)
    folder = folder_of(inbox, draft.key)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in _files(draft, form, seed).items():
        (folder / name).write_bytes(data)


def write_nil(inbox: Path, key: CollectionKey) -> None:
    """Say that there is nothing to report, by a manifest without files."""
    folder = folder_of(inbox, key)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"return: {key.return_name}", f'period: "{key.period}"', f"council: {key.council}"]
    lines += ["nil: true", "by: returns officer"]
    (folder / "manifest.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _files(draft: Draft, form: Form, seed: int) -> dict[str, bytes]:
    return_name, period = draft.key.return_name, draft.key.period
    headings = headings_of(return_name, period)
    if form.kind == "xml":
        return {f"{return_name}.xml": xml_text(draft, headings)}
    if form.kind == "xlsx":
        return {f"{return_name}.xlsx": workbook_text(draft, headings)}
    rng = Random(f"{seed}/{draft.key}/form")  # noqa: S311 (the order of columns, no secrets)
    return {
        f"{table}.csv": table_text(draft, table, columns, form, rng)
        for table, columns in headings.items()
    }
