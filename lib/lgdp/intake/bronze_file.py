"""A bronze file, and what its footer says of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from lgdp.intake.tidy import tidy_columns

DEFECT = "_defect"


@dataclass(frozen=True)
class BronzeFile:
    """One table of one submission, as landed. `size` is in bytes.

    `damaged` counts the records with a structural defect; null if the footer does not say. `tidy`
    are columns of which no value needs cleaning.
    """

    path: Path
    size: int
    rows: int
    columns: frozenset[str]
    tidy: frozenset[str]
    damaged: int | None


def read_footer(path: Path) -> BronzeFile:
    """A bronze file as its footer describes it; OSError or ArrowInvalid if it has none."""
    footer = pq.read_metadata(path)
    names = footer.schema.to_arrow_schema().names
    return BronzeFile(
        path,
        path.stat().st_size,
        footer.num_rows,
        frozenset(names),
        tidy_columns(footer.metadata),
        _damaged(footer),
    )


def _damaged(footer: pq.FileMetaData) -> int | None:
    """Records with a defect, from the statistics of each row group."""
    places = [
        place for place in range(footer.num_columns) if footer.schema.column(place).path == DEFECT
    ]
    count = 0
    for group in range(footer.num_row_groups):
        if not places:
            return None
        statistics = footer.row_group(group).column(places[0]).statistics
        if statistics is None or not statistics.has_null_count:
            return None
        count += footer.row_group(group).num_rows - statistics.null_count
    return count
