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


def damaged(what: str = "workbook", remedy: str = "save it again") -> FileRejected:
    """A workbook or archive that is no whole one."""
    return FileRejected("UNREADABLE", f"The {what} is damaged and can't be unpacked; {remedy}.")


def encrypted(what: str = "workbook", remedy: str = "save it") -> FileRejected:
    """What can't be opened without a password."""
    return FileRejected(
        "ENCRYPTED", f"The {what} has a password; {remedy} without one and send it again."
    )


def dtd_forbidden(what: str = "file") -> FileRejected:
    """XML with a document type, in which entities are declared."""
    return FileRejected(
        "DTD_FORBIDDEN",
        f"The {what} declares a document type (DOCTYPE), which is never read. Remove it.",
    )


def too_large(what: str, most: int, packed: int) -> FileRejected:
    """What unpacks to more than is read."""
    return FileRejected(
        "ARCHIVE_TOO_LARGE",
        f"The {what} unpacks to more than {most:,} bytes ({packed:,} packed); that is more than is "
        "read.",
    )
