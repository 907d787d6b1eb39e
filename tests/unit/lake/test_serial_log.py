"""The log in which a writer learns if anyone wrote since it read."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pyarrow as pa
import pytest

from lgdp.errors import ConcurrentWrite, LakeError
from lgdp.lake.door import Door
from lgdp.lake.schemas import EVENTS, EVENTS_SCHEMA
from lgdp.lake.serial_log import EVERY, SerialLog
from tests.processes import race
from tests.unit.lake.racing import append_in_turn, append_once


def new_log(uri: Path | str, latest_by: str | None = None) -> SerialLog:
    return SerialLog(Door.open(uri), EVENTS, EVENTS_SCHEMA, latest_by)


def ids(*names: str) -> pa.Table:
    return pa.table({"id": list(names)})


def test_a_log_that_is_not_there_is_empty_and_is_not_made_by_reading(tmp_path: Path) -> None:
    rows, version = new_log(tmp_path / "lake").read()
    assert rows.schema == EVENTS_SCHEMA
    assert (rows.num_rows, version) == (0, -1)
    assert not (tmp_path / "lake").exists()


def test_rows_have_the_version_of_their_commit_and_their_place_in_it(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    assert log.append(ids("b", "a", "c"), -1) == 1
    assert log.append(ids("d"), 1) == 2
    rows, version = new_log(tmp_path).read()
    assert version == 2
    assert rows.select(["seq", "ordinal", "id"]).to_pylist() == [
        {"seq": 1, "ordinal": 0, "id": "b"},
        {"seq": 1, "ordinal": 1, "id": "a"},
        {"seq": 1, "ordinal": 2, "id": "c"},
        {"seq": 2, "ordinal": 0, "id": "d"},
    ]
    later, _ = log.read(after=1)
    assert later["id"].to_pylist() == ["d"]


def test_who_was_overtaken_is_told(tmp_path: Path) -> None:
    first, second = new_log(tmp_path), new_log(tmp_path)
    first.append(ids("a"), -1)
    _, version = second.read()
    first.append(ids("b"), version)
    with pytest.raises(ConcurrentWrite) as caught:
        second.append(ids("c"), version)
    assert str(caught.value) == (
        f"the log control/events in the lake {tmp_path} has grown since version 1"
    )
    assert second.append(ids("c"), second.version()) == 3
    assert first.read()[0]["id"].to_pylist() == ["a", "b", "c"]


def test_a_version_that_is_yet_to_come_is_refused(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    log.append(ids("a"), -1)
    with pytest.raises(ConcurrentWrite):
        log.append(ids("b"), 5)


def test_columns_that_the_log_does_not_have_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LakeError) as caught:
        new_log(tmp_path).append(pa.table({"idd": ["a"]}), -1)
    assert str(caught.value) == "table control/events has no column idd"


def test_a_log_of_a_former_version_gets_the_columns_that_are_new(tmp_path: Path) -> None:
    former = SerialLog(Door.open(tmp_path), EVENTS, pa.schema(list(EVENTS_SCHEMA)[:4]))
    former.append(ids("a"), -1)
    log = new_log(tmp_path)
    rows, version = log.read()
    assert rows.schema == EVENTS_SCHEMA
    assert rows.select(["id", "actor"]).to_pylist() == [{"id": "a", "actor": None}]
    with pytest.raises(ConcurrentWrite):
        log.append(pa.table({"id": ["b"], "actor": ["ben"]}), version)
    log.append(pa.table({"id": ["b"], "actor": ["ben"]}), log.version())
    assert log.read()[0]["actor"].to_pylist() == [None, "ben"]
    assert former.read()[0]["id"].to_pylist() == ["a", "b"]


def test_of_writers_racing_for_one_version_one_wins(tmp_path: Path) -> None:
    new_log(tmp_path).append(ids("first"), -1)
    assert sorted(race(append_once, 3, str(tmp_path), 1)) == [0, 0, 2]
    assert new_log(tmp_path).read()[0].num_rows == 2
    # What the losers had written is gone again.
    assert len(list((tmp_path / EVENTS).glob("*.parquet"))) == 2


def check_no_turn_is_lost(uri: str, writers: int, times: int) -> None:
    # Shortly before a consolidation, so that it takes part in the race.
    log = new_log(uri)
    won = [(log.append(ids(f"x-{turn}"), turn or -1), f"x-{turn}") for turn in range(EVERY - 4)]
    for each in race(append_in_turn, writers, uri, times):
        won += each
    versions = [version for version, _ in won]
    assert len(set(versions)) == EVERY - 4 + writers * times
    rows, newest = new_log(uri).read()
    assert list(zip(rows["seq"].to_pylist(), rows["id"].to_pylist(), strict=True)) == sorted(won)
    assert newest >= max(versions)


def test_no_turn_of_several_writers_is_lost(tmp_path: Path) -> None:
    check_no_turn_is_lost(str(tmp_path), 3, 6)


@pytest.mark.slow
def test_no_turn_of_several_writers_is_lost_on_s3(s3_lake: str) -> None:
    check_no_turn_is_lost(s3_lake, 3, 5)


def test_small_files_are_merged_and_nothing_changes_for_readers(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    log.append(ids("0"), -1)
    reader = new_log(tmp_path)
    reader.read()
    for number in range(1, EVERY + 10):
        log.append(ids(str(number)), log.version())
    for each in (log, reader, new_log(tmp_path)):
        rows, version = each.read()
        assert rows["id"].to_pylist() == [str(number) for number in range(EVERY + 10)]
        # The merge took version EVERY + 1 for itself.
        assert rows["seq"].to_pylist() == [
            *range(1, EVERY + 1),
            *range(EVERY + 2, EVERY + 12),
        ]
        assert version == EVERY + 11
    commit = tmp_path / EVENTS / "_delta_log" / f"{EVERY + 1:020}.json"
    actions = [json.loads(line) for line in commit.read_text().splitlines()]
    assert sum("remove" in action for action in actions) == EVERY
    assert [action["add"]["dataChange"] for action in actions if "add" in action] == [False]
    assert list((tmp_path / EVENTS / "_delta_log").glob("*.checkpoint.parquet"))


def test_a_log_of_the_latest_forgets_the_others_when_it_merges(tmp_path: Path) -> None:
    log = new_log(tmp_path, latest_by="submission")
    version = -1
    for number in range(EVERY):
        row = pa.table({"id": [str(number)], "submission": ["ab"[number % 2]]})
        version = log.append(row, version)
    assert log.read()[0]["id"].to_pylist() == [str(EVERY - 2), str(EVERY - 1)]


def test_an_error_after_the_commit_is_no_loss(tmp_path: Path) -> None:
    """A checkpoint that cannot be written is reported by delta-rs as if the commit had failed."""
    log = new_log(tmp_path)
    version = -1
    for number in range(EVERY - 2):
        version = log.append(ids(str(number)), version)
    folder = tmp_path / EVENTS / "_delta_log"
    (folder / "_last_checkpoint").mkdir()
    for number in range(EVERY - 2, EVERY + 5):
        log.append(ids(str(number)), log.version())
    rows, _ = new_log(tmp_path).read()
    assert rows["id"].to_pylist() == [str(number) for number in range(EVERY + 5)]


def test_reading_stays_quick(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    version = -1
    for number in range(200):
        log.append(ids(str(number)), version)
        version = log.version()
    start = time.process_time()
    rows, _ = new_log(tmp_path).read()
    assert time.process_time() - start < 0.3
    assert rows.num_rows == 200


def test_the_table_is_plain_delta_that_refuses_deletes(tmp_path: Path) -> None:
    new_log(tmp_path).append(ids("a"), -1)
    table = new_log(tmp_path)._table.opened()
    assert table is not None
    protocol = table.protocol()
    assert (protocol.min_reader_version, protocol.min_writer_version) == (1, 2)
    assert table.metadata().configuration["delta.appendOnly"] == "true"
