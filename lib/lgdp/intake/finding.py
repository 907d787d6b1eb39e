"""What intake has to say of a file: a reason for refusing it, or a note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One statement about a file, or (null) all of them: `critical` refuses, `info` is a note."""

    file: str | None
    code: str
    severity: Literal["critical", "info"]
    message: str
    table: str | None = None
    column: str | None = None
    row: int | None = None


@dataclass(frozen=True)
class FileRead:
    """What reading one file gave beside its rows. `encoding` is null for workbooks."""

    findings: tuple[Finding, ...] = ()
    encoding: str | None = None
