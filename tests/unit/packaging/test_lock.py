"""requirements.txt: everything exact, everything hashed, nothing of the machine that wrote it."""

from __future__ import annotations

import re
import tomllib

from tests.unit.packaging.project import locked_versions, text

BUILD_TOOLS = ("setuptools", "uv", "wheel")


def requirements() -> list[str]:
    """Each requirement with its continuation lines joined."""
    lines = [
        line for line in text("requirements.txt").splitlines() if not line.lstrip().startswith("#")
    ]
    return [each for each in "\n".join(lines).replace("\\\n", " ").splitlines() if each.strip()]


def test_every_requirement_is_exact_and_hashed() -> None:
    assert len(requirements()) > 100
    shape = r"[a-z0-9.-]+==\S+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+"
    assert [each for each in requirements() if not re.fullmatch(shape, each)] == []


def test_no_host_and_no_path_is_named() -> None:
    assert not re.search(
        r"://|@ |(^|\s)/|--index|--find-links|--extra-index", text("requirements.txt")
    )


def test_what_pyproject_pins_is_what_is_locked() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    pinned = dict(
        re.fullmatch(r"([\w-]+)(?:\[\w+\])?==(\S+)", each).groups()  # type: ignore[union-attr]
        for each in project["dependencies"]
        if "==" in each
    )
    assert {name: locked_versions()[name] for name in pinned} == {
        name: {version} for name, version in pinned.items()
    }
    assert set(pinned) == {
        *("pyspark", "delta-spark", "deltalake", "pyarrow", "duckdb", "great-expectations")
    }


def test_what_builds_the_package_is_locked_too() -> None:
    assert {name: len(locked_versions()[name]) for name in BUILD_TOOLS} == dict.fromkeys(
        BUILD_TOOLS, 1
    )


def test_the_lock_says_how_it_is_made() -> None:
    header = [line for line in text("requirements.txt").splitlines()[:4] if line.startswith("#")]
    assert header[-1] == "#    make lock"
