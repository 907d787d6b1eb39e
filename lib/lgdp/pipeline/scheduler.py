"""Schedulers: where the work of a stage is done. All give the same results, in any order."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Protocol

from lgdp.errors import LgdpError
from lgdp.pipeline.work import do

ATTEMPTS = 3


@dataclass(frozen=True)
class Done:
    """The result of one task, or why the platform failed at it; `key` is the submission."""

    key: str
    result: str | None
    error: str | None = None


class Scheduler(Protocol):
    """Runs one kind of work on many tasks (key to JSON)."""

    def run(self, kind: str, tasks: Mapping[str, str]) -> Iterator[Done]:
        """Results as they come, one for every key."""
        ...


def attempt(kind: str, key: str, text: str) -> Done:
    """Do one task; an error is returned, so that one submission never stops the others."""
    try:
        return Done(key, do(kind, text))
    except LgdpError as error:
        return Done(key, None, str(error))
    except Exception as error:  # noqa: BLE001 (a defect: named only, its text may hold data)
        return Done(key, None, f"unexpected {type(error).__module__}.{type(error).__name__}")


class InlineScheduler:
    """Does the work here, one task after the other."""

    def run(self, kind: str, tasks: Mapping[str, str]) -> Iterator[Done]:
        """Results in the order of the tasks."""
        for key, text in tasks.items():
            yield attempt(kind, key, text)


class ProcessScheduler:
    """Does the work in processes of this machine.

    A process that dies takes its pool with it. What was left is then done one task at a time, so
    that only the task that kills is given up, as the platform's failure.
    """

    def __init__(self, workers: int = 0) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload(["lgdp.pipeline.work"])

    def run(self, kind: str, tasks: Mapping[str, str]) -> Iterator[Done]:
        """Results as they are done; a single task is done in this process."""
        if len(tasks) <= 1:
            yield from InlineScheduler().run(kind, tasks)
            return
        left = dict(tasks)
        for done in self._pooled(kind, left, min(self._workers, len(left))):
            left.pop(done.key)
            yield done
        for key, text in left.items():
            yield self._alone(kind, key, text)

    def _pooled(self, kind: str, tasks: Mapping[str, str], workers: int) -> Iterator[Done]:
        with ProcessPoolExecutor(workers, mp_context=self._context) as pool:
            futures = [pool.submit(attempt, kind, key, text) for key, text in tasks.items()]
            for future in as_completed(futures):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    continue

    def _alone(self, kind: str, key: str, text: str) -> Done:
        for _ in range(ATTEMPTS):
            for done in self._pooled(kind, {key: text}, 1):
                return done
        return Done(key, None, f"a worker process died {ATTEMPTS} times at this task")
