"""The Makefile explains itself, and people, CI and pre-commit run the same targets."""

from __future__ import annotations

import re
import subprocess

import pytest
import yaml

from tests.unit.packaging.project import PROJECT, text

TARGETS = {
    *("help", "setup", "jars", "demo", "test", "test-fast", "lint", "format", "package", "bench"),
    *("lock", "clean", "distclean"),
}


def dry_run(target: str) -> str:
    """What make would run, were nothing installed."""
    command = ["make", "--dry-run", "--always-make", "--no-print-directory", target]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout


def make_calls(document: str) -> set[str]:
    """Targets that a document tells the reader to run, in its code."""
    fenced = re.findall(r"^```.*?^```", document, re.M | re.S)
    inline = re.findall(r"`([^`\n]+)`", document)
    return set(re.findall(r"\bmake ([a-z][a-z-]*)", "\n".join(fenced + inline)))


def test_help_is_the_default_and_names_every_target() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    assert set(re.findall(r"^  make ([a-z-]+) +\S", shown, re.M)) == TARGETS


@pytest.mark.parametrize(
    "target", ["demo", "test", "test-fast", "lint", "format", "package", "bench"]
)
def test_a_target_works_first_and_alone(target: str) -> None:
    commands = dry_run(target)
    order = [".ci/prerequisites", "-m venv .venv", "--require-hashes -r requirements.txt"]
    order += ["--editable .", "docker/fetch_jars", "-m lgdp.pipeline.class_archive"]
    places = [commands.index(each) for each in order]
    assert places == sorted(places)


def test_documents_name_only_targets_that_exist() -> None:
    documents = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
    unknown = {
        path.name: missing
        for path in documents
        if (missing := make_calls(path.read_text(encoding="utf-8")) - TARGETS)
    }
    assert unknown == {}


def test_ci_runs_the_targets_that_people_run() -> None:
    commands = [line for line in text(".ci/run").splitlines() if not line.startswith("#")]
    assert [line for line in commands if line.startswith("make ")] == ["make test", "make lint"]
    assert "set -euo pipefail" in commands
    assert (PROJECT / ".ci/run").stat().st_mode & 0o111


def test_pre_commit_takes_nothing_from_elsewhere() -> None:
    repositories = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    assert [each["repo"] for each in repositories] == ["local"]
    entries = [hook["entry"].split()[0] for each in repositories for hook in each["hooks"]]
    assert set(entries) == {".venv/bin/ruff", "make"}
