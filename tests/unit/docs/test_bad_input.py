"""docs/bad-input.md is held to the tests of the catalogue, and its codes to the code."""

from __future__ import annotations

import re

import pytest

from tests.unit.docs.documents import PROJECT, text_of
from tests.unit.docs.test_reference import first_cells, section

PAGE = text_of("docs/bad-input.md")
ROW = re.compile(r"^\| (\d+) \|(.*)\|$", re.M)
NUMBERS = {*range(1, 60), 64, 65}
NOT_YET: set[int] = set()
"""Entries whose tests are not written: neither a row nor a test may have these numbers."""


def numbers_with_tests() -> set[int]:
    found: set[int] = set()
    for path in (PROJECT / "tests").rglob("test_*.py"):
        for name in re.findall(r"^def test_((?:c\d\d_)+)", path.read_text(encoding="utf-8"), re.M):
            found.update(int(number) for number in re.findall(r"\d\d", name))
    return found


def test_every_entry_has_a_row_once_and_in_order() -> None:
    numbers = [int(number) for number, _ in ROW.findall(PAGE)]
    assert numbers == sorted(NUMBERS - NOT_YET)


def test_every_entry_has_a_test() -> None:
    assert numbers_with_tests() & NUMBERS == NUMBERS - NOT_YET


@pytest.mark.parametrize(("number", "cells"), ROW.findall(PAGE))
def test_a_row_says_everything_and_names_codes_that_there_are(number: str, cells: str) -> None:
    parts = [cell.strip() for cell in cells.split("|")]
    assert len(parts) == 3
    assert all(parts)
    codes = set(re.findall(r"`([A-Z_]+)`", cells))
    listed = first_cells(section(text_of("docs/rules.md"), "Codes of the platform"))
    assert codes <= set(listed), number
