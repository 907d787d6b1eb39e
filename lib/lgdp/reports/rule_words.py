"""What an expectation checks, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lgdp.contracts.expectation_form import QUERY, ROW_COUNT, UNIQUE
from lgdp.contracts.suite import Rule

Kwargs = Mapping[str, Any]
SHOWN = 15
"""Values of a set that are listed."""


def in_words(rule: Rule) -> str:
    """What holds for a row that keeps the rule, as one sentence."""
    if rule.description:
        return rule.description
    if rule.type == QUERY:
        return "What the query below looks for among the rows, and finds in none that is right."
    return WORDS[rule.type](rule.kwargs)


def _filled(kwargs: Kwargs) -> str:
    return f"{kwargs['column']} is filled in."


def _blank(kwargs: Kwargs) -> str:
    return f"{kwargs['column']} is blank."


def _one_of(kwargs: Kwargs) -> str:
    return f"{kwargs['column']} is one of {_listed(kwargs['value_set'])}."


def _none_of(kwargs: Kwargs) -> str:
    return f"{kwargs['column']} is none of {_listed(kwargs['value_set'])}."


def _matches(kwargs: Kwargs) -> str:
    return f"{kwargs['column']} has the form {kwargs['regex']}."


def _matches_not(kwargs: Kwargs) -> str:
    return f"{kwargs['column']} has nowhere the form {kwargs['regex']}."


def _between(kwargs: Kwargs) -> str:
    return f"{kwargs['column']} is {_bounds(kwargs)}."


def _long(kwargs: Kwargs) -> str:
    return f"The number of characters of {kwargs['column']} is {_bounds(kwargs)}."


def _as_long(kwargs: Kwargs) -> str:
    return f"{kwargs['column']} has {kwargs['value']} characters."


def _greater(kwargs: Kwargs) -> str:
    equal = " or equal to it" if kwargs.get("or_equal") else ""
    return f"{kwargs['column_A']} is greater or later than {kwargs['column_B']}{equal}."


def _equal(kwargs: Kwargs) -> str:
    return f"{kwargs['column_A']} and {kwargs['column_B']} are the same."


def _unique(kwargs: Kwargs) -> str:
    names = [name for name in kwargs["column_list"] if name != "_submission"]
    return f"No two rows of a delivery have the same {' and '.join(names)}."


def _counted(kwargs: Kwargs) -> str:
    return f"The number of rows is {_bounds(kwargs)}."


def _bounds(kwargs: Kwargs) -> str:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    parts = []
    if low is not None:
        parts.append(f"{'more than' if kwargs.get('strict_min') else 'at least'} {low}")
    if high is not None:
        parts.append(f"{'less than' if kwargs.get('strict_max') else 'at most'} {high}")
    return " and ".join(parts)


def _listed(values: list[Any]) -> str:
    shown = ", ".join(str(value) for value in values[:SHOWN])
    return f"{shown}, …" if len(values) > SHOWN else shown


WORDS: dict[str, Callable[[Kwargs], str]] = {
    "expect_column_values_to_not_be_null": _filled,
    "expect_column_values_to_be_null": _blank,
    "expect_column_values_to_be_in_set": _one_of,
    "expect_column_values_to_not_be_in_set": _none_of,
    "expect_column_values_to_match_regex": _matches,
    "expect_column_values_to_not_match_regex": _matches_not,
    "expect_column_values_to_be_between": _between,
    "expect_column_value_lengths_to_be_between": _long,
    "expect_column_value_lengths_to_equal": _as_long,
    "expect_column_pair_values_a_to_be_greater_than_b": _greater,
    "expect_column_pair_values_to_be_equal": _equal,
    UNIQUE: _unique,
    ROW_COUNT: _counted,
}
