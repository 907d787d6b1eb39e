"""Great Expectations' column-map expectations as DuckDB predicates, true for a failing row.

The semantics are those of Great Expectations on Spark: a null never fails, but for the null checks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lgdp.checks.sql_text import literal, quoted
from lgdp.contracts.expectation_form import COLUMN_MAPS, Kwargs, check_form, family_of
from lgdp.contracts.regex import in_re2
from lgdp.contracts.table import TableSpec

__all__ = ["COLUMN_MAPS", "predicate"]


def predicate(kind: str, spec: TableSpec, kwargs: Kwargs) -> str:
    """The DuckDB predicate of a column-map expectation over a typed relation's columns.

    Raises RuleMistake for arguments that are missing, unknown or do not fit the column.
    """
    check_form(kind, spec, kwargs)
    return _PREDICATES[kind](spec, kwargs)


def _typed(spec: TableSpec, column: str, value: Any) -> str:
    """A value as a literal of the column's type."""
    kinds = {"date": "DATE ", "moment": "TIMESTAMPTZ "}
    return kinds.get(family_of(spec, column), "") + literal(value)


def _not_null(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"{quoted(kwargs['column'])} IS NULL"


def _null(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"{quoted(kwargs['column'])} IS NOT NULL"


def _set(spec: TableSpec, kwargs: Kwargs) -> str:
    column = kwargs["column"]
    values = ", ".join(_typed(spec, column, value) for value in kwargs["value_set"])
    return f"({values})"


def _in_set(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"{quoted(kwargs['column'])} NOT IN {_set(spec, kwargs)}"


def _not_in_set(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"{quoted(kwargs['column'])} IN {_set(spec, kwargs)}"


def _match(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"NOT {_not_match(spec, kwargs)}"


def _not_match(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"regexp_matches({quoted(kwargs['column'])}, {literal(in_re2(kwargs['regex']))})"


def _outside(name: str, low: str | None, high: str | None, kwargs: Kwargs) -> str:
    tests = []
    if low is not None:
        tests.append(f"{name} {'<=' if kwargs.get('strict_min') else '<'} {low}")
    if high is not None:
        tests.append(f"{name} {'>=' if kwargs.get('strict_max') else '>'} {high}")
    return f"({' OR '.join(tests)})"


def _bounds(kwargs: Kwargs, write: Callable[[Any], str]) -> tuple[str | None, str | None]:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    return None if low is None else write(low), None if high is None else write(high)


def _between(spec: TableSpec, kwargs: Kwargs) -> str:
    column = kwargs["column"]
    low, high = _bounds(kwargs, lambda value: _typed(spec, column, value))
    return _outside(quoted(column), low, high, kwargs)


def _length_between(spec: TableSpec, kwargs: Kwargs) -> str:
    low, high = _bounds(kwargs, literal)
    return _outside(f"length({quoted(kwargs['column'])})", low, high, kwargs)


def _length_equal(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"length({quoted(kwargs['column'])}) <> {literal(kwargs['value'])}"


def _pair(kwargs: Kwargs, operator: str) -> str:
    return f"NOT ({quoted(kwargs['column_A'])} {operator} {quoted(kwargs['column_B'])})"


def _pair_greater(spec: TableSpec, kwargs: Kwargs) -> str:
    return _pair(kwargs, ">=" if kwargs.get("or_equal") else ">")


def _pair_equal(spec: TableSpec, kwargs: Kwargs) -> str:
    return _pair(kwargs, "=")


_PREDICATES: dict[str, Callable[[TableSpec, Kwargs], str]] = {
    "expect_column_values_to_not_be_null": _not_null,
    "expect_column_values_to_be_null": _null,
    "expect_column_values_to_be_in_set": _in_set,
    "expect_column_values_to_not_be_in_set": _not_in_set,
    "expect_column_values_to_match_regex": _match,
    "expect_column_values_to_not_match_regex": _not_match,
    "expect_column_values_to_be_between": _between,
    "expect_column_value_lengths_to_be_between": _length_between,
    "expect_column_value_lengths_to_equal": _length_equal,
    "expect_column_pair_values_a_to_be_greater_than_b": _pair_greater,
    "expect_column_pair_values_to_be_equal": _pair_equal,
}
