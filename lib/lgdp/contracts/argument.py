"""One argument of an expectation: whether its value is of the kind that it has to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from lgdp.contracts.regex import check_regex
from lgdp.contracts.table import TableSpec
from lgdp.errors import RuleMistake

OWN_COLUMNS = ("_row", "_file", "_submission", "_council")
"""Columns of every silver row that a key may name beside the contract's."""

WORDS = {
    "text": "text",
    "number": "a number",
    "date": "a date written yyyy-MM-dd",
    "moment": "a date and time written yyyy-MM-ddTHH:mm:ss",
    "truth": "true or false",
}


def wrong_argument(name: str, value: object, family: str, spec: TableSpec) -> Iterator[str]:
    """What is wrong with one argument; `family` is that of the values it is compared with."""
    yield from ARGUMENTS[name](name, value, family, spec)


def _is_one(family: str, value: object) -> bool:
    if family in ("date", "moment"):
        return isinstance(value, str) and _is_written(family, value)
    if family == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, bool if family == "truth" else str)


def _is_written(family: str, text: str) -> bool:
    try:
        written = date.fromisoformat(text) if family == "date" else datetime.fromisoformat(text)
    except ValueError:
        return False
    # The year alone, a week or a run of digits is ISO too, and the engines differ on it.
    return written.isoformat() == text


def _set(name: str, value: object, family: str, spec: TableSpec) -> Iterator[str]:
    if not isinstance(value, list | tuple) or not value:
        yield f"{name} is not a list of values"
    elif not all(_is_one(family, item) for item in value):
        yield f"{name} holds something that is not {WORDS[family]}"


def _regex(name: str, value: object, family: str, spec: TableSpec) -> Iterator[str]:
    try:
        check_regex(str(value))
    except RuleMistake as error:
        yield str(error)


def _bound(name: str, value: object, family: str, spec: TableSpec) -> Iterator[str]:
    if value is not None and not _is_one(family, value):
        yield f"{name} is not {WORDS[family]}"


def _truth(name: str, value: object, family: str, spec: TableSpec) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"{name} is not true or false"


def _length(name: str, value: object, family: str, spec: TableSpec) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield f"{name} is not a whole number"


def _key(name: str, value: object, family: str, spec: TableSpec) -> Iterator[str]:
    if not isinstance(value, list | tuple) or "_submission" not in value:
        yield f"{name} does not name _submission"
    elif len(value) < 2:
        yield f"{name} names no column beside _submission"
    else:
        for column in value:
            if column not in (*spec.column_names, *OWN_COLUMNS):
                yield f"{spec.name} has no column {column}"


def _query(name: str, value: object, family: str, spec: TableSpec) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{name} is not text"


ARGUMENTS: dict[str, Callable[[str, object, str, TableSpec], Iterator[str]]] = {
    "value_set": _set,
    "regex": _regex,
    "min_value": _bound,
    "max_value": _bound,
    "strict_min": _truth,
    "strict_max": _truth,
    "or_equal": _truth,
    "value": _length,
    "column_list": _key,
    "unexpected_rows_query": _query,
}
