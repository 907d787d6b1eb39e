"""A table of a return in DuckDB SQL: its records as sent, its typed rows, its columns."""

from __future__ import annotations

from lgdp.checks.cast import fit_sql, raw, sql_type, typed_sql
from lgdp.checks.clean import clean_sql
from lgdp.checks.sql_text import literal, quoted
from lgdp.contracts.table import TableSpec
from lgdp.intake.bronze_file import BronzeFile

IDENTITY = ("_row", "_file", "_submission", "_council")


def sent_rows(table: TableSpec, file: BronzeFile) -> str:
    """All records of a bronze file, in brackets, with their number in it as `_rid`."""
    return (
        f"(SELECT * EXCLUDE file_row_number{_later(table, file)}, file_row_number AS _rid "
        f"FROM read_parquet({literal(str(file.path))}, file_row_number = true))"
    )


def typed_rows(table: TableSpec, file: BronzeFile, fit: bool = False) -> str:
    """The records that can be placed: identity, cleaned text (`raw:COL`), then typed values.

    If they are said to be `fit`, only rows of which all texts are of their types have right values.
    """
    cast = fit_sql if fit else typed_sql
    cleaned = ", ".join(
        f"{clean_sql(column, quoted(column.name), column.name in file.tidy)} AS {raw(column.name)}"
        for column in table.columns
    )
    typed = ", ".join(
        f"{cast(column, raw(column.name))} AS {quoted(column.name)}" for column in table.columns
    )
    return (
        f"SELECT *, {typed} FROM (SELECT _rid, {', '.join(IDENTITY)}, {cleaned} "
        f"FROM {sent_rows(table, file)} WHERE _defect IS NULL)"
    )


def declared_columns(table: TableSpec) -> str:
    """Column definitions of identity and typed values."""
    identity = ["_row BIGINT", *(f"{name} VARCHAR" for name in IDENTITY[1:])]
    typed = [f"{quoted(column.name)} {sql_type(column)}" for column in table.columns]
    return ", ".join([*identity, *typed])


def _later(table: TableSpec, file: BronzeFile) -> str:
    """Columns that were declared after a file was landed: what was kept beside the others, if so.

    Under a leading comma, empty when there are none.
    """
    late = [column for column in table.columns if column.name not in file.columns]
    return "".join(
        f", coalesce({', '.join(f'_extra[{literal(name)}]' for name in (each.name, *each.headers))}"
        f", NULL) AS {quoted(each.name)}"
        for each in late
    )
