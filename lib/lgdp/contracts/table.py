"""One table of a return: its columns, its key, and where it is found in XML and workbooks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from lgdp.contracts.column import Column
from lgdp.contracts.drift import Drift
from lgdp.contracts.fixed import FixedTable
from lgdp.contracts.heading import fold
from lgdp.contracts.json_table import JsonTable
from lgdp.contracts.strict import Strict
from lgdp.contracts.wide import WideTable


class XmlTable(Strict):
    """How rows of a table are cut out of an XML unit (see `Spec.xml`).

    `record` is the path, below the unit, of the element that makes a row (empty: the unit itself).
    `columns` gives a column's path below the record; a leading `/` counts from the unit, `#Name`
    is the running number in the file of the enclosing element `Name`, `.` is the element's own
    text. A column not named here has its own name as path. `when_any` keeps a row only if one of
    these columns has a value; `when` only if the text at a path equals the given value.
    """

    unit: str
    record: str = ""
    columns: dict[str, str] = {}
    when_any: tuple[str, ...] = ()
    when: dict[str, str] = {}


class TableSpec(Strict):
    """A table in one year. `sheet` is its worksheet, where that is not named like the table.

    Delimited files of a `positional` table may come without a header: if no heading is found, each
    column is known by its place among the declared ones.

    With `layout: wide`, `wide` says how its many columns become rows. `drift` says how far it may
    be from the period before.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = ""
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    sheet: str | None = None
    positional: bool = False
    layout: Literal["long", "wide"] = "long"
    wide: WideTable | None = None
    xml: XmlTable | None = None
    drift: Drift | None = None
    json_form: JsonTable | None = Field(default=None, alias="json")
    fixed: FixedTable | None = None

    @model_validator(mode="after")
    def _names_agree(self) -> TableSpec:
        wrong = self._shared_headings()
        if self.name == "collection":
            wrong.append("collection is what rules call the collection; name the table otherwise")
        if self.name.startswith("reference_"):
            wrong.append(
                "reference_ begins the name of a reference table; name the table otherwise"
            )
        form, limits = self.xml or XmlTable(unit=""), self.drift or Drift()
        named = dict.fromkeys(
            [*self.key, *form.columns, *form.when_any, *self._form_names(), *limits.columns]
        )
        unknown = [name for name in named if name not in self.column_names]
        wrong += [f"{name} is not a column of the table" for name in unknown]
        wrong += [
            f"drift.codes.{column.name}: the column has no code list"
            for column in self.columns
            if column.name in limits.codes and column.codes is None
        ]
        if not self.key:
            wrong.append("key names no column")
        if (self.layout == "wide") != (self.wide is not None):
            wrong.append("'layout: wide' and a part 'wide' go together")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _form_names(self) -> Iterable[str]:
        """Columns that the other forms of the table name."""
        if self.wide:
            yield from (self.wide.names, *self.wide.measures)
        yield from self.json_form.columns if self.json_form else ()
        yield from self.fixed.columns if self.fixed else ()

    def _shared_headings(self) -> list[str]:
        """Headings by which two columns would be known."""
        owners: dict[str, str] = {}
        wrong = []
        for column in self.columns:
            for heading in (column.name, *column.headers):
                owner = owners.setdefault(fold(heading), column.name)
                if owner != column.name:
                    wrong.append(f"the heading '{heading}' means both {owner} and {column.name}")
        return wrong

    @cached_property
    def headings(self) -> dict[str, str]:
        """Column by each heading, folded, that it is known by."""
        return {
            fold(heading): column.name
            for column in self.columns
            for heading in (column.name, *column.headers)
        }

    @cached_property
    def blanks(self) -> tuple[str, ...]:
        """Null tokens of every column: a cell of its worksheet may hold one as an error (#N/A)."""
        tokens = [set(column.null_tokens) for column in self.columns]
        return tuple(sorted(set.intersection(*tokens))) if tokens else ()

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """Names in declared order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)
