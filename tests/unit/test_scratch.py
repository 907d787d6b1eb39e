"""Scratch folders are gone when they are done with, and when their process was killed."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest

from lgdp.scratch import PREFIX, SETTLED, scratch_folder, sweep
from tests.processes import kill_when, start


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def age(folder: Path) -> None:
    then = time.time() - SETTLED - 1
    os.utime(folder, (then, then))


def test_a_folder_lasts_as_long_as_its_block(place: Path) -> None:
    with scratch_folder("land") as folder:
        assert folder.parent == place
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "rows").write_text("x")
        age(folder)
        assert sweep() == []
        assert folder.exists()
    assert list(place.iterdir()) == []


def _work(place: str, sign: str) -> None:
    tempfile.tempdir = place
    with scratch_folder("check") as folder:
        (folder / "rows").write_text("x")
        Path(sign).touch()
        time.sleep(600)


@pytest.mark.slow
def test_what_a_killed_process_left_is_removed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = tmp_path / "sign"
    kill_when(sign, start(_work, str(tmp_path), str(sign)))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (left,) = tmp_path.glob(f"{PREFIX}check-*")
    assert (left / "rows").exists()
    assert sweep() == [], "it could be one that is just being made"
    age(left)
    assert sweep() == [left]
    assert list(tmp_path.iterdir()) == [sign]


def test_what_is_no_scratch_folder_stays(place: Path) -> None:
    target = place / "lgdp-elsewhere"
    target.mkdir()
    (target / "kept").touch()
    (place / f"{PREFIX}link").symlink_to(target)
    (place / f"{PREFIX}file").touch()
    for name in (f"{PREFIX}file", "lgdp-elsewhere"):
        age(place / name)
    os.utime(place / f"{PREFIX}link", (0, 0), follow_symlinks=False)
    assert sweep() == []
    assert (target / "kept").exists()
    assert (place / f"{PREFIX}file").exists()
