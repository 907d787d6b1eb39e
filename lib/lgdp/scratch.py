"""Scratch folders: for work on people's records, which may be as large as what was sent.

Each is gone when it is done with. What a process that was killed has left is removed by a later
one, on the same machine and of the same user.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

PREFIX = "lgdp-scratch-"
"""Whatever is called so in the temporary folder and is nobody's is removed."""
SETTLED = 60.0
"""Seconds after which a folder that nobody holds is not just being made."""


@contextmanager
def scratch_folder(purpose: str, parent: Path | None = None) -> Iterator[Path]:
    """A new folder that no other user can read, named after its purpose, for a block.

    It is in `parent`, or else in the temporary folder, which alone is swept.
    """
    _sweep_once()
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{purpose}-", dir=parent) as name:
        folder = Path(name)
        # On a file system without locks nothing is swept either.
        with _opened(folder) as descriptor:
            with suppress(OSError):
                _lock(descriptor)
            yield folder


def sweep() -> list[Path]:
    """Remove the folders of processes that are no more; which they were."""
    return [each for each in Path(tempfile.gettempdir()).glob(f"{PREFIX}*") if _is_swept(each)]


@cache
def _sweep_once() -> None:
    sweep()


def _is_swept(folder: Path) -> bool:
    try:
        found = folder.lstat()
        if found.st_uid != os.getuid() or time.time() - found.st_mtime < SETTLED:
            return False
        with _opened(folder) as descriptor:
            _lock(descriptor)
            shutil.rmtree(folder)
    except OSError:  # it is held, no folder, or has just gone
        return False
    return True


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock an open folder; OSError if a process that lives has.

    The system lets go of the lock when the process ends, however that comes.
    """
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
