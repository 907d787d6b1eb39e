"""What an expectation is given: which arguments, of what kind, for columns of which type.

Only what both engines understand alike is supported; the rest is refused when a suite is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lgdp.contracts.argument import ARGUMENTS, wrong_argument
from lgdp.contracts.table import TableSpec
from lgdp.errors import RuleMistake

Kwargs = Mapping[str, Any]

UNIQUE = "expect_compound_columns_to_be_unique"
ROW_COUNT = "expect_table_row_count_to_be_between"
QUERY = "unexpected_rows_expectation"

FAMILIES = {
    "string": "text",
    "code": "text",
    "postcode": "text",
    "integer": "number",
    "decimal": "number",
    "date": "date",
    "datetime": "moment",
    "yes_no": "truth",
}


class Form(NamedTuple):
    """Arguments that are needed, that may be given, and families of columns it is for."""

    needed: frozenset[str]
    allowed: frozenset[str]
    families: tuple[str, ...]


def _form(needed: str, allowed: str = "", families: str = "text number date moment truth") -> Form:
    return Form(frozenset(needed.split()), frozenset(allowed.split()), tuple(families.split()))


_RANGE = "min_value max_value strict_min strict_max"
COLUMN_MAPS: dict[str, Form] = {
    "expect_column_values_to_not_be_null": _form("column"),
    "expect_column_values_to_be_null": _form("column"),
    "expect_column_values_to_be_in_set": _form("column value_set"),
    "expect_column_values_to_not_be_in_set": _form("column value_set"),
    "expect_column_values_to_match_regex": _form("column regex", families="text"),
    "expect_column_values_to_not_match_regex": _form("column regex", families="text"),
    "expect_column_values_to_be_between": _form("column", _RANGE, "number date moment"),
    "expect_column_value_lengths_to_be_between": _form("column", _RANGE, "text"),
    "expect_column_value_lengths_to_equal": _form("column value", families="text"),
    "expect_column_pair_values_a_to_be_greater_than_b": _form(
        "column_A column_B ignore_row_if", "or_equal", "text number date moment"
    ),
    "expect_column_pair_values_to_be_equal": _form("column_A column_B ignore_row_if"),
}
COMPARING = (
    "expect_column_values_to_be_in_set",
    "expect_column_values_to_not_be_in_set",
    "expect_column_values_to_be_between",
)
FORMS: dict[str, Form] = {
    **COLUMN_MAPS,
    UNIQUE: _form("column_list ignore_row_if"),
    ROW_COUNT: _form("", "min_value max_value"),
    QUERY: _form("unexpected_rows_query"),
}


def check_form(kind: str, spec: TableSpec, kwargs: Kwargs) -> None:
    """Raise RuleMistake, naming everything that is wrong with an expectation's arguments."""
    form = FORMS.get(kind)
    if form is None:
        known = ", ".join(sorted(FORMS))
        raise RuleMistake(f"'{kind}' is not an expectation that is known here; known are {known}")
    missing = sorted(form.needed - set(kwargs))
    unknown = sorted(set(kwargs) - form.needed - form.allowed)
    wrong = [f"{kind} needs {', '.join(missing)}"] if missing else []
    wrong += [f"{kind} with {', '.join(unknown)} is not supported"] if unknown else []
    if not missing:
        wrong += _wrong_columns(spec, kwargs) or list(_wrong_values(kind, form, spec, kwargs))
    if wrong:
        raise RuleMistake("; ".join(wrong))


def _wrong_columns(spec: TableSpec, kwargs: Kwargs) -> list[str]:
    names = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    return [f"{spec.name} has no column {name}" for name in names if name not in spec.column_names]


def _wrong_values(kind: str, form: Form, spec: TableSpec, kwargs: Kwargs) -> Iterator[str]:
    yield from _wrong_families(kind, form, spec, kwargs)
    # Bounds of a length or a row count are numbers, whatever the column holds.
    compared = kind in COMPARING and "column" in kwargs
    family = family_of(spec, kwargs["column"]) if compared else "number"
    for name in ARGUMENTS:
        if name in kwargs:
            yield from wrong_argument(name, kwargs[name], family, spec)
    if "min_value" in form.allowed and _has_no_bound(kwargs):
        yield "needs min_value or max_value"
    ignored = "any_value_is_missing" if kind == UNIQUE else "either_value_is_missing"
    if kwargs.get("ignore_row_if", ignored) != ignored:
        yield f"needs ignore_row_if: {ignored}"


def _has_no_bound(kwargs: Kwargs) -> bool:
    return kwargs.get("min_value") is None and kwargs.get("max_value") is None


def family_of(spec: TableSpec, column: str) -> str:
    """The family of a column's type: text, number, date or truth."""
    return FAMILIES[spec.column(column).type.partition("(")[0]]


def _wrong_families(kind: str, form: Form, spec: TableSpec, kwargs: Kwargs) -> Iterator[str]:
    names = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    families = [family_of(spec, name) for name in names]
    for name, family in zip(names, families, strict=True):
        if family not in form.families:
            yield f"{kind} is not for {name}, which is {spec.column(name).type}"
    if len(set(families)) > 1:
        yield f"{' and '.join(names)} can't be compared"
