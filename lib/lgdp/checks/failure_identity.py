"""What one failure is called, the same whenever and wherever its report is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

DIGITS = 16
_PARTS = ("table", "file", "row", "code", "column")


def failure_identity(failure: Mapping[str, Any]) -> str:
    """16 hex digits of a failure's table, file, row, code and column.

    >>> failure_identity({"table": "child", "file": "a.csv", "row": 1, "code": "X", "column": None})
    '9d8e2f1e0e9a1a4c'
    """
    parts = ["" if failure[name] is None else str(failure[name]) for name in _PARTS]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:DIGITS]
