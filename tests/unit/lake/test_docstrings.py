"""The examples in the docstrings of the lake and the ledger."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import lgdp.lake
import lgdp.ledger

MODULES = [
    f"{room.__name__}.{module.name}"
    for room in (lgdp.lake, lgdp.ledger)
    for module in pkgutil.iter_modules(room.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_show_what_happens(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0
