"""Two `lgdp run` at once on one lake: no duplicates, both end well, one release is the newest."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lgdp.lake.door import Door
from lgdp.lake.query import query
from lgdp.ledger.ledger import Ledger
from tests.processes import lgdp
from tests.small_return import FIFE, GLASGOW, Delivery, write_conf

pytestmark = pytest.mark.slow


def test_c53_two_runs_at_once(tmp_path: Path) -> None:
    conf, lake = write_conf(tmp_path), str(tmp_path / "lake")
    Delivery(FIFE).write(tmp_path / "inbox")
    Delivery(GLASGOW, orphans=["B9"]).write(tmp_path / "inbox")
    words = ["run", "--inbox", str(tmp_path / "inbox"), "--lake", lake, "--conf", str(conf)]
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(lgdp, *words, "--json") for _ in range(2)]
    reports = []
    for code, said in (each.result() for each in runs):
        assert code == 0, said[-2000:]
        reports.append(json.loads(said.splitlines()[-1]))

    assert _count(lake, "silver.looked_after.episode") == 4
    assert _count(lake, "quarantine.looked_after.episode") == 1
    assert _count(lake, "quality.failures WHERE severity = 'critical'") == 1
    assert _count(lake, "gold.looked_after_episodes") == 4
    published = [item for report in reports for item in report["published"]]
    assert sorted(published) == sorted(set(published)) and len(published) == 2


def _count(lake: str, rows: str) -> int:
    door = Door.open(lake)
    counted = query(door, f"SELECT count(*) AS n FROM {rows}", Ledger(door).current())
    return int(counted.to_pylist()[0]["n"])
