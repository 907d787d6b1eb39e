"""What one failure is called, the same whenever and wherever its report is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

DIGITS = 16
_PARTS = ("table", "file", "row", "key", "code", "column")


def failure_identity(failure: Mapping[str, Any]) -> str:
    """16 hex digits of a failure's table, file, row, key, code and column.

    One record of a wide table makes several rows, which only their key tells apart.

    >>> a_row = {"table": "child", "file": "a.csv", "row": 1, "key": "A1"}
    >>> failure_identity({**a_row, "code": "101", "column": None})
    'a12e7fe1d24835cc'
    """
    parts = ["" if failure[name] is None else str(failure[name]) for name in _PARTS]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:DIGITS]
