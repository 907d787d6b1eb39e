"""Processes for tests of what several do, or of what is killed: they start in no time.

Each is forked from a server that has loaded the platform. `lgdp` in such a process is what
`python -m lgdp.cli` is but for the start of an interpreter, which is two seconds of work.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

FORKED = multiprocessing.get_context("forkserver")
LOADED = [
    "lgdp.cli.batch",
    "lgdp.cli.progress",
    "lgdp.contracts.catalogue",
    "lgdp.pipeline.run",
    "lgdp.pipeline.validation",
    "lgdp.pipeline.work",
]
FORKED.set_forkserver_preload(LOADED)
PATIENCE = 120.0
_start: Barrier | None = None


def start(work: Callable[..., object], *arguments: object) -> ForkServerProcess:
    """Begin `work(*arguments)` in a process, the first of a group of its own."""
    process = FORKED.Process(target=_work, args=(dict(os.environ), Path.cwd(), work, *arguments))
    process.start()
    return process


def _work(
    environ: Mapping[str, str], folder: Path, work: Callable[..., object], *arguments: object
) -> None:
    os.setsid()
    os.chdir(folder)
    _adopt(environ)
    work(*arguments)


def _adopt(environ: Mapping[str, str]) -> None:
    """The environment as it is now, not as it was when the server was started."""
    os.environ.clear()
    os.environ.update(environ)


def kill_when(path: Path, process: ForkServerProcess) -> None:
    """Wait until `path` is there, and kill the process with all that it has started."""
    deadline = time.monotonic() + PATIENCE
    try:
        while not path.exists():
            assert process.is_alive(), "the process ended before the moment came"
            assert time.monotonic() < deadline, f"{path.name} never came"
            time.sleep(0.0005)
    finally:
        os.killpg(process.pid or 0, signal.SIGKILL)
        process.join()


def lgdp(*words: str, bytes_per_file: int | None = None) -> tuple[int | None, str]:
    """Run the command line; its exit code, and what it says on standard output and error.

    No file that it writes may be longer than so many bytes.
    """
    ours, theirs = FORKED.Pipe(duplex=False)
    process = start(_lgdp, words, theirs, bytes_per_file)
    theirs.close()
    said = b"".join(iter(lambda: os.read(ours.fileno(), 1 << 16), b""))
    process.join()
    return process.exitcode, said.decode()


def begin_lgdp(*words: str) -> ForkServerProcess:
    """Begin to run the command line, whatever it may say."""
    return start(_lgdp, words, None, None)


def _lgdp(words: tuple[str, ...], output: Connection | None, bytes_per_file: int | None) -> None:
    from lgdp.cli import main

    target = os.open(os.devnull, os.O_WRONLY) if output is None else output.fileno()
    for descriptor in (1, 2):
        os.dup2(target, descriptor)
    os.close(target)
    if bytes_per_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_per_file, bytes_per_file))
    sys.argv = ["lgdp", *words]
    main()


def race(work: Callable[..., Any], count: int, *arguments: object) -> list[Any]:
    """What `count` processes return from `work(number, *arguments)`, all started at once."""
    barrier = FORKED.Barrier(count)
    with ProcessPoolExecutor(count, FORKED, _prepare, (barrier, dict(os.environ))) as pool:
        calls = [pool.submit(work, number, *arguments) for number in range(count)]
        return [call.result() for call in calls]


def _prepare(barrier: Barrier, environ: Mapping[str, str]) -> None:
    global _start
    _start = barrier
    _adopt(environ)


def all_ready() -> None:
    """Wait until every process of the race has come this far."""
    assert _start is not None
    _start.wait(PATIENCE)
