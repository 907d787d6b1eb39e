"""What a failure is called by, so that an answer finds it again."""

from __future__ import annotations

import hashlib
import json


def failure_identity(
    table: str | None,
    file: str | None,
    row: int | None,
    key: str | None,
    code: str,
    column: str | None,
) -> str:
    """16 hex digits; `row` is the record number. The same place and rule give the same digits.

    One record of a wide table makes several rows, which only their `key` tells apart.

    >>> failure_identity("child", "child.csv", 2, "A2", "102", "BORN")
    'd7c5ffc9baa2585d'
    """
    place = json.dumps([table, file, row, key, code, column], ensure_ascii=True)
    return hashlib.sha256(place.encode()).hexdigest()[:16]
