"""From cleaned text to typed values: DuckDB expressions for each column of a contract.

Every expression is null for a null, and null for a text that is not of the type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter

import pyarrow as pa

from lgdp.checks.sql_text import listed, literal, quoted
from lgdp.contracts.column import Column

EARLIEST, LATEST = "DATE '1900-01-01'", "DATE '2099-12-31'"
"""Dates outside are typing errors in any return there is."""

LETTERS = re.compile(r"yyyy|MMM|MM|M|dd|d|HH|mm|ss|'[^']*'|.")
DIRECTIVES = {
    "yyyy": ("%Y", 4, 4),
    "MMM": ("%b", 3, 3),
    "MM": ("%m", 2, 2),
    "M": ("%m", 1, 2),
    "dd": ("%d", 2, 2),
    "d": ("%d", 1, 2),
    "HH": ("%H", 2, 2),
    "mm": ("%M", 2, 2),
    "ss": ("%S", 2, 2),
}
POSTCODE = r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})"
SPACED_POSTCODE = POSTCODE.replace(" ?", " ")


def arrow_type(type_name: str) -> pa.DataType:
    """The type a contract's type has in silver."""
    simple = {
        "integer": pa.int64(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", tz="UTC"),
        "yes_no": pa.bool_(),
    }
    if type_name.startswith("decimal"):
        precision, scale = re.findall(r"\d+", type_name)
        return pa.decimal128(int(precision), int(scale))
    return simple.get(type_name, pa.string())


def sql_type(column: Column) -> str:
    """The DuckDB type of a column's typed values."""
    return declared_type(column.type)


def declared_type(type_name: str) -> str:
    """The DuckDB type of a contract's type."""
    simple = {"integer": "BIGINT", "date": "DATE", "datetime": "TIMESTAMPTZ", "yes_no": "BOOLEAN"}
    return type_name if type_name.startswith("decimal") else simple.get(type_name, "VARCHAR")


def typed_sql(column: Column, clean: str) -> str:
    """The typed value of a cleaned text."""
    return _CASTS.get(column.type.partition("(")[0], _text)(column, clean)


def fit_sql(column: Column, clean: str) -> str:
    """The same of a text that is known to be of the type, and so need not be matched again."""
    return _FIT.get(column.type.partition("(")[0], typed_sql)(column, clean)


def _text(column: Column, clean: str) -> str:
    if column.pattern is None:
        return clean
    return f"CASE WHEN regexp_full_match({clean}, {literal(column.pattern)}) THEN {clean} END"


def _integer(column: Column, clean: str) -> str:
    value = f"TRY_CAST({clean} AS BIGINT)"
    pattern = r"[+-]?[0-9]{1,18}"
    if "point_zero" in column.accepted_formats:
        pattern += r"(\.0+)?"
    return (
        f"CASE WHEN CAST({value} AS VARCHAR) = {clean} THEN {value} "
        f"WHEN regexp_full_match({clean}, {literal(pattern)}) "
        f"THEN TRY_CAST(split_part({clean}, '.', 1) AS BIGINT) END"
    )


def _decimal(column: Column, clean: str) -> str:
    precision, scale = column.decimal or (18, 2)
    whole = precision - scale
    pattern = rf"[+-]?0*[0-9]{{1,{whole}}}" if whole else r"[+-]?0+"
    pattern += rf"(\.[0-9]{{1,{scale}}}0*)?" if scale else r"(\.0+)?"
    value = _fit_decimal(column, clean)
    test = f"regexp_full_match({clean}, {literal(pattern)})"
    if whole:
        # Most are written as they would be written here, and comparing them costs half a match.
        test = f"CAST({value} AS VARCHAR) = {clean} OR {test}"
    return f"CASE WHEN {test} THEN {value} END"


def _fit_decimal(column: Column, clean: str) -> str:
    precision, scale = column.decimal or (18, 2)
    return f"TRY_CAST({clean} AS DECIMAL({precision},{scale}))"


def _moment(column: Column, clean: str) -> str:
    """Neighbouring formats of one length are tried in one call: that halves the planning."""
    formats = [_directive(pattern) for pattern in column.accepted_formats]
    parsed = [
        _parsed([directive for directive, _ in several], lengths, clean)
        for lengths, several in groupby(formats, key=itemgetter(1))
    ]
    return parsed[0] if len(parsed) == 1 else f"coalesce({', '.join(parsed)})"


def _parsed(directives: Sequence[str], lengths: tuple[int, int], clean: str) -> str:
    shortest, longest = lengths
    texts = ", ".join(map(literal, directives))
    texts = texts if len(directives) == 1 else f"[{texts}]"
    guard = f"BETWEEN {shortest} AND {longest}" if shortest < longest else f"= {shortest}"
    return f"CASE WHEN length({clean}) {guard} THEN try_strptime({clean}, {texts}) END"


def _directive(pattern: str) -> tuple[str, tuple[int, int]]:
    """A pattern as DuckDB writes it, with the least and the greatest length of what it reads."""
    directive, shortest, longest = "", 0, 0
    for letters in LETTERS.findall(pattern):
        text, low, high = DIRECTIVES.get(letters, ("", 0, 0))
        if not text:
            text = letters.strip("'") if letters.startswith("'") else letters
            low = high = len(text)
        directive, shortest, longest = directive + text, shortest + low, longest + high
    return directive, (shortest, longest)


def _date(column: Column, clean: str) -> str:
    """A time of day other than midnight is no part of a date, so that text is not one."""
    moment = _moment(column, clean)
    day = f"CAST({moment} AS DATE)"
    test = f"{day} BETWEEN {EARLIEST} AND {LATEST}"
    if any("HH" in pattern for pattern in column.accepted_formats):
        test += f" AND {day} = {moment}"
    return f"CASE WHEN {test} THEN {day} END"


def _datetime(column: Column, clean: str) -> str:
    """A time without a zone is Europe/London; kept in UTC."""
    value = _moment(column, clean)
    return (
        f"CASE WHEN {value} BETWEEN {EARLIEST} AND {LATEST} "
        f"THEN timezone('Europe/London', {value}) END"
    )


def _yes_no(column: Column, clean: str) -> str:
    yes = listed([word.upper() for word in column.words.yes])
    no = listed([word.upper() for word in column.words.no])
    upper = f"upper({clean})"
    return f"CASE WHEN {upper} IN {yes} THEN TRUE WHEN {upper} IN {no} THEN FALSE END"


def _postcode(column: Column, clean: str) -> str:
    upper = f"upper({clean})"
    return (
        f"CASE WHEN regexp_full_match({upper}, {literal(SPACED_POSTCODE)}) THEN {upper} "
        f"WHEN regexp_full_match({upper}, {literal(POSTCODE)}) "
        f"THEN regexp_replace({upper}, {literal(POSTCODE)}, '\\1 \\2') END"
    )


def _fit_postcode(column: Column, clean: str) -> str:
    upper = f"upper({clean})"
    spaced = f"{upper}[:-4] || ' ' || {upper}[-3:]"
    return f"CASE WHEN contains({upper}, ' ') THEN {upper} ELSE {spaced} END"


_FIT: dict[str, Callable[[Column, str], str]] = {
    "decimal": _fit_decimal,
    "postcode": _fit_postcode,
    "string": lambda _, clean: clean,
}
_CASTS: dict[str, Callable[[Column, str], str]] = {
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "datetime": _datetime,
    "yes_no": _yes_no,
    "postcode": _postcode,
}


def raw(name: str) -> str:
    """The identifier under which a typed relation keeps a column's cleaned text."""
    return quoted(f"raw:{name}")
