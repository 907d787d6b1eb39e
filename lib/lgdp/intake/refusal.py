"""Refusals that every form of file has."""

from __future__ import annotations

from lgdp.config import Limits
from lgdp.errors import FileRejected


def too_long(heading: str, size: int, limits: Limits, record: int) -> FileRejected:
    """A value of more bytes than are read."""
    return FileRejected(
        "VALUE_TOO_LONG",
        f"The value of {heading} in record {record:,} is {size:,} bytes; at most "
        f"{limits.field_bytes:,} are read.",
        record,
    )


def damaged() -> FileRejected:
    """A workbook that is no whole archive."""
    return FileRejected(
        "UNREADABLE", "The workbook is damaged and can't be unpacked; save it again."
    )
