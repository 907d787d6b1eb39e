"""Whether a file is still on its way: an unfinished copy, or open in a program that writes it."""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from lgdp.config import InboxSettings
from lgdp.errors import StillArriving, UsageError
from lgdp.intake.sent_file import Stamp, as_text, is_data_name

UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".download")
"""What programs that copy put behind the name until they are done."""
OPEN_IN_OFFICE = re.compile(r"~\$.|\.~lock\..+#$")
HIDDEN_COPY = re.compile(r"\.(?P<name>.+?)\.\w{6,}$")
"""rsync's name for `child.csv` on its way is `.child.csv.x7Yb2Q`."""

Listing = Mapping[str, Stamp]
"""The files of a folder by name, and when and how large they were when it was listed."""


def unfinished(name: str) -> str | None:
    """What the name of a file says of a copy that is not finished, null if nothing.

    >>> unfinished("child.csv.part")
    'a copy that is not finished'
    >>> unfinished("~$child.xlsx")
    'the mark of an office program that has a file open'
    >>> unfinished("child.csv"), unfinished(".gitkeep")
    (None, None)
    """
    if OPEN_IN_OFFICE.match(name):
        return "the mark of an office program that has a file open"
    hidden = HIDDEN_COPY.match(name)
    if name.lower().endswith(UNFINISHED) or (hidden and is_data_name(hidden["name"])):
        return "a copy that is not finished"
    return None


def list_folder(folder: Path) -> dict[str, Stamp]:
    """Files that count: hidden ones only if they are unfinished copies; none of a lost folder."""
    found: dict[str, Stamp] = {}
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return found
    for entry in sorted(entries, key=lambda each: each.name):
        if entry.name.startswith(".") and unfinished(entry.name) is None:
            continue
        try:
            if entry.is_file():
                found[entry.name] = Stamp.of(Path(entry.path))
        except FileNotFoundError:
            continue
    return found


def is_recent(listing: Listing, patience: InboxSettings) -> bool:
    """Whether anything was written so lately that only a second look can tell if it is done."""
    since = time.time_ns() - int(patience.recent_seconds * 1e9)
    return any(max(stamp.modified, stamp.changed) > since for stamp in listing.values())


def require_finished(folder: Path, listing: Listing, patience: InboxSettings) -> None:
    """StillArriving for a folder of which a file is unfinished or open for writing.

    UsageError if what is unfinished was given up: nobody wrote to it for `stalled_hours`.
    """
    for name, stamp in listing.items():
        if what := unfinished(name):
            text = as_text(name)
            if is_stalled(stamp, patience):
                raise UsageError(
                    f"{text} is {what}, and was last written to on {_day(stamp)}; remove it, and "
                    "send the file again if it is not whole"
                )
            raise StillArriving(f"{text} is {what}")
        if is_open_for_writing(folder / name):
            raise StillArriving(f"{as_text(name)} is open in a program that writes to it")


def is_stalled(stamp: Stamp, patience: InboxSettings) -> bool:
    """Whether nothing was written for so long that nobody is copying any more."""
    return time.time_ns() - stamp.modified > patience.stalled_hours * 3_600_000_000_000


def difference(before: Listing, after: Listing) -> str | None:
    """What changed between two looks at a folder, in words; null if nothing did."""
    for name, stamp in before.items():
        if name not in after:
            return f"{as_text(name)} vanished while it was looked at"
        if after[name] != stamp:
            return f"{as_text(name)} is still being written"
    added = [as_text(name) for name in after if name not in before]
    return f"{added[0]} has just come" if added else None


def is_open_for_writing(path: Path) -> bool:
    """Whether a process has the file open for writing; False where the system can't say.

    A read lease of Linux is granted only if nobody has. Only the owner of a file (and root) gets
    one, and not every file system has them: then the two looks have to do.
    """
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # Who opens the file in the moment we have the lease makes the kernel tell us by a signal:
        # by default one that ends the process, so ask for one that is ignored.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False


def _day(stamp: Stamp) -> str:
    return f"{datetime.fromtimestamp(stamp.modified / 1e9, UTC):%Y-%m-%d}"
