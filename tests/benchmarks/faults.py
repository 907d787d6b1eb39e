"""The faults of the benchmark's table: which rows get them, and what becomes of their values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

CRITICAL: dict[str, float] = {
    "short record": 0.0010,
    "long record": 0.0010,
    "impossible date": 0.0020,
    "date in words": 0.0010,
    "unknown code": 0.0020,
    "blank": 0.0020,
    "decimal": 0.0015,
    "integer": 0.0010,
    "postcode": 0.0015,
    "ends before start": 0.0010,
    "twice": 0.0005,  # and the row before, which is the same record
    "age": 0.0010,
}
"""Share of rows by kind of fault that keeps them out of silver; 1.6 % with the rows before."""

QUERIES: dict[str, float] = {"ward": 0.002, "worker": 0.001, "no outcome": 0.002, "hours": 0.001}
"""Share of rows by kind of fault that is only asked about."""

VALUES: dict[str, tuple[str, tuple[str, ...]]] = {
    "impossible date": ("start_date", ("2024-02-30", "2024-13-01", "2024-06-31", "2023-02-29")),
    "date in words": ("date_of_birth", ("1 May 1950", "unknown", "1950", "05/1950")),
    "unknown code": ("service", ("X01", "h01", "S9", "???")),
    "blank": ("person_id", ("", " ")),
    "decimal": ("cost", ("£12.50", "12.345", '"1.234,50"', "n/a")),
    "integer": ("visits", ("1.5", "two", "3a", "-")),
    "postcode": ("postcode", ("EH1", "EH1 11A", "NOT KNOWN", "12345")),
    "ends before start": ("end_date", ("2023-12-31", "2019-01-01")),
    "age": ("age", ("111", "999", "-1")),
    "ward": ("ward", ("S12000036", "S1300260", "Ward 5")),
    "worker": ("worker", ("12345", "W1234", "agency")),
    "hours": ("hours", ("0.0", "99.5")),
}


@dataclass(frozen=True)
class Faults:
    """Row indices (sorted, of one chunk) by kind of fault; no row has two."""

    rows: dict[str, np.ndarray]

    @property
    def quarantined(self) -> int:
        """How many rows of the chunk a critical rule keeps out."""
        return sum(len(self.rows[kind]) for kind in CRITICAL) + len(self.rows["twice"])


def choose(rng: np.random.Generator, length: int) -> Faults:
    """Choose the faulty rows of a chunk, none of them beside another."""
    shares = {**CRITICAL, **QUERIES}
    counts = {kind: round(share * length) for kind, share in shares.items()}
    # Odd rows only, so that the row before a repeated one is always sound.
    rows = 2 * rng.permutation(length // 2)[: sum(counts.values())] + 1
    ends = np.cumsum(list(counts.values()))
    parts = np.split(rows, ends[:-1])
    return Faults({kind: np.sort(part) for kind, part in zip(counts, parts, strict=True)})


def replace(column: pa.Array, rows: np.ndarray, values: tuple[str, ...]) -> pa.Array:
    """A column with these rows set to the values in turn."""
    if not len(rows):
        return column
    mask = np.zeros(len(column), dtype=bool)
    mask[rows] = True
    new = pa.array(values, pa.string()).take(pa.array(np.arange(len(rows)) % len(values)))
    return pa.compute.replace_with_mask(column, pa.array(mask), new)
