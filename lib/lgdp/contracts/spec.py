"""A return's tables in one year."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from lgdp.contracts.strict import Strict
from lgdp.contracts.table import TableSpec


class XmlForm(Strict):
    """The XML form of a return: its root element and the units below it, read one at a time.

    `namespace` is the one that the root has to be in; where it is not said, any will do.
    """

    root: str
    units: tuple[str, ...]
    namespace: str | None = None


class Identity(Strict):
    """A column that says whose, or for when, the data is; it must not contradict the sender."""

    table: str
    column: str
    says: Literal["council", "period", "period_start_year", "period_end_year"]


class Around(Strict):
    """What people put around a table: titles above its header, a row of totals at its end.

    Where accepted they are left out, and a note says so. Where refused, titles refuse the file and
    a row of totals is kept out as an error.
    """

    titles: Literal["accepted", "refused"] = "accepted"
    totals: Literal["accepted", "refused"] = "refused"


class Spec(Strict):
    """Everything a file of one year is read by."""

    first: str
    tables: tuple[TableSpec, ...]
    xml: XmlForm | None = None
    around: Around = Around()
    identity: tuple[Identity, ...] = ()
    parameters: dict[str, str | int | float | bool] = {}

    @model_validator(mode="after")
    def _references_exist(self) -> Spec:
        wrong = [*self._wrong_identity(), *self._wrong_units(), *self._wrong_names()]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def table(self, name: str) -> TableSpec:
        """The table of that name."""
        return next(table for table in self.tables if table.name == name)

    @property
    def drifting(self) -> frozenset[str]:
        """The tables that are compared with the period before, beside what rules compare."""
        return frozenset(table.name for table in self.tables if table.drift is not None)

    def _wrong_identity(self) -> list[str]:
        columns = {table.name: table.column_names for table in self.tables}
        return [
            f"identity names {item.table}.{item.column}, which does not exist"
            for item in self.identity
            if item.column not in columns.get(item.table, ())
        ]

    def _wrong_units(self) -> list[str]:
        units = self.xml.units if self.xml else ()
        return [
            f"table {table.name} names the XML unit '{table.xml.unit}', which is not declared"
            for table in self.tables
            if table.xml and table.xml.unit not in units
        ]

    def _wrong_names(self) -> list[str]:
        names = {table.name for table in self.tables}
        return [
            f"the tables {name} and previous_{name} can't both be: rules read the second as the "
            "first of the period before"
            for name in sorted(names)
            if f"previous_{name}" in names
        ]
