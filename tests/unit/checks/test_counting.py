"""A check at the desk writes no rows, and says what one says that does."""
# ruff: noqa: E501  (one rule a line)

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lgdp.checks.kernel import check
from tests.unit.checks.checked import CHILD, VISIT, make_task, run
from tests.unit.contracts.small_conf import load, query

PARENT = query(
    "SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM child c WHERE c._submission = b._submission AND c.ID = b.ID)",
    "PARENT",
)
LONG = query("SELECT b.* FROM {batch} b WHERE b.MINUTES > 40", "LONG", severity="warning")
DELIVERIES = {
    "clean": {"child": "A1,01/02/2010,RED,\n", "visit": "A1,01/06/2020,Y,30,\n"},
    "queries": {"child": "A1,01/02/2010,RED,\n", "visit": "A1,01/06/2020,Y,90,\n"},
    "errors": {
        "child": "A1,01/02/2010,RED,\nA2,31/02/2010,,\nA3,01/02/2010,PINK,\n",
        "visit": "A1,01/06/2020,Y,30,\nA2,01/06/2020,N,x,\nA2,02/06/2020,N,50,\nA3,,,,\n",
    },
    "damaged": {"child": "A1,01/02/2010,RED,\nA2,1\n", "visit": "A1,01/06/2020,Y,30,,,,,\n"},
    "nothing": {"child": "", "visit": ""},
    "open quote": {"child": 'A1,01/02/2010,RED,\nA2,"1\n', "visit": "A1,01/06/2020,Y,30,\n"},
    "one table": {"visit": "A1,01/06/2020,Y,30,\nA1,01/06/2020,Y,30,\n"},
}


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_counts_and_failures_are_those_of_a_check_that_writes(
    delivery: str, tmp_path: Path
) -> None:
    heads = {"child": CHILD, "visit": VISIT}
    files = {name: heads[name] + rows for name, rows in DELIVERIES[delivery].items()}
    catalogue = load(tmp_path / "conf", suites={"visit": [PARENT, LONG]})
    task = make_task(catalogue, files, tmp_path)
    written = run(task, tmp_path / "written")
    (tmp_path / "counted").mkdir()

    outcome = check(task, tmp_path / "counted", files_wanted=False)

    assert outcome.summary() == written.outcome.summary()
    assert outcome.tables == written.outcome.tables
    assert outcome.rules == written.outcome.rules
    assert pq.read_table(outcome.failures).to_pylist() == written.failures
    assert (outcome.silver, outcome.quarantine) == ({}, {})
    assert [path.name for path in (tmp_path / "counted").iterdir()] == ["failures.parquet"]
