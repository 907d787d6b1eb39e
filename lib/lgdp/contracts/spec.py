"""A return's tables in one year: the full spec of the first year with later diffs applied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import model_validator

from lgdp.contracts.strict import Strict
from lgdp.contracts.table import TableSpec
from lgdp.errors import ChangeDoesNotFit

Raw = dict[str, Any]
"""A part of a spec still as YAML gives it; diffs work on these, models are made once at the end."""


class XmlForm(Strict):
    """The XML form of a return: its root element and the units below it that are read one at a time."""

    root: str
    units: tuple[str, ...]


class Identity(Strict):
    """A place in the data that says whose, or for when, the data is; it must not contradict the sender."""

    table: str
    column: str
    says: Literal["council", "period", "period_start_year", "period_end_year"]


class Spec(Strict):
    """Everything a file of one year is read by."""

    first: str
    tables: tuple[TableSpec, ...]
    xml: XmlForm | None = None
    identity: tuple[Identity, ...] = ()
    parameters: dict[str, str | int | float | bool] = {}

    @model_validator(mode="after")
    def _references_exist(self) -> Spec:
        by_name = {table.name: table for table in self.tables}
        for item in self.identity:
            if item.table not in by_name or item.column not in by_name[item.table].column_names:
                raise ValueError(f"identity names {item.table}.{item.column}, which does not exist")
        for table in self.tables:
            if table.xml and (self.xml is None or table.xml.unit not in self.xml.units):
                raise ValueError(
                    f"table {table.name} names the XML unit '{table.xml.unit}', which is not declared"
                )
        return self

    def table(self, name: str) -> TableSpec:
        """The table of that name."""
        return next(table for table in self.tables if table.name == name)


class Change(Strict):
    """One change of a diff; exactly one of the four verbs."""

    description: str
    table: str
    add: dict[str, Raw] | None = None
    modify: dict[str, Raw] | None = None
    rename: dict[str, str] | None = None
    remove: tuple[str, ...] | None = None
    add_table: Raw | None = None
    remove_table: bool = False

    @model_validator(mode="after")
    def _one_verb(self) -> Change:
        verbs = (
            self.add,
            self.modify,
            self.rename,
            self.remove,
            self.add_table,
            self.remove_table or None,
        )
        if sum(verb is not None for verb in verbs) != 1:
            raise ValueError(
                "a change has exactly one of add, modify, rename, remove, add_table, remove_table"
            )
        return self


class FullSpec(Strict):
    """The file of a return's first year."""

    first: str
    description: str
    defaults: Raw = {}
    xml: Raw | None = None
    identity: tuple[Raw, ...] = ()
    parameters: Raw = {}
    tables: dict[str, Raw]


class DiffSpec(Strict):
    """The file of a later year. With `term`, it holds for that term only, from `first` on."""

    first: str
    description: str
    term: str | None = None
    parameters: Raw = {}
    changes: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _changes_something(self) -> DiffSpec:
        if not self.changes and not self.parameters:
            raise ValueError("a diff changes something")
        return self


def _columns_of(
    tables: dict[str, Raw], change: Change, names: Mapping[str, Any] | tuple[str, ...]
) -> Raw:
    if change.table not in tables:
        raise ChangeDoesNotFit(f"there is no table {change.table} to change")
    columns: Raw = tables[change.table]["columns"]
    missing = [name for name in names if name not in columns]
    if missing:
        raise ChangeDoesNotFit(f"{change.table} has no column {missing[0]}")
    return columns


def apply_change(tables: dict[str, Raw], change: Change) -> None:
    """Apply one change to the tables, in place. Raises ChangeDoesNotFit, saying why."""
    if change.add_table is not None:
        if change.table in tables:
            raise ChangeDoesNotFit(f"table {change.table} exists already")
        tables[change.table] = change.add_table
    elif change.remove_table:
        if tables.pop(change.table, None) is None:
            raise ChangeDoesNotFit(f"there is no table {change.table} to remove")
    elif change.add is not None:
        columns = _columns_of(tables, change, ())
        for name, column in change.add.items():
            if name in columns:
                raise ChangeDoesNotFit(f"{change.table} has a column {name} already")
            columns[name] = column
    elif change.modify is not None:
        columns = _columns_of(tables, change, change.modify)
        for name, keys in change.modify.items():
            columns[name] = {**columns[name], **keys}
    elif change.rename is not None:
        columns = _columns_of(tables, change, change.rename)
        renamed = {change.rename.get(name, name): column for name, column in columns.items()}
        tables[change.table]["columns"] = renamed
    elif change.remove is not None:
        columns = _columns_of(tables, change, change.remove)
        for name in change.remove:
            del columns[name]
