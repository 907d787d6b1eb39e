"""What is missing on a machine is said in one line each, with how to get it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.packaging.project import PROJECT

INSTALL_JAVA = (
    "`sudo apt-get install openjdk-17-jre-headless` (Debian, Ubuntu)"
    " or `brew install openjdk@17` (macOS)"
)
NO_JAVA = f"lgdp: Java 17 or later is needed and `java` does not start: {INSTALL_JAVA}"
NO_PYTHON = (
    "lgdp: Python 3.11 to 3.14 is needed and was not found:"
    " `sudo apt-get install python3 python3-venv` (Debian, Ubuntu)"
    " or `brew install python@3.13` (macOS)"
)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder to be PATH, with what the script itself uses and nothing else."""
    for tool in ("sed", "head"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    return tmp_path


def install(machine: Path, name: str, body: str) -> None:
    program = machine / name
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)


def install_java(machine: Path, version: str) -> None:
    install(machine, "java", f"echo 'openjdk version \"{version}\" 2026-01-20' >&2")


def install_python(machine: Path) -> None:
    install(machine, "python3", f'exec {sys.executable} "$@"')


def check(machine: Path, **environment: str) -> tuple[int, str, list[str]]:
    """Exit code, the Python that was found, and the lines of complaint."""
    done = subprocess.run(
        ["/bin/sh", str(PROJECT / ".ci/prerequisites")],
        env={"PATH": str(machine), **environment},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout.strip(), done.stderr.splitlines()


@pytest.mark.parametrize("version", ["17.0.15", "21", "21-ea", "25.0.1"])
def test_all_there(machine: Path, version: str) -> None:
    install_python(machine)
    install_java(machine, version)
    assert check(machine) == (0, "python3", [])


def test_java_is_missing(machine: Path) -> None:
    install_python(machine)
    assert check(machine) == (1, "", [NO_JAVA])


@pytest.mark.parametrize(("version", "shown"), [("11.0.2", "11.0.2"), ("1.8.0_292", "1.8.0")])
def test_java_is_too_old(machine: Path, version: str, shown: str) -> None:
    install_python(machine)
    install_java(machine, version)
    line = f"lgdp: Java 17 or later is needed and `java` is version {shown}: {INSTALL_JAVA}"
    assert check(machine) == (1, "", [line])


def test_java_home_goes_before_path(machine: Path, tmp_path: Path) -> None:
    install_python(machine)
    install_java(machine, "17.0.15")
    home = tmp_path / "jdk11"
    (home / "bin").mkdir(parents=True)
    install_java(home / "bin", "11.0.2")
    code, _, lines = check(machine, JAVA_HOME=str(home))
    assert (code, len(lines)) == (1, 1)
    assert f"`{home}/bin/java` is version 11.0.2" in lines[0]


def test_a_python_that_is_too_old_or_does_not_start_is_passed_over(machine: Path) -> None:
    install_java(machine, "17.0.15")
    install(machine, "python3.11", "echo 'python3.11: command not found' >&2; exit 127")
    install(machine, "python3", "exit 1")
    assert check(machine) == (1, "", [NO_PYTHON])
    install(machine, "python3.13", f'exec {sys.executable} "$@"')
    assert check(machine) == (0, "python3.13", [])


def test_python_without_venv(machine: Path) -> None:
    install_java(machine, "17.0.15")
    install(machine, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    line = "lgdp: python3 has no venv module: `sudo apt-get install python3-venv` (Debian, Ubuntu)"
    assert check(machine) == (1, "", [line])


def test_both_are_missing(machine: Path) -> None:
    assert check(machine) == (1, "", [NO_PYTHON, NO_JAVA])
