"""The whole job with the lake on a real S3 server: nothing above the door knows the difference."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest

from tests.processes import lgdp
from tests.s3_server import S3Server
from tests.small_return import FIFE, GLASGOW, Delivery, write_conf

pytestmark = pytest.mark.slow


def test_a_lake_on_s3(tmp_path: Path, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    conf = write_conf(tmp_path)
    Delivery(FIFE).write(tmp_path / "inbox")
    Delivery(GLASGOW, orphans=["B9"]).write(tmp_path / "inbox")
    lake = f"s3://{s3_server.bucket}/{uuid.uuid4().hex}"
    for name, value in {**s3_server.environ(), "LGDP_LAKE": lake}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def told(*words: str) -> str:
        code, said = lgdp(*words)
        assert code == 0, said[-3000:]
        assert s3_server.secret_key not in said
        return said

    run = ["run", "--inbox", str(tmp_path / "inbox"), "--conf", str(conf), "--json"]
    report = json.loads(told(*run).splitlines()[-1])
    assert (len(report["published"]), report["held"], report["failed"]) == (2, {}, {})
    episodes = json.loads(told("sql", "select * from gold.looked_after_episodes", "--json"))
    assert sorted((row["council"], row["child_id"]) for row in episodes) == [
        (FIFE, "A1"),
        (FIFE, "A2"),
        (GLASGOW, "A1"),
        (GLASGOW, "A2"),
    ]
    kept_out = json.loads(
        told("sql", "select child_id from quarantine.looked_after.episode", "--json")
    )
    assert kept_out == [{"child_id": "B9"}]
    again = json.loads(told(*run).splitlines()[-1])
    assert (again["landed"], again["release"], len(again["known"])) == ([], None, 2)
