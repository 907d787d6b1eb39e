"""The checks that a contract makes by itself: type or format, required, code list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lgdp.checks.cast import raw
from lgdp.checks.compiled_rule import CompiledRule
from lgdp.checks.sql_text import listed, quoted
from lgdp.contracts.column import Check, Column
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.table import TableSpec

CODES_SHOWN = 12
EXPECTED = {
    "integer": "a whole number",
    "decimal": "a number with at most {scale} decimal places",
    "date": "a date written {formats}",
    "datetime": "a date and time written {formats}",
    "yes_no": "one of {words}",
    "postcode": "a full postcode",
    "string": "text of the form {pattern}",
}
FORMATTED = ("date", "datetime", "postcode", "string")


def contract_rules(spec: TableSpec, ruleset: Ruleset) -> list[CompiledRule]:
    """A rule for each check of each column, in the contract's order.

    Codes are those that the contract publishes, else FORMAT, TYPE, REQUIRED and CODE_LIST.
    """
    rules: list[CompiledRule] = []
    for column in spec.columns:
        rules += _type_rule(spec, column)
        if column.required:
            message = f"{column.name} is blank; it must be filled in."
            is_blank = f"{raw(column.name)} IS NULL"
            rules.append(_rule(spec, column, "required", "REQUIRED", is_blank, message))
        if column.codes:
            rules.append(_codes_rule(spec, column, ruleset.codes[column.codes]))
    return rules


def _type_rule(spec: TableSpec, column: Column) -> Iterator[CompiledRule]:
    """None for text without a pattern: any text is of its type."""
    if column.type == "code" or (column.type == "string" and not column.pattern):
        return
    default = "FORMAT" if column.type in FORMATTED else "TYPE"
    message = f"'{{value}}' is not {_expected(column)}; write {column.name} as that."
    has_no_value = f"{raw(column.name)} IS NOT NULL AND {quoted(column.name)} IS NULL"
    yield _rule(spec, column, "type", default, has_no_value, message)


def _codes_rule(spec: TableSpec, column: Column, codes: Mapping[str, str]) -> CompiledRule:
    shown = ", ".join(list(codes)[:CODES_SHOWN]) + (", …" if len(codes) > CODES_SHOWN else "")
    message = f"'{{value}}' is not a code of {column.name} for this period; use one of {shown}."
    is_unknown = f"{raw(column.name)} IS NOT NULL"
    if codes:
        # A cast looks a text up where NOT IN, of more than a few, is made a join of its own.
        is_unknown += f" AND TRY_CAST({raw(column.name)} AS ENUM {listed(codes)}) IS NULL"
    if column.type == "integer" and codes:
        # A code written 1.0 or 01 is the code 1 if the column is a number.
        as_number = f"coalesce(CAST({quoted(column.name)} AS VARCHAR), {raw(column.name)})"
        is_unknown += f" AND {as_number} NOT IN {listed(codes)}"
    return _rule(spec, column, "codes", "CODE_LIST", is_unknown, message)


def _rule(
    spec: TableSpec, column: Column, check: Check, default: str, sql: str, message: str
) -> CompiledRule:
    return CompiledRule(
        table=spec.name,
        code=column.published.get(check, default),
        severity="critical" if check == "type" else column.severity.get(check, "critical"),
        origin="contract",
        kind="row",
        column=column.name,
        message=message,
        sql=sql,
    )


def _expected(column: Column) -> str:
    words = EXPECTED[column.type.partition("(")[0]]
    return words.format(
        scale=column.decimal[1] if column.decimal else 0,
        formats=" or ".join(column.accepted_formats),
        words=", ".join((*column.words.yes, *column.words.no)),
        pattern=column.pattern,
    )
