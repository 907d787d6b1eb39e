"""Disks that are full, processes that die, files that are damaged: nothing is lost or half seen."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from lgdp.errors import LakeError
from lgdp.intake.inbox import read_inbox
from lgdp.intake.submission import Submission
from lgdp.lake.door import Door
from lgdp.lake.query import query
from lgdp.lake.table import LakeTable
from lgdp.ledger.ledger import Ledger
from lgdp.ledger.state import State
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.landing import land_all
from lgdp.pipeline.scheduler import InlineScheduler, ProcessScheduler
from tests.processes import begin_lgdp, kill_when, lgdp
from tests.small_return import FIFE, GLASGOW, ORKNEY, Delivery, write_conf
from tests.unit.pipeline.desk import Desk

pytestmark = pytest.mark.slow

PATIENCE = 60.0
CHILDREN = "SELECT child_id FROM silver.looked_after.child ORDER BY child_id"


def at(folder: Path) -> list[str]:
    """The lake and the configuration of a folder, as options of the command line."""
    return ["--lake", str(folder / "lake"), "--conf", str(folder / "project")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_conf(tmp_path / "project")
    Delivery(FIFE).write(tmp_path / "inbox")
    Delivery(GLASGOW, orphans=["B8", "B9"]).write(tmp_path / "inbox")
    return tmp_path


def states(folder: Path) -> list[State]:
    ledger = Ledger(Door.open(str(folder / "lake")))
    return [each.state for each in ledger.state().standings.values()]


def test_c51_killed_between_two_tables_nothing_is_half_seen(folder: Path) -> None:
    inbox = ["--inbox", str(folder / "inbox")]
    assert lgdp("land", *inbox, *at(folder))[0] == 0
    moment = folder / "lake/silver/looked_after/child/_delta_log/00000000000000000001.json"
    kill_when(moment, begin_lgdp("check", *at(folder)))
    door = Door.open(str(folder / "lake"))
    assert query(door, CHILDREN, Ledger(door).current()).num_rows == 0
    assert lgdp("check", *at(folder))[0] == 0
    assert states(folder) == [State.CHECKED, State.CHECKED]
    for table, rows in (("silver/looked_after/child", 4), ("quarantine/looked_after/episode", 2)):
        assert LakeTable(door, table).read().num_rows == rows


@pytest.mark.parametrize("limit", [100, 3000])
def test_c52_a_full_disk_is_a_clean_failure_and_the_next_run_goes_on(
    folder: Path, limit: int
) -> None:
    inbox = ["--inbox", str(folder / "inbox")]
    code, said = lgdp("land", *inbox, *at(folder), bytes_per_file=limit)
    assert code == 3
    assert "Traceback" not in said
    assert State.LANDED not in states(folder)
    assert lgdp("land", *inbox, *at(folder))[0] == 0
    code, said = lgdp("check", *at(folder), bytes_per_file=limit)
    assert code == 3
    assert "Traceback" not in said
    assert State.CHECKED not in states(folder)
    assert lgdp("check", *at(folder))[0] == 0
    assert states(folder) == [State.CHECKED, State.CHECKED]
    door = Door.open(str(folder / "lake"))
    assert LakeTable(door, "silver/looked_after/child").read().num_rows == 4


def test_c52_a_lake_that_cant_be_written_is_named(folder: Path) -> None:
    (folder / "lake").write_text("this is a file")
    code, said = lgdp("land", "--inbox", str(folder / "inbox"), *at(folder))
    assert code == 3
    assert str(folder / "lake") in said
    assert "Traceback" not in said


@pytest.fixture
def published(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.send()
    desk.publish()
    return desk


def ask(desk: Desk, sql: str) -> list[dict]:
    return query(desk.platform.door, sql, desk.platform.ledger.current()).to_pylist()


def silver_file(desk: Desk) -> Path:
    (path,) = (desk.folder / "lake/silver/looked_after/child").rglob("*.parquet")
    return path


def test_c54_a_missing_data_file_is_named_and_checking_again_restores_it(published: Desk) -> None:
    path = silver_file(published)
    rows = ask(published, CHILDREN)
    path.unlink()
    with pytest.raises(LakeError, match=path.name):
        ask(published, CHILDREN)
    (submission,) = published.current()
    assert check_all(published.platform, InlineScheduler(), only=[submission]).failed == {}
    assert ask(published, CHILDREN) == rows
    assert published.current() == [submission]


def test_c54_a_damaged_data_file_is_named(published: Desk) -> None:
    path = silver_file(published)
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(LakeError, match=path.name):
        ask(published, CHILDREN)


def test_c54_a_truncated_log_is_named_and_nothing_is_guessed(published: Desk) -> None:
    log = sorted((published.folder / "lake/silver/looked_after/child/_delta_log").glob("*.json"))
    log[-1].write_bytes(log[-1].read_bytes()[:-20])
    with pytest.raises(LakeError, match="silver/looked_after/child"):
        ask(published, CHILDREN)


def test_c54_a_clock_that_goes_backwards_changes_no_order(published: Desk) -> None:
    published.now = published.now.replace(year=2024, month=8)
    later = published.send(Delivery(starts={"A1": "2023-10-01"})).standing
    published.publish()
    assert published.current() == [later.submission]


def test_c55_a_reader_of_an_old_version_whose_files_are_gone_is_told(published: Desk) -> None:
    door = published.platform.door
    rows = LakeTable(door, "silver/looked_after/child").dataset()
    published.send(Delivery(starts={"A1": "2023-10-01"}))
    assert rows.to_table().num_rows == 2  # later commits change nothing for it
    files = (published.folder / "lake/silver/looked_after/child").rglob("*.parquet")
    silver = min(files, key=os.path.getmtime)
    silver.unlink()
    with pytest.raises(FileNotFoundError, match=silver.name):
        rows.to_table()


def submissions(inbox: Path, desk: Desk) -> list[Submission]:
    found = read_inbox(inbox, desk.platform.catalogue)
    return [each for each in found if isinstance(each, Submission)]


def test_c57_a_worker_process_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "killed")
    children = [(f"C{number}", f"{number:09}") for number in range(300)]
    for council in (FIFE, GLASGOW, ORKNEY):
        Delivery(council, children=children).write(tmp_path / "inbox")
    land_all(desk.platform, submissions(tmp_path / "inbox", desk), InlineScheduler())
    killed: list[int] = []
    watching = threading.Thread(target=_kill_a_worker, args=(killed,))
    watching.start()
    report = check_all(desk.platform, ProcessScheduler(2))
    watching.join()
    assert len(killed) == 1
    assert report.failed == {}
    assert desk.states() == [State.CHECKED] * 3
    assert len(desk.publish()) == 3
    rows = ask(desk, "SELECT DISTINCT _submission, _row FROM silver.looked_after.child")
    (count,) = ask(desk, "SELECT count(*) AS n FROM silver.looked_after.child")
    assert (len(rows), count["n"]) == (900, 900)


def _kill_a_worker(killed: list[int]) -> None:
    """Kill the first process that the fork server makes for a pool, once it is at work."""
    deadline = time.monotonic() + PATIENCE
    while not killed and time.monotonic() < deadline:
        for server in _children(os.getpid()):
            for worker in _children(server):
                if _cpu_ticks(worker) > 3:
                    os.kill(worker, signal.SIGKILL)
                    killed.append(worker)
                    return
        time.sleep(0.002)


def _children(process: int) -> list[int]:
    path = Path(f"/proc/{process}/task/{process}/children")
    return [int(each) for each in path.read_text().split()] if path.exists() else []


def _cpu_ticks(process: int) -> int:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def test_c58_a_malformed_rule_file_stops_everything_before_anything_is_read(folder: Path) -> None:
    suite = folder / "project/expectations/looked_after/child.json"
    suite.write_text(suite.read_text()[:-30])
    code, said = lgdp("land", "--inbox", str(folder / "inbox"), *at(folder))
    assert code == 2
    assert "expectations/looked_after/child.json" in said
    assert not (folder / "lake").exists()
