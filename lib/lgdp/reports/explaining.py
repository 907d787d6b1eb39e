"""One failure in plain words: what is wrong, what is expected, and which record it is."""

from __future__ import annotations

import re
from typing import Any

from lgdp.contracts.column import Check, Column
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.table import TableSpec
from lgdp.reports.expected import ANY_TEXT, form_of

SENTENCE = re.compile(r"; |\. ")
"""Between what a rule found and what it asks for."""
CONTRACT_CODES: dict[Check, tuple[str, ...]] = {
    "type": ("FORMAT", "TYPE"),
    "required": ("REQUIRED",),
    "codes": ("CODE_LIST",),
}
A_TYPE = {
    "integer": "a whole number",
    "decimal": "a number as expected",
    "date": "a date as expected",
    "datetime": "a date and time as expected",
    "yes_no": "a yes or a no",
    "postcode": "a full postcode",
}

DEFECTS_MENDED = {
    "TOO_FEW_FIELDS": "A value, or nothing between two delimiters, for each column of the header",
    "TOO_MANY_FIELDS": "As many values as columns in the header; a value that contains the "
    "delimiter stands in quotation marks",
    "NUL_BYTE": "Text; export the file again",
    "BAD_ENCODING": "Text in UTF-8; export the file again",
}
"""What is expected of records with a structural defect."""


class Wording:
    """The words for the failures of one ruleset; failures are rows of `quality/failures`."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._tables = {table.name: table for table in ruleset.spec.tables}
        self._messages = {
            (table, rule.meta.code): rule.meta.message.replace("{column}", rule.column or "")
            for table, suite in ruleset.suites.items()
            for rule in suite.expectations
        }

    def of(self, row: dict[str, Any]) -> tuple[str, str]:
        """What is wrong, and what is expected instead."""
        message = self._messages.get((row["table"], row["code"]))
        column = self._column(row)
        if message is not None and _is_of(message, row):
            return _two_parts(message, row["value"] or "")
        check = column and _check_of(row, column)
        if column is None or check is None:
            return _of_platform(row)
        expected = form_of(column, self._ruleset.codes.get(column.codes) if column.codes else None)
        if check == "required":
            filled = f"A value. {expected}" if expected != ANY_TEXT else "A value"
            return f"{column.name} is blank, and it must be filled in.", filled
        if check == "codes":
            return f"“{row['value']}” is not a code of {column.name} in this period.", expected
        what = A_TYPE.get(column.type.partition("(")[0], "text as expected")
        return f"“{row['value']}” is not {what}.", expected

    def meaning(self, row: dict[str, Any]) -> str:
        """What the column holds, as the contract says it."""
        column = self._column(row)
        return column.description if column else ""

    def key(self, row: dict[str, Any]) -> str:
        """Which record it is, by the columns of its key."""
        table, text = self._tables.get(row["table"] or ""), row["key"] or ""
        parts = text.split("|") if table and len(table.key) > 1 else [text]
        if table is None or not text or len(parts) != len(table.key):
            return text
        return ", ".join(f"{name} {part}" for name, part in zip(table.key, parts, strict=True))

    def because(self, cause: tuple[str, int, bool] | None) -> str:
        """The row that a failure follows from: its table, its number, and whose number that is."""
        if cause is None:
            return ""
        table, number, is_seen = cause
        place = f"row {number:,}" if is_seen else f"record {number:,}"
        return f"Kept out because {place} of {self._called(table)} was kept out."

    def _called(self, name: str) -> str:
        table: TableSpec | None = self._tables.get(name)
        return f"{name} ({table.title})" if table and table.title else name

    def _column(self, row: dict[str, Any]) -> Column | None:
        table = self._tables.get(row["table"] or "")
        if table is None or row["column"] not in table.column_names:
            return None
        return table.column(row["column"])


def _is_of(message: str, row: dict[str, Any]) -> bool:
    """Whether a failure is of the rule with this message: a contract's check may share its code."""
    return bool(message.replace("{value}", row["value"] or "") == row["message"])


def _check_of(row: dict[str, Any], column: Column) -> Check | None:
    """Which check of the contract a failure is of; null if of none.

    A contract may publish one code for several checks; then value and message tell them apart.
    """
    check: Check = "type"
    if row["value"] is None:
        check = "required"
    elif "is not a code of" in row["message"]:
        check = "codes"
    published = column.published.get(check)
    codes = (published,) if published else CONTRACT_CODES[check]
    return check if row["code"] in codes else None


def _of_platform(row: dict[str, Any]) -> tuple[str, str]:
    """The words for what the platform itself finds: of files, and of records it can't place."""
    if row["code"] in DEFECTS_MENDED:
        return row["message"].partition(";")[0].rstrip(".") + ".", DEFECTS_MENDED[row["code"]]
    return _two_parts(row["message"], "") if row["severity"] == "critical" else (row["message"], "")


def _two_parts(message: str, value: str) -> tuple[str, str]:
    """What a message says is wrong, and what to do; a value is put in after it was divided."""
    parts = SENTENCE.split(message, maxsplit=1)
    wrong = parts[0].rstrip(".").replace("{value}", value) + "."
    if len(parts) == 1:
        return wrong, ""
    expected = parts[1].replace("{value}", value)
    return wrong, expected[:1].upper() + expected[1:]
