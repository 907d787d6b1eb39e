"""The recipe in docs/adding-a-return.md works as it stands, and prints what the page says."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.docs.documents import PROJECT, fences, text_of

PAGE = text_of("docs/adding-a-return.md")
FILE = re.compile(
    r"^(?P<more>One more line of )?`(?P<path>[^`\n]+/[^`\n]+)`\n\n```\w+\n(?P<text>.*?)^```$",
    re.M | re.S,
)
SLIP = re.compile(
    r"^\| `(?P<path>[^`]+/[^`]+)` \| `(?P<right>[^`]+)` \| `(?P<wrong>[^`]+)` \|$", re.M
)


def write_files(folder: Path) -> list[str]:
    """Write the files of the page; their paths."""
    written = []
    for match in FILE.finditer(PAGE):
        path = folder / match["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if match["more"] else ""
        path.write_text(before + match["text"], encoding="utf-8")
        written.append(match["path"])
    return written


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the project's councils, codes and settings, and no return."""
    (tmp_path / "conf").mkdir()
    for name in ("councils.csv", "platform.yaml"):
        shutil.copyfile(PROJECT / "conf" / name, tmp_path / "conf" / name)
    shutil.copytree(PROJECT / "conf/codes", tmp_path / "conf/codes")
    return tmp_path


def lgdp(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    ours = {key: value for key, value in os.environ.items() if not key.startswith("LGDP_")}
    return subprocess.run(
        [sys.executable, "-m", "lgdp.cli", *arguments],
        cwd=folder,
        env=ours,
        capture_output=True,
        text=True,
    )


def lines_of(text: str) -> list[str]:
    """Lines without the blanks that fill a column."""
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def test_the_page_has_all_files_of_a_return(tmp_path: Path) -> None:
    (tmp_path / "conf/codes").mkdir(parents=True)
    (tmp_path / "conf/codes/index.csv").touch()
    assert write_files(tmp_path) == [
        "conf/returns/library_use/return.yaml",
        "conf/returns/library_use/2023-24.yaml",
        "conf/returns/library_use/2024-25.yaml",
        "conf/codes/library_kind.csv",
        "conf/codes/index.csv",
        "expectations/library_use/library.json",
        "expectations/library_use/visits.json",
        "delivery/library.csv",
        "delivery/visits.csv",
    ]


def test_the_commands_print_what_the_page_says(project: Path) -> None:
    write_files(project)
    blocks = fences(PAGE, "console")
    assert len(blocks) == 2
    for block in blocks:
        command, _, output = block.partition("\n")
        done = lgdp(shlex.split(command.removeprefix("$ lgdp ")), project)
        assert done.stderr == ""
        assert lines_of(done.stdout) == lines_of(output)
        assert done.returncode == 0


def test_a_visit_kept_out_with_its_library_says_so(project: Path) -> None:
    write_files(project)
    words = ["precheck", "delivery", "--return", "library_use", "--period", "2024-25"]
    done = lgdp([*words, "--council", "Falkirk", "--conf", "conf", "--json"], project)
    failures = json.loads(done.stdout)["failures"]
    causes = {(row["code"], row["row"]): row["consequence_of"] for row in failures}
    assert causes[("LIB102", 3)] == "library:2"
    assert '"consequence_of": "library:2"' in PAGE
    assert causes[("LIB102", 6)] is None


def test_without_the_van_s_code_the_year_before_takes_it(project: Path) -> None:
    write_files(project)
    words = ["precheck", "delivery/library.csv", "--return", "library_use", "--period", "2023-24"]
    done = lgdp([*words, "--council", "Falkirk", "--conf", "conf", "--json"], project)
    failures = json.loads(done.stdout)["failures"]
    assert [(row["code"], row["row"]) for row in failures] == [("CODE_LIST", 3)]


def test_all_slips_of_the_page_are_listed_at_once(project: Path) -> None:
    write_files(project)
    slips = list(SLIP.finditer(PAGE))
    assert len(slips) == 4
    for slip in slips:
        path = project / slip["path"]
        text = path.read_text(encoding="utf-8")
        assert text.count(slip["right"]) == 1
        path.write_text(text.replace(slip["right"], slip["wrong"]), encoding="utf-8")
    done = lgdp(["returns", "--conf", "conf"], project)
    (expected,) = fences(PAGE, "text")
    assert lines_of(done.stderr) == lines_of(expected)
    assert done.returncode == 2
