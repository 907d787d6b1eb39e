"""Great Expectations' column-map expectations as DuckDB predicates that are true for a failing row.

The semantics are those of Great Expectations on Spark: a null never fails, but for the null checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from lgdp.checks.sql_text import listed, literal, quoted
from lgdp.contracts.table import TableSpec
from lgdp.errors import RuleMistake

Kwargs = Mapping[str, Any]
JAVA_ONLY = re.compile(r"\(\?(=|!|<=|<!|>)|\\[1-9]|\(\?<|[*+?}]\+|\\[GZX]|\\p\{(Is|java)")
"""Look-around, back references, possessive quantifiers: Java has them, RE2 does not."""


def _value(spec: TableSpec, column: str, value: Any) -> str:
    kind = "string" if column.startswith("_") else spec.column(column).type
    if kind in ("date", "datetime") and isinstance(value, str):
        return f"DATE {literal(value)}" if kind == "date" else f"TIMESTAMPTZ {literal(value)}"
    return literal(value)


def _regex(kwargs: Kwargs) -> str:
    regex = str(kwargs["regex"])
    if JAVA_ONLY.search(regex):
        raise RuleMistake(f"the regular expression {regex} uses what DuckDB does not have")
    try:
        re.compile(regex)
    except re.error as error:
        raise RuleMistake(f"{regex} is not a regular expression: {error}") from error
    return literal(regex)


def _not_null(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"{quoted(kwargs['column'])} IS NULL"


def _null(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"{quoted(kwargs['column'])} IS NOT NULL"


def _in_set(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"{quoted(kwargs['column'])} NOT IN {listed(kwargs['value_set'])}"


def _not_in_set(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"{quoted(kwargs['column'])} IN {listed(kwargs['value_set'])}"


def _match(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"NOT regexp_matches({quoted(kwargs['column'])}, {_regex(kwargs)})"


def _not_match(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"regexp_matches({quoted(kwargs['column'])}, {_regex(kwargs)})"


def _outside(name: str, low: str | None, high: str | None, kwargs: Kwargs) -> str:
    tests = []
    if low is not None:
        tests.append(f"{name} {'<=' if kwargs.get('strict_min') else '<'} {low}")
    if high is not None:
        tests.append(f"{name} {'>=' if kwargs.get('strict_max') else '>'} {high}")
    if not tests:
        raise RuleMistake("needs min_value or max_value")
    return f"({' OR '.join(tests)})"


def _between(spec: TableSpec, kwargs: Kwargs) -> str:
    column = kwargs["column"]
    bounds = [
        None if kwargs.get(key) is None else _value(spec, column, kwargs[key])
        for key in ("min_value", "max_value")
    ]
    return _outside(quoted(column), bounds[0], bounds[1], kwargs)


def _length_between(spec: TableSpec, kwargs: Kwargs) -> str:
    bounds = [
        None if kwargs.get(key) is None else literal(kwargs[key])
        for key in ("min_value", "max_value")
    ]
    return _outside(f"length({quoted(kwargs['column'])})", bounds[0], bounds[1], kwargs)


def _length_equal(spec: TableSpec, kwargs: Kwargs) -> str:
    return f"length({quoted(kwargs['column'])}) <> {literal(kwargs['value'])}"


def _pair(kwargs: Kwargs, operator: str) -> str:
    if kwargs.get("ignore_row_if") != "either_value_is_missing":
        raise RuleMistake("needs ignore_row_if: either_value_is_missing")
    return f"NOT ({quoted(kwargs['column_A'])} {operator} {quoted(kwargs['column_B'])})"


def _pair_greater(spec: TableSpec, kwargs: Kwargs) -> str:
    return _pair(kwargs, ">=" if kwargs.get("or_equal") else ">")


def _pair_equal(spec: TableSpec, kwargs: Kwargs) -> str:
    return _pair(kwargs, "=")


_RANGE = {"min_value", "max_value", "strict_min", "strict_max"}
_PREDICATES: dict[str, tuple[Callable[[TableSpec, Kwargs], str], set[str], set[str]]] = {
    "expect_column_values_to_not_be_null": (_not_null, {"column"}, set()),
    "expect_column_values_to_be_null": (_null, {"column"}, set()),
    "expect_column_values_to_be_in_set": (_in_set, {"column", "value_set"}, set()),
    "expect_column_values_to_not_be_in_set": (_not_in_set, {"column", "value_set"}, set()),
    "expect_column_values_to_match_regex": (_match, {"column", "regex"}, set()),
    "expect_column_values_to_not_match_regex": (_not_match, {"column", "regex"}, set()),
    "expect_column_values_to_be_between": (_between, {"column"}, _RANGE),
    "expect_column_value_lengths_to_be_between": (_length_between, {"column"}, _RANGE),
    "expect_column_value_lengths_to_equal": (_length_equal, {"column", "value"}, set()),
    "expect_column_pair_values_a_to_be_greater_than_b": (
        _pair_greater,
        {"column_A", "column_B", "ignore_row_if"},
        {"or_equal"},
    ),
    "expect_column_pair_values_to_be_equal": (
        _pair_equal,
        {"column_A", "column_B", "ignore_row_if"},
        set(),
    ),
}
COLUMN_MAPS = frozenset(_PREDICATES)


def check_kwargs(kind: str, kwargs: Kwargs, needed: set[str], allowed: set[str]) -> None:
    """Raise RuleMistake for a missing or unknown argument, naming it."""
    missing = sorted(needed - set(kwargs))
    unknown = sorted(set(kwargs) - needed - allowed)
    if missing:
        raise RuleMistake(f"{kind} needs {', '.join(missing)}")
    if unknown:
        raise RuleMistake(f"{kind} with {', '.join(unknown)} is not supported")


def predicate(kind: str, spec: TableSpec, kwargs: Kwargs) -> str:
    """The DuckDB predicate of a column-map expectation over a typed relation's columns.

    Raises RuleMistake for arguments that are missing, unknown or name no column of the table.
    """
    make, needed, allowed = _PREDICATES[kind]
    check_kwargs(kind, kwargs, needed, allowed)
    for key in ("column", "column_A", "column_B"):
        if key in kwargs and kwargs[key] not in spec.column_names:
            raise RuleMistake(f"{spec.name} has no column {kwargs[key]}")
    return make(spec, kwargs)
