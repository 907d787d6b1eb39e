"""The names by which people know the tables of a lake: `silver.ssda903.episodes`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from functools import cached_property

from lgdp.errors import UsageError
from lgdp.lake.door import Door

# Folders between a zone and its tables.
DEPTHS: Mapping[str, int] = {
    "bronze": 1,
    "silver": 1,
    "quarantine": 1,
    "quality": 0,
    "control": 0,
    "gold": 0,
}


class Catalogue:
    """The tables of a lake, found by their names whatever their case and underscores."""

    def __init__(self, door: Door) -> None:
        self._door = door

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The dotted names of all tables, sorted."""
        return tuple(
            sorted(name for zone, depth in DEPTHS.items() for name in self._in(zone, depth))
        )

    def find(self, parts: Sequence[str]) -> str:
        """The path in the lake of the table with a dotted name.

        UsageError when there is none, with the names that are near to it and all there are.
        """
        asked = ".".join(parts)
        found = self._by_folded_name.get(folded(asked))
        if found is not None:
            return found.replace(".", "/")
        near, there = self._near(asked), self._all()
        rest = f"; {near}? {there[0].upper()}{there[1:]}" if near else f"; {there}"
        raise UsageError(f"there is no table {asked!r}{rest}")

    @cached_property
    def _by_folded_name(self) -> dict[str, str]:
        return {folded(name): name for name in self.names}

    def _in(self, zone: str, depth: int) -> list[str]:
        folders = [zone]
        for _ in range(depth + 1):
            folders = [
                entry.path
                for folder in folders
                for entry in self._door.list(folder)
                if entry.folder and not entry.name.startswith((".", "_"))
            ]
        tables = (path for path in folders if self._door.exists(f"{path}/_delta_log"))
        return [path.replace("/", ".") for path in tables]

    def _near(self, asked: str) -> str:
        last = folded(asked.rpartition(".")[2])
        near = [name for name in self.names if folded(name.rpartition(".")[2]) == last]
        close = difflib.get_close_matches(folded(asked), self._by_folded_name, n=3, cutoff=0.8)
        near += [self._by_folded_name[key] for key in close]
        unique = list(dict.fromkeys(near))
        return f"did you mean {' or '.join(unique)}" if unique else ""

    def _all(self) -> str:
        if not self.names:
            return f"the lake {self._door.uri} has no tables yet"
        return f"the tables are: {', '.join(self.names)}"


def folded(name: str) -> str:
    """A name as it is compared: without case and underscores."""
    return name.replace("_", "").casefold()
