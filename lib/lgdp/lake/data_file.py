"""One Parquet file of a table: where it is, and what the Delta log says of it."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
from deltalake.transaction import AddAction

# The only columns with statistics in a log: minimum and maximum of a name are personal data.
BOUNDED = ("_submission", "_council", "submission", "council", "seq")

Bounds = Mapping[str, tuple[str | int, str | int]]


@dataclass(frozen=True)
class DataFile:
    """A file that is in its table's folder, ready to be added.

    `path` is relative to the table, `size` is in bytes, `partition` has a value for every
    partition column, `bounds` has minimum and maximum of columns among `BOUNDED`.
    """

    path: str
    size: int
    rows: int
    partition: Mapping[str, str] = field(default_factory=dict)
    bounds: Bounds = field(default_factory=dict)

    def add_action(self, *, data_change: bool = True) -> AddAction:
        """The file as an entry of the Delta log."""
        known = {name: pair for name, pair in self.bounds.items() if name in BOUNDED}
        stats = {
            "numRecords": self.rows,
            "minValues": {name: low for name, (low, _) in known.items()},
            "maxValues": {name: high for name, (_, high) in known.items()},
            "nullCount": dict.fromkeys(known, 0),
        }
        return AddAction(
            path=self.path,
            size=self.size,
            partition_values=dict(self.partition),
            modification_time=time.time_ns() // 1_000_000,
            data_change=data_change,
            stats=json.dumps(stats),
        )


def data_path(partition: Mapping[str, str], *identity: str) -> str:
    """The path that follows from what a file holds: the same identity is the same file.

    >>> data_path({"period": "2017-18"}, "submission", "ruleset", "episodes")
    'period=2017-18/1a65255f99ee0030fbf94b2a48efc3b9.parquet'
    """
    digest = hashlib.sha256("\0".join(identity).encode()).hexdigest()[:32]
    folders = (f"{name}={quote(value, safe='')}" for name, value in partition.items())
    return "/".join([*folders, f"{digest}.parquet"])


def bounds_of(rows: pa.Table) -> dict[str, tuple[str | int, str | int]]:
    """Minimum and maximum of the `BOUNDED` columns that have no nulls."""
    found: dict[str, tuple[str | int, str | int]] = {}
    for name in BOUNDED:
        if name in rows.column_names and rows.num_rows and not rows[name].null_count:
            extremes = pc.min_max(rows[name]).as_py()
            found[name] = (extremes["min"], extremes["max"])
    return found
