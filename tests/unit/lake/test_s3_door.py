"""The door to a lake on a real S3 server."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from lgdp.errors import LakeError
from lgdp.lake import s3_upload
from lgdp.lake.current import Current
from lgdp.lake.door import Door
from lgdp.lake.query import query
from lgdp.lake.schemas import RETURN_PARTITION, silver_schema
from lgdp.lake.table import LakeTable
from tests.s3_server import S3Server

pytestmark = pytest.mark.slow


@pytest.fixture
def door(s3_lake: str) -> Door:
    return Door.open(s3_lake)


def test_a_large_file_goes_in_parts_and_never_overwrites(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_upload, "PART_BYTES", 5 << 20)
    source = tmp_path / "large"
    source.write_bytes(bytes(range(256)) * (12 << 12))
    assert door.put(source, "large") == 12 << 20
    assert door.read_bytes("large") == source.read_bytes()
    source.write_bytes(b"x" * (11 << 20))
    with door.staging("large", tmp_path / "scratch") as staged:
        staged.local.write_bytes(source.read_bytes())
    assert (staged.size, staged.fresh) == (12 << 20, False)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_local_copy_is_made_once(door: Door, tmp_path: Path) -> None:
    door.put_bytes(b"abc", "a/b")
    copy = door.local_copy("a/b", tmp_path / "scratch")
    assert copy.read_bytes() == b"abc"
    assert copy.parent == tmp_path / "scratch"
    made = copy.stat().st_mtime_ns
    assert door.local_copy("a/b", tmp_path / "scratch") == copy
    assert copy.stat().st_mtime_ns == made
    assert len(list(copy.parent.iterdir())) == 1


def test_a_wrong_secret_is_an_error_of_the_lake(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Door.open(
        f"s3://{s3_server.bucket}/x", {**s3_server.environ(), "AWS_SECRET_ACCESS_KEY": "wrong"}
    )
    with pytest.raises(LakeError, match=r"cannot write s3://lake/x/a: .*"):
        door.put_bytes(b"x", "a")
    with pytest.raises(LakeError, match=f"cannot read a in the lake {door.uri}: "):
        door.size("a")
    with pytest.raises(LakeError, match=f"cannot read the table t in the lake {door.uri}: "):
        LakeTable(door, "t").version()


@pytest.mark.parametrize("prefix", ["a b", "#1", "100%", "é", "_x"])
def test_tables_under_any_prefix(s3_lake: str, prefix: str) -> None:
    door = Door.open(f"{s3_lake}/{prefix}")
    table = LakeTable(door, "silver/r/t")
    assert table.version() == -1
    table.ensure(silver_schema({"CHILD": pa.string()}), RETURN_PARTITION)
    rows = {"CHILD": ["a", "b"], "_submission": ["s1", "s2"], "_ruleset": ["r", "r"]}
    table.append_rows(pa.table({**rows, "period": ["2017-18"] * 2}))
    assert sorted(table.read()["CHILD"].to_pylist()) == ["a", "b"]
    found = query(door, "select CHILD from silver.r.t", Current([("s2", "r")]))
    assert found.to_pylist() == [{"CHILD": "b"}]
