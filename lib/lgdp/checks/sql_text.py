"""SQL text of names and values for DuckDB."""

from __future__ import annotations

from datetime import date


def quoted(name: str) -> str:
    """An identifier."""
    return '"' + name.replace('"', '""') + '"'


def flag(index: int) -> str:
    """The identifier of a column of our own that no contract can have."""
    return f'"flag:{index}"'


def literal(value: object) -> str:
    """A value: null, boolean, number, date, or text."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + str(value).replace("'", "''") + "'"


def listed(values: object) -> str:
    """Values in brackets, for IN."""
    return "(" + ", ".join(literal(value) for value in values) + ")"  # type: ignore[attr-defined]
