"""Running a rule, and telling a rule that is written wrongly from data it can't be applied to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import duckdb

from lgdp.checks.compiled_rule import CompiledRule, suite_file
from lgdp.errors import ConfigurationError, Problem, RuleError

Result = TypeVar("Result")
WRITTEN_WRONGLY = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)
NOT_APPLICABLE = (duckdb.DataError, duckdb.InvalidInputException)

LONGEST_KIND = 3
"""Words before `Error:` in what DuckDB says, as in `Out of Range Error:`."""


def run_rule(return_name: str, rule: CompiledRule, call: Callable[[], Result]) -> Result:
    """What `call` gives.

    Raises ConfigurationError for a rule that DuckDB can't plan, and RuleError for one that fails
    on this data (a cast, a division). What else DuckDB raises is the platform's failure.
    """
    try:
        return call()
    except WRITTEN_WRONGLY as error:
        problem = Problem(suite_file(return_name, rule.table), rule.code, reason_of(error))
        raise ConfigurationError([problem]) from error
    except NOT_APPLICABLE as error:
        raise RuleError(reason_of(error)) from error


def reason_of(error: duckdb.Error) -> str:
    """The first line of what DuckDB says, without the kind of error."""
    first = str(error).splitlines()[0]
    kind, separator, text = first.partition(" Error: ")
    return text if separator and len(kind.split()) <= LONGEST_KIND else first
