"""Subjects of reports made by hand, for what checks would take long to find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from lgdp.checks.outcome import FAILURE_SCHEMA
from lgdp.contracts.window import deadlines_of
from lgdp.ledger.standing import TableCount
from lgdp.reports.subject import Subject
from tests.unit.contracts.small_conf import care


def failures_of(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Failures as checks keep them; what is not given is null."""
    return pa.Table.from_pylist(list(rows), FAILURE_SCHEMA)


def subject(folder: Path, failures: pa.Table, **bend: Any) -> Subject:
    """A delivery of `care` with these failures; `bend` changes what it says."""
    contract = care(folder / "project")
    period = contract.read_period("2020-21")
    about: dict[str, Any] = {
        "return_title": contract.statutory_return.title,
        "body": contract.statutory_return.body,
        "council": "Fife (S12000047)",
        "period": period.text,
        "submission": None,
        "today": date(2021, 4, 20),
        "deadlines": deadlines_of(contract.statutory_return.window, period),
        "ruleset": contract.ruleset(period),
        "verdict": "has errors",
        "is_nil": False,
        "tables": {"visit": TableCount(rows=200_000, silver=100_000, quarantine=100_000)},
        "errors": 0,
        "queries": 0,
        "notes": 0,
        "files": (),
        "failures": failures,
    }
    return Subject(**{**about, **bend})
