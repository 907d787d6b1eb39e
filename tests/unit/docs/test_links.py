"""Links and paths in the documents lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.docs.documents import (
    DOCUMENTS,
    PROJECT,
    inline_code,
    name_of,
    text_of,
    without_fences,
)

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
TOP = ("conf", "docker", "docs", "expectations", "jobs", "lib", "notebooks", "tests", ".ci")
MADE_BY_MAKE = {"dist/"}
ONLY_IN_THE_EXAMPLE = ("library_use", "library_kind")
MAY_BE_WRITTEN = {"docker/.env"}


def anchors(document: str) -> set[str]:
    """The anchors that GitHub gives a document's headings."""
    headings = re.findall(r"^#+ (.+)$", without_fences(document), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(path: Path) -> list[str]:
    broken = []
    for link in LINK.findall(without_fences(path.read_text(encoding="utf-8"))):
        if link.startswith(("http://", "https://")):
            continue
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        if not file.exists() or (
            anchor and anchor not in anchors(file.read_text(encoding="utf-8"))
        ):
            broken.append(link)
    return broken


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_resolve(path: Path) -> None:
    assert broken_links(path) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_files_that_are_named_exist(path: Path) -> None:
    named = [
        code
        for code in inline_code(path.read_text(encoding="utf-8"))
        if re.fullmatch(r"[\w./-]+", code)
        and code.startswith(tuple(f"{folder}/" for folder in TOP))
        and not any(word in code for word in ONLY_IN_THE_EXAMPLE)
        and code not in MAY_BE_WRITTEN
    ]
    assert [code for code in named if not (PROJECT / code).exists()] == []


def test_the_readme_leads_to_every_document() -> None:
    linked = set(LINK.findall(text_of("README.md")))
    pages = {name_of(path) for path in DOCUMENTS if path.parent.name == "docs"}
    assert pages - linked == set()


def test_the_index_of_decisions_names_each_once() -> None:
    linked = LINK.findall(text_of("docs/adr/README.md"))
    decisions = sorted(path.name for path in (PROJECT / "docs/adr").glob("0*.md"))
    assert [link for link in linked if re.match(r"\d{4}-", link)] == decisions
    assert [int(name[:4]) for name in decisions] == list(range(1, len(decisions) + 1))


@pytest.mark.parametrize("path", sorted((PROJECT / "docs/adr").glob("0*.md")), ids=name_of)
def test_a_decision_says_what_it_has_to(path: Path) -> None:
    document = path.read_text(encoding="utf-8")
    parts = ["Question", "Options", "Choice", "Cost", "When to look again"]
    places = [document.find(f"**{part}.**") for part in parts]
    assert -1 not in places
    assert places == sorted(places)
