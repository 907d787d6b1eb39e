"""What other processes do at the same time, for tests of races."""

from __future__ import annotations

import os
import signal
import time

import pyarrow as pa

from lgdp.errors import ConcurrentWrite
from lgdp.lake.data_file import DataFile, data_path
from lgdp.lake.door import Door
from lgdp.lake.holder import Holder
from lgdp.lake.lease import hold
from lgdp.lake.rows import write_rows
from lgdp.lake.schemas import EVENTS, EVENTS_SCHEMA
from lgdp.lake.serial_log import SerialLog
from lgdp.lake.table import LakeTable
from tests.processes import all_ready

# Of two processes that create one table, both must do so at the same moment to be a test.
TURNS = 8


def append_in_turn(number: int, uri: str, times: int) -> list[tuple[int, str]]:
    """Append rows to the log; after every loss read again. The versions won, and their ids."""
    log = SerialLog(Door.open(uri), EVENTS, EVENTS_SCHEMA)
    won = []
    all_ready()
    while len(won) < times:
        _, version = log.read()
        name = f"{number}-{len(won)}"
        try:
            won.append((log.append(pa.table({"id": [name]}), version), name))
        except ConcurrentWrite:
            continue
    return won


def append_once(number: int, uri: str, version: int) -> int:
    """Try to follow one version of the log, at the same moment as others; 0 if another won."""
    log = SerialLog(Door.open(uri), EVENTS, EVENTS_SCHEMA)
    log.read()
    all_ready()
    try:
        return log.append(pa.table({"id": [str(number)]}), version)
    except ConcurrentWrite:
        return 0


def ensure_and_add(number: int, uri: str, schemas: list[pa.Schema]) -> int:
    """Create or widen tables with others, and add a file that all add, and one of our own."""
    door = Door.open(uri)
    for turn in range(TURNS):
        all_ready()
        LakeTable(door, f"silver/r/t{turn}").ensure(schemas[number], ("period",))
    table = LakeTable(door, "silver/r/t")
    all_ready()
    table.ensure(schemas[number], ("period",))
    files = [_file(door, table.name, name) for name in ("shared", f"own-{number}")]
    return table.append_files(files)


def _file(door: Door, table: str, name: str) -> DataFile:
    partition = {"period": "2017-18"}
    rows = pa.table({"_submission": [name], "period": ["2017-18"]})
    file = write_rows(door, table, rows, partition, name)
    assert file.path == data_path(partition, name)
    return file


def count_under_lease(number: int, uri: str, path: str, times: int) -> None:
    """Add one to a number in a file, which goes wrong unless one process at a time does it."""
    door = Door.open(uri)
    all_ready()
    for _ in range(times):
        with hold(door, "count", Holder.here(f"p{number}", "counting"), ttl=30, wait=120) as lease:
            with open(path, encoding="ascii") as source:  # noqa: PTH123
                value = int(source.read())
            time.sleep(0.01)
            lease.check()
            with open(path, "w", encoding="ascii") as target:  # noqa: PTH123
                target.write(str(value + 1))


def hold_and_die(uri: str, name: str, ttl: float) -> None:
    """Take a lease and be killed with it."""
    with hold(Door.open(uri), name, Holder.here("anna", "a build"), ttl=ttl):
        os.kill(os.getpid(), signal.SIGKILL)
