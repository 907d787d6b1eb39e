"""DuckDB for one check: a database of its own, in an instance that may be kept for the next.

Starting an instance takes 20 ms, longer than checking a small submission. One is kept in each
process for those; a large one gets its own, with its own memory and a place to spill to.
"""

from __future__ import annotations

import os
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from lgdp.checks.sql_text import literal

KEPT_UP_TO = 8 << 20
"""Bronze bytes of a submission that is checked in the kept instance: it never needs to spill."""

_kept: dict[int, Any] = {}
_numbers = count(1)


class Engine:
    """One database; `db` is its connection, `close` lets go of it and all that is in it."""

    def __init__(self, size: int, memory: str, spill: Path) -> None:
        self._name = ""
        if size > KEPT_UP_TO:
            self.db = _instance(spill)
        else:
            self._name = f"check{next(_numbers)}"
            self.db = _kept_instance().cursor()
            self.db.execute(f"ATTACH ':memory:' AS {self._name}")
            self.db.execute(f"USE {self._name}")
        self.db.execute(f"SET memory_limit = {literal(memory)}")
        self.db.execute("SET TimeZone = 'UTC'")

    def close(self) -> None:
        """Free everything; the engine is of no use any more."""
        try:
            if self._name:
                self.db.execute("USE memory")
                self.db.execute(f"DETACH {self._name}")
        except duckdb.Error:
            # What can't be let go of is not kept for others.
            _kept.pop(os.getpid(), None)
            raise
        finally:
            self.db.close()


def _instance(spill: Path) -> Any:
    return duckdb.connect(
        config={"threads": 1, "temp_directory": str(spill), "preserve_insertion_order": True}
    )


def _kept_instance() -> Any:
    """That of this process: one that a fork has brought along is another's, and not touched."""
    process = os.getpid()
    if process not in _kept:
        _kept[process] = _instance(Path(tempfile.gettempdir()) / f"lgdp-duckdb-{process}")
    return _kept[process]
