"""`lgdp report` and `lgdp precheck --report`: the file is written, and how the command ends."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from lgdp.cli import main
from tests.unit.cli.test_precheck import Ended
from tests.unit.reports.small_lake import open_small, send
from tests.unit.reports.test_error_report import FILES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LGDP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LGDP_CONF", str(tmp_path / "project/conf"))
    monkeypatch.setenv("LGDP_LAKE", str(tmp_path / "lake"))
    return tmp_path


def lgdp(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object
) -> Ended:
    """Run a command; one that ends without saying so ended well."""
    monkeypatch.setattr(sys, "argv", ["lgdp", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    written = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return Ended(ended.value.code, written.out, written.err)


def lines_of(path: Path) -> list[tuple[str, ...]]:
    """Section, file, row and rule of each line below the verdict."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))[1:]
    return [tuple(row[name] for name in ("Section", "File", "Row", "Rule")) for row in rows]


LINES = [
    ("Must fix", "child.csv", "2", "CODE_LIST"),
    ("Must fix", "child.csv", "4", "102"),
    ("Must fix", "child.csv", "4", "TYPE"),
    ("Must fix", "visit.csv", "2", "PARENT"),
    ("Must fix", "visit.csv", "3", "TYPE"),
    ("Must fix", "visit.csv", "4", "PARENT"),
    ("Explain", "", "", "LONG"),
    ("Explain", "visit.csv", "2", "LONG"),
    ("Explain", "visit.csv", "3", "LONG"),
    ("Explain", "visit.csv", "4", "LONG"),
    ("Notes", "child.csv", "", "BLANK_ROWS"),
]


def test_a_submission_in_the_lake_is_reported_like_the_files_before_they_were_sent(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    submission = send(open_small(folder), folder / "sent", FILES)
    words = ["report", submission[:10], "--out", folder / "lake.csv"]
    ended = lgdp(monkeypatch, capsys, *words)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"has errors; the report is in {folder}/lake.csv\n"
    words = ["precheck", folder / "sent", "--return", "care", "--period", "2020-21"]
    words += ["--council", "Fife", "--report", folder / "desk.csv"]
    ended = lgdp(monkeypatch, capsys, *words)
    assert (ended.code, ended.err) == (0, f"The report is in {folder}/desk.csv\n")
    assert lines_of(folder / "lake.csv") == lines_of(folder / "desk.csv") == LINES


def test_the_text_of_a_precheck_names_what_kept_a_row_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    send(open_small(folder), folder / "sent", FILES)
    words = ["--return", "care", "--period", "2020-21", "--council", "Fife"]
    ended = lgdp(monkeypatch, capsys, "precheck", folder / "sent", *words)
    assert (
        "critical PARENT visit.csv:1  Child A1 is not known; add it, or take the visit out. "
        "(because child:1 was kept out)\n"
    ) in ended.out


def test_a_submission_that_was_not_checked_has_no_report(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    submission = send(open_small(folder), folder / "sent", FILES, check=False)
    ended = lgdp(monkeypatch, capsys, "report", submission, "--out", folder / "r.xlsx")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"lgdp: submission {submission} is landed and was not checked yet; run 'lgdp check' first\n"
    )
    assert not (folder / "r.xlsx").exists()


@pytest.mark.parametrize("words", [["report", "0"], ["precheck", "x", "--return", "care"]])
def test_another_kind_of_file_is_refused_before_anything_is_read(
    words: list[str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    option = "--out" if words[0] == "report" else "--report"
    more = [] if words[0] == "report" else ["--period", "2020-21", "--council", "Fife"]
    ended = lgdp(monkeypatch, capsys, *words, *more, option, folder / "r.pdf")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "lgdp: a report can't be written to 'r.pdf'; end its name in .xlsx, .csv, .html\n"
    )
