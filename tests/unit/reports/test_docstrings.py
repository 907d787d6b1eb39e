"""The examples in the docstrings of the reports."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import lgdp.reports

MODULES = [f"lgdp.reports.{module.name}" for module in pkgutil.iter_modules(lgdp.reports.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_show_what_happens(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
