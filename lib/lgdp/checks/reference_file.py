"""A reference table as the Parquet file that the kernel and the audit read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lgdp.checks.cast import arrow_type
from lgdp.contracts.reference import Reference


def write_reference(reference: Reference, path: Path) -> None:
    """Write the rows of a reference table, typed; ConfigurationError if a line of it is wrong."""
    values = reference.read()
    kinds = reference.entry.columns
    arrays = [pa.array(values[name], arrow_type(kind)) for name, kind in kinds.items()]
    pq.write_table(pa.table(arrays, names=list(kinds)), path)
