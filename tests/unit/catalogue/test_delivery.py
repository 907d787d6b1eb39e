"""Deliveries that are not whole yet (44), and control totals that do not agree (45)."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lgdp.cli import main
from lgdp.config import ConfigLocation, InboxSettings, Settings, load_settings, locate
from lgdp.contracts.catalogue import Catalogue, load_catalogue
from lgdp.intake.inbox import Arriving, Delivery, Unplaced, read_inbox
from lgdp.intake.submission import Submission
from lgdp.ledger.standing import Standing
from lgdp.ledger.state import State
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.deciding import decide
from lgdp.pipeline.landing import LandReport, land_all
from lgdp.pipeline.platform import open_platform
from lgdp.pipeline.scheduler import InlineScheduler
from tests.small_return import FIFE, GLASGOW, ORKNEY, write_conf
from tests.small_return import Delivery as Small
from tests.unit.pipeline.desk import IN_TIME

PLACE = f"looked_after/2023-24/{FIFE}"
TWO_DAYS_AGO = time.time() - 48 * 3600
LOOKS_TWICE = InboxSettings(recent_seconds=30, wait_seconds=0.4, stalled_hours=24, fetch_bytes=1)

Configured = tuple[ConfigLocation, Settings, Catalogue]


class Inbox:
    """An inbox, and the lake that it is landed in."""

    def __init__(self, folder: Path, configured: Configured) -> None:
        self.platform = open_platform(*configured, str(folder / "lake"), lambda: IN_TIME)
        self.folder = folder / "inbox"
        self.place = Small().write(self.folder)

    def read(self, looks_twice: bool = False) -> list[Delivery]:
        catalogue = self.platform.catalogue
        if looks_twice:
            return list(read_inbox(self.folder, catalogue, LOOKS_TWICE))
        return list(read_inbox(self.folder, catalogue))

    def one(self) -> Delivery:
        (delivery,) = self.read()
        return delivery

    def submissions(self) -> list[Submission]:
        return [each for each in self.read() if isinstance(each, Submission)]

    def land(self, submissions: list[Submission] | None = None) -> LandReport:
        wanted = self.submissions() if submissions is None else submissions
        return land_all(self.platform, wanted, InlineScheduler())

    def standing(self) -> Standing:
        """The one delivery, landed, checked and decided."""
        (submission,) = self.submissions()
        assert self.land([submission]).failed == {}
        assert check_all(self.platform, InlineScheduler(), only=[submission.id]).failed == {}
        decide(self.platform)
        return self.platform.ledger.find(submission.id)

    def states(self) -> list[State]:
        return [each.state for each in self.platform.ledger.state().standings.values()]


@pytest.fixture(scope="module")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Configured:
    location = locate(write_conf(tmp_path_factory.mktemp("project")) / "conf")
    settings = load_settings(location.conf / "platform.yaml")
    return location, settings, load_catalogue(location)


@pytest.fixture
def inbox(tmp_path: Path, configured: Configured) -> Inbox:
    return Inbox(tmp_path, configured)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("visit.csv.part", "a copy that is not finished"),
        ("visit.csv.filepart", "a copy that is not finished"),
        ("visit.csv.CRDOWNLOAD", "a copy that is not finished"),
        ("visit.tmp", "a copy that is not finished"),
        (".visit.csv.x7Yb2Q", "a copy that is not finished"),
        (".visit.csv.part", "a copy that is not finished"),
        ("~$visit.xlsx", "the mark of an office program that has a file open"),
        (".~lock.visit.ods#", "the mark of an office program that has a file open"),
    ],
)
def test_c44_the_name_of_an_unfinished_copy_lets_the_delivery_wait(
    name: str, what: str, inbox: Inbox
) -> None:
    copy = inbox.place / name
    copy.write_text("child_id\n")
    assert inbox.one() == Arriving(PLACE, f"{name} is {what}")
    copy.unlink()
    assert isinstance(inbox.one(), Submission)


@pytest.mark.parametrize("name", [".gitkeep", ".DS_Store", ".directory.old", ".visit.csv"])
def test_c44_other_hidden_files_are_not_waited_for(name: str, inbox: Inbox) -> None:
    (inbox.place / name).write_text("x")
    delivery = inbox.one()
    assert isinstance(delivery, Submission)
    assert len(delivery.files) == 4


def test_c44_a_copy_that_was_given_up_is_an_error(inbox: Inbox) -> None:
    copy = inbox.place / "visit.csv.part"
    copy.write_text("child_id\n")
    os.utime(copy, (TWO_DAYS_AGO, TWO_DAYS_AGO))
    day = time.strftime("%Y-%m-%d", time.gmtime(TWO_DAYS_AGO))
    assert inbox.one() == Unplaced(
        PLACE,
        f"visit.csv.part is a copy that is not finished, and was last written to on {day}; remove "
        "it, and send the file again if it is not whole",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who writes to a file")
def test_c44_a_file_that_is_open_for_writing_is_left_alone(inbox: Inbox) -> None:
    with (inbox.place / "child.csv").open("a"):
        assert inbox.one() == Arriving(PLACE, "child.csv is open in a program that writes to it")
    with (inbox.place / "child.csv").open():
        assert isinstance(inbox.one(), Submission)


def during_the_wait(action: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(0.15, action)
    timer.start()
    return timer


def grow(inbox: Inbox) -> None:
    with (inbox.place / "child.csv").open("a") as stream:
        stream.write("more\n")


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (grow, "child.csv is still being written"),
        (
            lambda inbox: (inbox.place / "child.csv").unlink(),
            "child.csv vanished while it was looked at",
        ),
        (lambda inbox: (inbox.place / "new.csv").write_text("x"), "new.csv has just come"),
    ],
)
def test_c44_what_changes_between_two_looks_waits_for_the_next_run(
    action: Callable[[Inbox], object], reason: str, inbox: Inbox
) -> None:
    Small(GLASGOW).write(inbox.folder)
    timer = during_the_wait(lambda: action(inbox))
    fife, glasgow = inbox.read(looks_twice=True)
    timer.join()
    assert fife == Arriving(PLACE, reason)
    assert isinstance(glasgow, Submission)
    assert inbox.land([glasgow]).landed == [glasgow.id]
    assert isinstance(inbox.read()[0], Submission)


def test_c44_a_whole_inbox_is_waited_for_once(inbox: Inbox) -> None:
    for council in (GLASGOW, ORKNEY, *(f"S120000{number}" for number in range(33, 37))):
        Small(council).write(inbox.folder)
    began = time.monotonic()
    deliveries = inbox.read(looks_twice=True)
    taken = time.monotonic() - began
    assert len(deliveries) == 7
    assert not [each for each in deliveries if isinstance(each, Arriving)]
    assert LOOKS_TWICE.wait_seconds <= taken < 7 * LOOKS_TWICE.wait_seconds


def test_c44_a_file_that_changes_before_its_bytes_are_kept_is_not_landed(inbox: Inbox) -> None:
    Small(GLASGOW).write(inbox.folder)
    read = inbox.submissions()
    grow(inbox)
    report = inbox.land(read)
    assert report.arriving == {PLACE: "child.csv was written to while it was read"}
    assert report.landed == [read[1].id]
    assert inbox.states() == [State.LANDED]
    door = inbox.platform.door
    digest = read[0].files[0].digest
    assert read[0].files[0].name == "child.csv"
    assert not door.exists(f"landing/{digest[:2]}/{digest}")
    again = inbox.land()
    assert (len(again.landed), again.known) == (1, [read[1].id])


def test_c44_a_file_that_vanishes_before_its_bytes_are_kept_is_not_landed(inbox: Inbox) -> None:
    read = inbox.submissions()
    (inbox.place / "placement.csv").unlink()
    report = inbox.land(read)
    assert report.arriving == {PLACE: "placement.csv was written to while it was read"}
    assert (report.landed, report.failed, inbox.states()) == ([], {}, [])


def test_c44_the_run_says_so_and_it_is_no_error(
    inbox: Inbox,
    configured: Configured,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (inbox.place / "visit.csv.part").write_text("child_id\n")
    monkeypatch.setenv("LGDP_CACHE", str(tmp_path / "cache"))
    where = ["--inbox", str(inbox.folder), "--lake", str(tmp_path / "other")]

    def lgdp(*words: str) -> tuple[str, str]:
        conf = ["--conf", str(configured[0].conf)]
        monkeypatch.setattr(sys, "argv", ["lgdp", *words, *where, *conf])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        written = capsys.readouterr()
        return written.out, written.err

    left = f"left for the next run: {PLACE}: visit.csv.part is a copy that is not finished\n"
    landed = "0 landed, 0 known already, 0 not placed, 1 left for the next run\n"
    assert lgdp("land") == (landed, left)
    assert lgdp("run")[0] == f"Nothing new yet.\n{left}"
    told = json.loads(lgdp("run", "--json")[0])
    assert told["arriving"] == {PLACE: "visit.csv.part is a copy that is not finished"}
    assert (told["unplaced"], told["landed"]) == ({}, [])


def manifest(inbox: Inbox, files: str, name: str = "manifest.yaml") -> None:
    text = f"return: looked_after\nperiod: 2023-24\ncouncil: {FIFE}\nfiles:\n{files}"
    others = ("episode.csv", "placement.csv", "legal_reason.csv")
    text += "".join(f"  - name: {other}\n" for other in others)
    (inbox.place / name).write_text(text)


def test_c44_a_file_smaller_than_its_manifest_says_is_still_being_copied(inbox: Inbox) -> None:
    size = (inbox.place / "child.csv").stat().st_size
    manifest(inbox, f"  - {{name: child.csv, bytes: {size + 1}}}\n")
    assert inbox.one() == Arriving(
        PLACE, f"child.csv has {size:,} of the {size + 1:,} bytes that the manifest says"
    )
    with (inbox.place / "child.csv").open("a") as stream:
        stream.write("\n")
    assert isinstance(inbox.one(), Submission)


def test_c45_a_file_of_another_size_than_its_manifest_says_is_an_error(inbox: Inbox) -> None:
    child = inbox.place / "child.csv"
    size = child.stat().st_size
    manifest(inbox, f"  - {{name: child.csv, bytes: {size - 1}}}\n")
    larger = f"child.csv has {size:,} bytes, the manifest says {size - 1:,}"
    assert inbox.one() == Unplaced(PLACE, larger)
    manifest(inbox, f"  - {{name: child.csv, bytes: {size + 1}}}\n")
    os.utime(child, (TWO_DAYS_AGO, TWO_DAYS_AGO))
    smaller = f"child.csv has {size:,} bytes, the manifest says {size + 1:,}"
    assert inbox.one() == Unplaced(PLACE, smaller)


def test_c45_a_file_of_another_digest_than_its_manifest_says_is_an_error(inbox: Inbox) -> None:
    manifest(inbox, f"  - {{name: child.csv, sha256: {'0' * 64}}}\n")
    text = "child.csv is not the file of the manifest: its SHA-256 differs"
    assert inbox.one() == Unplaced(PLACE, text)
    digest = hashlib.sha256((inbox.place / "child.csv").read_bytes()).hexdigest()
    manifest(inbox, f"  - {{name: child.csv, sha256: {digest}}}\n")
    assert isinstance(inbox.one(), Submission)


def test_c45_the_right_number_of_rows_is_accepted(inbox: Inbox) -> None:
    manifest(inbox, "  - {name: child.csv, rows: 2}\n")
    assert inbox.standing().state is State.CHECKED


def test_c45_another_number_of_rows_rejects_until_the_right_one_is_sent(inbox: Inbox) -> None:
    manifest(inbox, "  - {name: child.csv, rows: 3}\n")
    rejected = inbox.standing()
    assert rejected.state is State.REJECTED
    (note,) = (note for note in rejected.landed["notes"] if note["code"] == "CONTROL_TOTAL")
    assert (note["file"], note["code"], note["severity"], note["message"]) == (
        "child.csv",
        "CONTROL_TOTAL",
        "critical",
        "The file has 2 rows, the manifest says 3; send the whole file, or a manifest with the "
        "right number.",
    )
    # The same files are another submission: what was wrong is the manifest.
    manifest(inbox, "  - {name: child.csv, rows: 2}\n")
    assert inbox.standing().state is State.CHECKED
    assert sorted(inbox.states()) == [State.CHECKED, State.REJECTED]


def test_c45_rows_of_a_file_that_is_read_once_are_not_counted_twice(inbox: Inbox) -> None:
    (inbox.place / "copy.csv").write_bytes((inbox.place / "child.csv").read_bytes())
    files = "  - {name: child.csv, rows: 2}\n  - {name: copy.csv, rows: 2}\n"
    manifest(inbox, files)
    standing = inbox.standing()
    assert standing.state is State.CHECKED
    codes = [note["code"] for note in standing.landed["notes"] if note["file"] == "copy.csv"]
    assert codes == ["SAME_CONTENT"]
