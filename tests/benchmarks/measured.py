"""One command run and measured from outside: CPU of its whole process tree, wall, peak memory."""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>
SAMPLE_SECONDS = 0.1
ORPHAN_SECONDS = 30


class CommandFailed(Exception):
    """A measured command ended with an error; the text is the end of what it printed."""


@dataclass(frozen=True)
class Usage:
    """User and system CPU seconds of all processes, wall seconds, and peak memory in bytes.

    Memory is the largest sum, over processes alive at one time, of proportional set sizes.
    """

    cpu: float
    wall: float
    peak: int


def run_measured(command: Sequence[str], log: Path) -> Usage:
    """Run a command to its end, its output going to `log`.

    Processes that outlive their parent (a JVM) become children of this one, so that their CPU is
    counted as well; any that stay for half a minute after the command has ended are ended.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # Of measurements before: Spark's JVM, and the tracker of multiprocessing, which outlives all.
    others = {child.pid for child in psutil.Process().children()}
    with log.open("wb") as output, _Sampler(others) as sampler:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - started
        cpu = used.ru_utime + used.ru_stime + _reap_orphans(others)
    if process.returncode != 0:
        raise CommandFailed(log.read_text(encoding="utf-8", errors="replace")[-4000:])
    return Usage(cpu, wall, sampler.peak)


def _reap_orphans(others: Collection[int]) -> float:
    """CPU seconds of processes that were left behind; not of those that were there before."""
    cpu, deadline = 0.0, time.monotonic() + ORPHAN_SECONDS
    while left := _children(others):
        for child in left:
            pid, _, used = os.wait4(child.pid, os.WNOHANG)
            if pid:
                cpu += used.ru_utime + used.ru_stime
            elif time.monotonic() > deadline:
                child.kill()
        time.sleep(SAMPLE_SECONDS)
    return cpu


def _children(others: Collection[int]) -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.pid not in others]


class _Sampler:
    """Adds up the memory of new descendants of this process, again and again, in a thread."""

    def __init__(self, others: Collection[int]) -> None:
        self.peak = 0
        self._others = others
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, sum(map(_memory_of_all, _children(self._others))))


def _memory_of_all(process: psutil.Process) -> int:
    try:
        descendants = process.children(recursive=True)
    except psutil.Error:  # it has just ended
        return 0
    return sum(map(_memory, [process, *descendants]))


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.Error, OSError):  # it has just ended
        return 0
