"""What a delivery is, and what is shown of it, as far as a pre-check goes (40, 64 and 65)."""

from __future__ import annotations

import logging
import shutil
import sys
from pathlib import Path

import pytest

from lgdp.cli import main
from lgdp.config import locate
from lgdp.pipeline.precheck import precheck
from tests.unit.catalogue.answers import VISIT, answer, configured
from tests.unit.contracts.small_conf import write_conf
from tests.unit.intake.sent import LIMITS

TEXT = VISIT + "A1,01/06/2020,Y,5,n\n"
SECRET = "Morag MacSecret"


def test_c40_the_same_content_under_two_names_is_read_once(tmp_path: Path) -> None:
    got = answer(tmp_path, {"a.csv": TEXT, "b.csv": TEXT})
    assert (got.verdict, got.notes, got.tables) == ("clean", ["SAME_CONTENT"], {"visit": (1, 1, 0)})


def test_c40_what_a_submission_is_follows_from_its_content_alone(tmp_path: Path) -> None:
    catalogue = configured(tmp_path)
    ids = []
    for name, text in (("a.csv", TEXT), ("b.csv", TEXT), ("a.csv", TEXT + "A2,,,,\n")):
        (tmp_path / name).write_text(text)
        found = precheck(catalogue, LIMITS, [tmp_path / name], "care", "2020-21", "Fife")
        ids.append(found.submission.id)
    assert ids[0] == ids[1] != ids[2]


@pytest.fixture
def shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> tuple[str, str]:
    """What `lgdp precheck` writes of a file with a name and an escape in bad values."""
    location = write_conf(tmp_path / "project")
    shutil.copy(locate().conf / "platform.yaml", location.conf)
    path = tmp_path / "visit.csv"
    bad = f'"{SECRET}",{SECRET},maybe,\x1b[31mred\x07,<b>\n'
    path.write_text(VISIT + bad + "A1,2020\n")
    words = ["--return", "care", "--period", "2020-21", "--council", "Fife"]
    conf = ["--conf", str(location.conf)]
    monkeypatch.setattr(sys, "argv", ["lgdp", "precheck", str(path), *words, *conf])
    monkeypatch.setenv("LGDP_CACHE", str(tmp_path / "cache"))
    with pytest.raises(SystemExit):
        main()
    written = capfd.readouterr()
    return written.out, written.err


def test_c64_values_are_shown_to_the_sender_and_never_logged(
    caplog: pytest.LogCaptureFixture, shown: tuple[str, str]
) -> None:
    out, err = shown
    assert SECRET in out
    assert err == ""
    assert [record for record in caplog.records if SECRET in record.getMessage()] == []
    assert logging.getLogger("lgdp").level <= logging.WARNING


def test_c65_escapes_in_values_do_nothing_to_a_terminal(shown: tuple[str, str]) -> None:
    out, _ = shown
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "\\x1b[31mred\\x07" in out
