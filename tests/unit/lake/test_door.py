"""The door to a local lake, and which locations are one."""

from __future__ import annotations

import os
import pickle
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lgdp.errors import LakeError, UsageError
from lgdp.lake.door import Door
from lgdp.lake.s3_door import S3Door

KEYS = {"AWS_ACCESS_KEY_ID": "who", "AWS_SECRET_ACCESS_KEY": "secret"}


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door.open(tmp_path / "lake")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4))
def test_a_path_never_leads_out_of_the_lake(parts: list[str]) -> None:
    try:
        path = Door.join(*parts)
    except LakeError:
        return
    inside = os.path.normpath(os.path.join("/lake", path))  # noqa: PTH118
    assert inside == f"/lake/{path}"


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/passwd", "a//b", "", "a/.", "a\0b"])
def test_a_path_out_of_the_lake_is_refused(door: Door, path: str) -> None:
    with pytest.raises(LakeError) as caught:
        door.read_bytes(path)
    assert str(caught.value) == f"{path!r} is not a path in a lake"


def test_a_file_that_was_put_does_not_follow_its_source(door: Door, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"as sent")
    door.put(source, "landing/x")
    with source.open("r+b") as stream:
        stream.write(b"CHANGED")
    assert door.read_bytes("landing/x") == b"as sent"


def test_a_moved_file_is_gone_from_where_it_was(door: Door, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"first")
    assert door.move(source, "a/b") == 5
    assert not source.exists()
    source.write_bytes(b"the second")
    assert door.move(source, "a/b") == 5
    assert not source.exists()
    assert door.read_bytes("a/b") == b"first"
    assert [entry.path for entry in door.list("a")] == ["a/b"]


def test_a_file_is_moved_from_another_disk(door: Door, tmp_path: Path) -> None:
    other = Path("/dev/shm")  # noqa: S108
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no other disk here")
    with tempfile.TemporaryDirectory(dir=other) as folder:
        source = Path(folder) / "source"
        source.write_bytes(b"first")
        assert door.move(source, "a/b") == 5
        assert not source.exists()
    assert door.read_bytes("a/b") == b"first"


def test_staging_publishes_at_the_end_of_the_block(door: Door) -> None:
    with door.staging("t/x.parquet") as staged:
        assert staged.local.parent == Path(door.uri) / "t"
        assert staged.local.name.startswith(".")
        staged.local.write_bytes(b"12345")
        assert not door.exists("t/x.parquet")
    assert (staged.size, staged.fresh) == (5, True)
    assert [entry.path for entry in door.list("t")] == ["t/x.parquet"]
    with door.staging("t/x.parquet") as again:
        again.local.write_bytes(b"other")
    assert (again.size, again.fresh) == (5, False)
    assert door.read_bytes("t/x.parquet") == b"12345"


def test_a_local_copy_is_the_file_itself(door: Door, tmp_path: Path) -> None:
    door.put_bytes(b"abc", "a/b")
    assert door.local_copy("a/b", tmp_path) == tmp_path / "lake" / "a" / "b"


def test_one_lake_by_several_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = tmp_path / "my lake #1 é"
    lake.mkdir()
    monkeypatch.chdir(tmp_path)
    door = Door.open(lake)
    assert Door.open(lake.as_uri()) == door
    assert Door.open(f"file://localhost{lake.as_uri()[7:]}") == door
    assert Door.open("my lake #1 é") == door
    assert Door.open("x/../my lake #1 é/") == door
    assert Door.open(tmp_path) != door
    assert door.uri == str(lake)
    assert door.storage_options() == {}
    assert door.table_uri("silver/a") == f"{lake.as_uri()}/silver/a"
    assert door.spark_uri("silver/a") == f"file://{lake}/silver/a"


def test_a_door_can_be_sent_to_another_process(door: Door) -> None:
    assert pickle.loads(pickle.dumps(door)) == door  # noqa: S301


@pytest.mark.parametrize("uri", ["gs://b/x", "hdfs://h/x", "file://server/x", "http://h/x"])
def test_other_locations_are_refused(uri: str) -> None:
    with pytest.raises(UsageError) as caught:
        Door.open(uri)
    assert str(caught.value) == (
        f"{uri!r} is not a lake location: expected a local path, file:///folder or "
        "s3://bucket/prefix"
    )


@pytest.mark.parametrize(("uri", "what"), [("/tmp/a%20b/c", "'%20'"), ("/tmp/a\\b", "'\\\\'")])  # noqa: S108
def test_a_folder_that_delta_would_misread_is_refused(uri: str, what: str) -> None:
    with pytest.raises(UsageError) as caught:
        Door.open(uri)
    assert str(caught.value) == (
        f"the lake location {uri!r} has {what} in it, and Delta tables cannot be kept under such "
        "a name; choose another folder"
    )


def test_s3_by_the_environment() -> None:
    door = Door.open("s3a://bucket/a #1/", {**KEYS, "AWS_REGION": "eu-west-2"})
    assert isinstance(door, S3Door)
    assert door.uri == "s3://bucket/a #1"
    assert door.table_uri("silver/x") == "s3://bucket/a%20%231/silver/x"
    assert door.spark_uri("silver/x") == "s3a://bucket/a #1/silver/x"
    assert door.storage_options() == {**KEYS, "AWS_REGION": "eu-west-2"}
    assert Door.open("s3://bucket", KEYS).uri == "s3://bucket"
    assert Door.open("s3://bucket/").storage_options()["AWS_REGION"] == "us-east-1"


def test_s3_needs_a_bucket() -> None:
    with pytest.raises(UsageError) as caught:
        Door.open("s3:///prefix", {})
    assert str(caught.value) == "an S3 lake location needs a bucket: s3://bucket/prefix"


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:8333", "http://localhost:1", "http://[::1]:1", "https://s3.x"]
)
def test_endpoints_that_are_safe(endpoint: str) -> None:
    options = Door.open("s3://b/p", {"AWS_ENDPOINT_URL": endpoint}).storage_options()
    assert options["AWS_ENDPOINT_URL"] == endpoint
    assert options.get("AWS_ALLOW_HTTP") == ("true" if endpoint.startswith("http:") else None)


def test_plain_http_over_a_network_has_to_be_asked_for() -> None:
    environ = {"AWS_ENDPOINT_URL": "http://seaweed:8333"}
    with pytest.raises(UsageError) as caught:
        Door.open("s3://b/p", environ)
    assert str(caught.value) == (
        "the S3 endpoint http://seaweed:8333 is not encrypted: use https, or set "
        "AWS_ALLOW_HTTP=true if the network between is trusted"
    )
    allowed = Door.open("s3://b/p", {**environ, "AWS_ALLOW_HTTP": "true"})
    assert allowed.storage_options()["AWS_ALLOW_HTTP"] == "true"
