"""The tables and columns of a template."""

from __future__ import annotations

from dataclasses import dataclass

from lgdp.contracts.column import Column


@dataclass(frozen=True)
class TemplateColumn:
    """A column to fill in: whether it may be blank, what it takes, and an example of it."""

    column: Column
    is_needed: bool
    is_key: bool
    form: str
    example: str

    @property
    def need(self) -> str:
        """Whether it must be filled in, in words."""
        if self.is_key:
            return "Must be filled in: it says which record a row is"
        return "Must be filled in" if self.is_needed else "May be blank"


@dataclass(frozen=True)
class TemplateTable:
    """A table to fill in, on the sheet of that name."""

    name: str
    sheet: str
    title: str
    columns: tuple[TemplateColumn, ...]


def codes_name(code_list: str) -> str:
    """The name by which formulas of the workbook know the codes of a list."""
    return f"codes_{code_list}"
