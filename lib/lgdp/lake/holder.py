"""Who holds a lease: a process, told apart from every other, and the person it works for."""

from __future__ import annotations

import functools
import hashlib
import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

# How far two readings of one process's start may be apart, in seconds (clock ticks are coarse).
START_TOLERANCE = 1.0


@dataclass(frozen=True)
class Holder:
    """A process by host, machine, number and start (seconds since 1970), for whom and for what."""

    host: str
    machine: str
    pid: int
    started: float
    who: str
    purpose: str

    @staticmethod
    def here(who: str, purpose: str) -> Holder:
        """This process."""
        process = psutil.Process()
        return Holder(
            socket.gethostname(), machine(), process.pid, process.create_time(), who, purpose
        )

    def is_dead(self) -> bool:
        """Whether the process is known to be gone: only a process of this machine can be."""
        if self.machine != machine():
            return False
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) <= START_TOLERANCE
            return not same or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False


@functools.cache
def machine() -> str:
    """What this process shares with all it can see by number: 16 hex digits.

    A host name is not enough: two containers may have the same one, and a process of the other
    would look dead from here.
    """
    boot = Path("/proc/sys/kernel/random/boot_id")
    namespace = Path("/proc/self/ns/pid")
    booted = boot.read_text() if boot.exists() else str(psutil.boot_time())
    seen = str(namespace.readlink()) if namespace.is_symlink() else ""
    text = "\0".join([socket.gethostname(), booted.strip(), seen])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
