"""What a column is expected to hold, in the words of someone who never saw the contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from lgdp.contracts.column import Column
from lgdp.intake.cell import cell_text

LONGEST_LIST = 150
"""Characters up to which a code list is written out."""
SOME_CODES = 4
ANY_TEXT = "Text"
DIGITS = re.compile(r"(?:\[0-9\]|\\d)\{(\d+)\}")
"""The one pattern that is said in words: so many digits."""
SAMPLE_DAY = date(2025, 3, 31)
SAMPLE_MOMENT = datetime(2025, 3, 31, 14, 30)  # noqa: DTZ001 (a time as it is written)


def form_of(column: Column, codes: Mapping[str, str] | None, listing: str = "The template") -> str:
    """What is accepted in a column; `codes` are those of its code list, code to label.

    `listing` is what has the lists that are too long to be written out.

    >>> form_of(Column(name="DOB", type="date", formats=("dd/MM/yyyy",)), None)
    'A date written dd/MM/yyyy, such as 31/03/2025'
    >>> form_of(Column(name="SEX", type="code", codes="sex"), {"1": "Male", "2": "Female"})
    'One of: 1 (Male), 2 (Female)'
    """
    if codes is not None:
        return _codes_words(column, codes, listing)
    kind = column.type.partition("(")[0]
    if kind in ("date", "datetime"):
        return f"{_moment_words(column)}, such as {example_of(column, None)}"
    if kind == "decimal":
        scale = column.decimal[1] if column.decimal else 0
        places = f"at most {scale} decimal place{'s' if scale != 1 else ''}"
        return f"A number with {places}, such as {example_of(column, None)}"
    if kind == "yes_no":
        return f"{' or '.join(column.words.yes)} for yes; {' or '.join(column.words.no)} for no"
    if column.pattern:
        digits = DIGITS.fullmatch(column.pattern)
        return f"{digits[1]} digits" if digits else f"Text of the form {column.pattern}"
    words = {
        "integer": "A whole number, such as 12",
        "postcode": "A full postcode, such as EH1 3DG",
    }
    return words.get(kind, ANY_TEXT)


def example_of(column: Column, codes: Mapping[str, str] | None) -> str:
    """A value that is accepted, empty where none can be made up."""
    if codes:
        return next(iter(codes))
    kind = column.type.partition("(")[0]
    if kind == "date":
        return cell_text(SAMPLE_DAY, column) or ""
    if kind == "datetime":
        return cell_text(SAMPLE_MOMENT, column) or ""
    if kind == "decimal":
        scale = column.decimal[1] if column.decimal else 0
        return f"{1:.{scale}f}"
    samples = {"integer": "12", "yes_no": column.words.yes[0], "postcode": "EH1 3DG"}
    return samples.get(kind, "")


def with_label(code: str, label: str) -> str:
    """A code and what it means, where that is known and says more than the code."""
    return code if not label or label == code or "NOT KNOWN" in label else f"{code} ({label})"


def _moment_words(column: Column) -> str:
    kind = "A date" if column.type == "date" else "A date and time"
    patterns = " or ".join(text.replace("'", "") for text in column.accepted_formats)
    return f"{kind} written {patterns}"


def _codes_words(column: Column, codes: Mapping[str, str], listing: str) -> str:
    """All codes with their meanings if that is short, else all codes, else a few of them."""
    if not codes:
        return "Nothing: the list has no code for this period"
    full = ", ".join(with_label(code, label) for code, label in codes.items())
    if len(full) <= LONGEST_LIST:
        return f"One of: {full}"
    bare = ", ".join(codes)
    if len(bare) <= LONGEST_LIST:
        return f"One of: {bare}. {listing} says what each means"
    some = ", ".join(list(codes)[:SOME_CODES])
    return (
        f"One of the {len(codes)} codes of the list {column.codes}, such as {some}. "
        f"{listing} has them all"
    )
