"""What any door to a lake does, be the lake a folder or on a real S3 server."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from lgdp.errors import LakeError
from lgdp.lake.door import Door, Entry

AWKWARD = ["a b", "100%", "50%20off", "#1", "é ü", "_hidden", ".hidden", "+&;'", "日本", "[x]*?"]


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.slow)])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Door:
    if request.param == "s3":
        return Door.open(request.getfixturevalue("s3_lake"))
    return Door.open(tmp_path / "lake")


@pytest.mark.parametrize("name", AWKWARD)
def test_any_name_is_kept_as_it_is(door: Door, name: str) -> None:
    path = door.join("landing", name, name)
    assert not door.exists(path)
    assert door.put_bytes(b"abc", path) == 3
    assert door.exists(path)
    assert door.size(path) == 3
    assert door.read_bytes(path) == b"abc"
    assert door.list("landing") == [Entry(f"landing/{name}", 0, True)]
    assert door.list(f"landing/{name}") == [Entry(path, 3, False)]
    assert door.list(f"landing/{name}")[0].name == name
    door.delete(path)
    door.delete(path)
    assert not door.exists(path)


def test_a_file_that_is_there_is_kept(door: Door, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"first")
    assert door.put(source, "a/b") == 5
    source.write_bytes(b"the second")
    assert door.put(source, "a/b") == 5
    assert door.put_bytes(b"the third", "a/b") == 5
    assert source.read_bytes() == b"the second"
    assert door.move(source, "a/b") == 5
    assert not source.exists()
    assert door.read_bytes("a/b") == b"first"


def test_of_many_writers_one_wins_and_no_reader_sees_half(door: Door) -> None:
    bodies = [bytes([number]) * (100_000 + number) for number in range(8)]
    sizes: list[int] = []
    threads = [
        threading.Thread(target=lambda body=body: sizes.append(door.put_bytes(body, "x")))
        for body in bodies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert door.read_bytes("x") in bodies
    assert sizes == [door.size("x")] * 8


def test_nothing_is_published_when_the_block_fails(door: Door) -> None:
    with pytest.raises(KeyError), door.staging("t/x") as staged:
        staged.local.write_bytes(b"half")
        raise KeyError
    assert door.list("t") == []
    with pytest.raises(LakeError) as caught, door.staging("t/x"):
        pass
    assert str(caught.value) == f"nothing was written for t/x in the lake {door.uri}"


def test_what_is_not_there(door: Door, tmp_path: Path) -> None:
    assert door.list("nothing") == []
    door.delete("nothing")
    for ask in (door.size, door.read_bytes, lambda path: door.local_copy(path, tmp_path)):
        with pytest.raises(LakeError) as caught:
            ask("nothing")
        assert str(caught.value) == f"there is no file nothing in the lake {door.uri}"


def test_a_file_can_be_read_from_any_place(door: Door) -> None:
    door.put_bytes(b"0123456789", "a")
    with door.open_input("a") as source:
        source.seek(-3, os.SEEK_END)
        assert source.read() == b"789"
