"""Every suite file is one of Great Expectations' own, for which the platform is not needed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import great_expectations as gx
import pytest

from lgdp.config import locate

SUITES = sorted(locate().expectations.glob("*/*.json"))


@pytest.fixture(scope="module", autouse=True)
def context() -> None:
    """A suite belongs to a context."""
    gx.get_context(mode="ephemeral")


def as_written(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Arguments as a file has them: a bound that is a date is read as one."""
    return {
        name: f"{value:%Y-%m-%d}" if isinstance(value, date) else value
        for name, value in kwargs.items()
    }


def test_there_are_suites() -> None:
    assert len({path.parent for path in SUITES}) >= 11


@pytest.mark.parametrize("path", SUITES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_great_expectations_reads_a_suite_as_it_stands(path: Path) -> None:
    written = json.loads(path.read_text(encoding="utf-8"))

    suite = gx.ExpectationSuite(**written)

    assert suite.name == written["name"]
    assert [each.meta["code"] for each in suite.expectations] == [
        each["meta"]["code"] for each in written["expectations"]
    ]
    for made, asked in zip(suite.expectations, written["expectations"], strict=True):
        configuration = made.configuration
        assert configuration.type == asked["type"]
        assert asked["kwargs"].items() <= as_written(configuration.kwargs).items()
