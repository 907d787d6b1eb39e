"""Counts are read from results; errors leave nothing but their name."""

from __future__ import annotations

from typing import Any

import pytest
from great_expectations.core import ExpectationValidationResult

from lgdp.audit.outcome import Outcome, outcome_of

SPARK_TEXT = "[CAST_INVALID_INPUT] The value 'Isla Brown' of the type \"STRING\" cannot be cast"
TRACE = "Traceback (most recent call last):\n  File x\nlgdp.somewhere.RowError: Isla Brown\n"


def failed(message: str, trace: str = TRACE) -> dict[str, Any]:
    return {"raised_exception": True, "exception_message": message, "exception_traceback": trace}


@pytest.mark.parametrize(
    ("found", "count"),
    [
        ({"unexpected_count": 3, "element_count": 9}, 3),
        ({"unexpected_count": None, "element_count": 0}, 0),
        ({"observed_value": 4}, 4),
    ],
)
def test_the_count_of_failing_rows_is_read(found: dict[str, Any], count: int) -> None:
    result = ExpectationValidationResult(success=False, result=found)

    assert outcome_of(result) == Outcome(count, None)


@pytest.mark.parametrize(
    ("info", "detail"),
    [
        (failed(SPARK_TEXT), "CAST_INVALID_INPUT"),
        (failed(f"Job aborted: x.SparkNumberFormatException: {SPARK_TEXT}"), "CAST_INVALID_INPUT"),
        ({"metric 1": failed(SPARK_TEXT)}, "CAST_INVALID_INPUT"),
        (failed('Error: The column "LS" in BatchData does not exist.'), "there is no column LS"),
        (failed("Isla Brown"), "RowError"),
        (failed("Isla Brown", ""), "unknown error"),
    ],
)
def test_an_error_is_named_and_its_text_dropped(info: dict[str, Any], detail: str) -> None:
    result = ExpectationValidationResult(success=False, exception_info=info)

    assert outcome_of(result) == Outcome(None, detail)
    assert "Isla Brown" not in str(result)


def test_a_result_without_a_count_did_not_run() -> None:
    assert outcome_of(ExpectationValidationResult(success=True)) == Outcome(None, "no count")
