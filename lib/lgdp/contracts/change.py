"""One change of a yearly diff, and applying it to a spec that is still as YAML gives it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import model_validator

from lgdp.contracts.strict import Strict
from lgdp.contracts.yaml_text import Raw
from lgdp.errors import ChangeDoesNotFit


class Change(Strict):
    """One change of a diff; exactly one of the six verbs.

    `rename` renames a column wherever the spec names it. `remove` takes it out of
    its forms too (XML, JSON, fixed width, wide), but not out of a key, which can't do without it.
    """

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

    def among(self, tables: Raw) -> Change:
        """The part of this change that concerns what is still there in `tables`.

        A term that has given up a column or table takes no part in its later changes.
        """
        if self.add_table is not None:
            return self
        columns = tables.get(self.table, {}).get("columns", {})
        return self.model_copy(
            update={
                "modify": _kept(self.modify, columns),
                "rename": _kept(self.rename, columns),
                "remove": self.remove and tuple(name for name in self.remove if name in columns),
                "remove_table": self.remove_table and self.table in tables,
            }
        )


def _kept(named: dict[str, Any] | None, columns: Iterable[str]) -> dict[str, Any] | None:
    return named and {name: value for name, value in named.items() if name in columns}


def apply_change(state: Raw, change: Change) -> None:
    """Apply one change to a spec, in place. Raises ChangeDoesNotFit, saying why."""
    tables = state["tables"]
    if change.add_table is not None:
        if change.table in tables:
            raise ChangeDoesNotFit(f"table {change.table} exists already")
        tables[change.table] = change.add_table
    elif change.remove_table:
        if tables.pop(change.table, None) is None:
            raise ChangeDoesNotFit(f"there is no table {change.table} to remove")
    elif change.add:
        columns = _columns_of(tables, change.table)
        for name, column in change.add.items():
            _require_free(change.table, columns, name)
            columns[name] = column
    elif change.modify:
        columns = _columns_of(tables, change.table, change.modify)
        for name, keys in change.modify.items():
            columns[name] = {**(columns[name] or {}), **keys}
    elif change.rename:
        _rename(state, change.table, change.rename)
    elif change.remove:
        columns = _columns_of(tables, change.table, change.remove)
        for name in change.remove:
            del columns[name]
        _forget(tables[change.table], change.remove)


def _columns_of(tables: Raw, table: str, names: Iterable[str] = ()) -> Raw:
    if table not in tables:
        raise ChangeDoesNotFit(f"there is no table {table} to change")
    columns: Raw = tables[table].get("columns") or {}
    missing = [name for name in names if name not in columns]
    if missing:
        raise ChangeDoesNotFit(f"{table} has no column {', '.join(missing)}")
    return columns


def _require_free(table: str, columns: Raw, name: str) -> None:
    if name in columns:
        raise ChangeDoesNotFit(f"{table} has a column {name} already")


def _rename(state: Raw, table: str, names: dict[str, str]) -> None:
    shape = state["tables"].get(table, {})
    columns = _columns_of(state["tables"], table, names)
    left = {name: column for name, column in columns.items() if name not in names}
    for new in names.values():
        _require_free(table, left, new)
        left[new] = None
    shape["columns"] = {names.get(name, name): column for name, column in columns.items()}
    shape["key"] = [names.get(name, name) for name in shape.get("key") or ()]
    for form in _forms(shape):
        form["columns"] = {
            names.get(name, name): path for name, path in (form.get("columns") or {}).items()
        }
        if "when_any" in form:
            form["when_any"] = [names.get(name, name) for name in form["when_any"] or ()]
    wide = shape.get("wide")
    if isinstance(wide, dict):
        named = str(wide.get("names"))
        wide["names"] = names.get(named, named)
        # A heading holds a word of the measure, whatever the column is called now.
        wide["measures"] = {
            names.get(name, name): [*words, name] if name in names else words
            for name, words in (wide.get("measures") or {}).items()
        }
    for item in state.get("identity") or ():
        if item.get("table") == table:
            item["column"] = names.get(item.get("column"), item.get("column"))


def _forms(shape: Raw) -> list[Raw]:
    """The parts of a table that say where each column is in a form of file."""
    parts = (shape.get(form) for form in ("xml", "json", "fixed"))
    return [part for part in parts if isinstance(part, dict)]


def _forget(shape: Raw, names: Iterable[str]) -> None:
    gone = set(names)
    for form in _forms(shape):
        form["columns"] = {
            name: path for name, path in (form.get("columns") or {}).items() if name not in gone
        }
        if "when_any" in form:
            form["when_any"] = [name for name in form["when_any"] or () if name not in gone]
    wide = shape.get("wide")
    if isinstance(wide, dict):
        measures = wide.get("measures") or {}
        wide["measures"] = {name: words for name, words in measures.items() if name not in gone}
