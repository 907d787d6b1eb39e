"""What Great Expectations found, without anything that could quote a value of a row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from great_expectations.core import ExpectationValidationResult

SPARK_CONDITION = re.compile(r"(?:^|Exception: )\[([A-Z][A-Z0-9_.]*)\]")
"""At the start, or behind `Job aborted due to stage failure` and a stack of exceptions."""

MISSING_COLUMN = re.compile(r'^Error: The column "([^"]*)" in BatchData does not exist\.$')
ERROR_CLASS = re.compile(r"^(?:[\w.]+\.)?(\w+(?:Error|Exception))(?::|$)", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """`count` of failing rows (or of rows), or null and the name of the error."""

    count: int | None
    detail: str | None


def outcome_of(result: ExpectationValidationResult) -> Outcome:
    """Read one result, and take the error's text out of it, in place.

    Great Expectations reports a rule that could not run as a failed one, with the error under
    `exception_info`: flat, or one per metric.
    """
    error = _error_in(result.exception_info)
    if error is not None:
        detail = _name_of(error)
        result.exception_info = {
            "raised_exception": True,
            "exception_message": detail,
            "exception_traceback": "",
        }
        return Outcome(None, detail)
    found = result.result
    count = found.get("unexpected_count", found.get("observed_value"))
    if count is None and found.get("element_count") == 0:
        count = 0  # Spark's sum over no rows is null
    return Outcome(count, None) if isinstance(count, int) else Outcome(None, "no count")


def _error_in(info: dict[str, Any]) -> dict[str, Any] | None:
    if "raised_exception" in info:
        return info if info["raised_exception"] else None
    return next((item for item in info.values() if item.get("raised_exception")), None)


def _name_of(error: dict[str, Any]) -> str:
    message = error.get("exception_message") or ""
    condition = SPARK_CONDITION.search(message)
    if condition:
        return condition[1]
    column = MISSING_COLUMN.match(message)
    if column:
        return f"there is no column {column[1]}"
    classes = ERROR_CLASS.findall(error.get("exception_traceback") or "")
    return classes[-1] if classes else "unknown error"
