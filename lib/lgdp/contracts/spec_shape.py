"""From a spec as YAML gives it to the typed one, with everything that is wrong named at once."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from lgdp.contracts.codelist import CodeList
from lgdp.contracts.column import Column
from lgdp.contracts.heading import fold
from lgdp.contracts.spec import Spec
from lgdp.contracts.strict import validated
from lgdp.contracts.table import TableSpec
from lgdp.contracts.yaml_text import Raw
from lgdp.errors import Problem

DEFAULTS = ("date_formats", "datetime_formats", "null_tokens")


class SpecShape:
    """Makes the spec of one file. What is wrong is added to `problems`, under the file's name."""

    def __init__(self, shown: str, codes: Mapping[str, CodeList], problems: list[Problem]) -> None:
        self._shown, self._codes, self._problems = shown, codes, problems

    def make(self, state: Raw) -> Spec | None:
        """The spec of a merged state; null if anything in it is wrong."""
        before = len(self._problems)
        raw = copy.deepcopy(state)
        defaults = raw.pop("defaults", {})
        for key in sorted(set(defaults) - set(DEFAULTS)):
            self._add(f"defaults.{key}", "is not a key that is known here")
        tables = [self._table(name, table, defaults) for name, table in raw["tables"].items()]
        found: list[Problem] = []
        spec = validated(Spec, {**raw, "tables": tables}, self._shown, "", found)
        # What is wrong inside a table has been said above, under the table's name.
        self._problems.extend(problem for problem in found if not problem.key.startswith("tables."))
        return spec if len(self._problems) == before else None

    def _add(self, key: str, message: str) -> None:
        self._problems.append(Problem(self._shown, key, message))

    def _table(self, name: str, raw: Raw, defaults: Raw) -> TableSpec:
        """The table; where it is wrong a stand-in with its columns, so that the rest is judged."""
        place = f"tables.{name}"
        columns = raw.get("columns")
        if not isinstance(columns, dict) or not columns:
            self._add(f"{place}.columns", "is missing or empty")
            return _stand_in(name, [])
        made = [self._column(place, column, shape, defaults) for column, shape in columns.items()]
        shape = {**raw, "name": name, "columns": made}
        table = validated(TableSpec, shape, self._shown, place, self._problems)
        return table or _stand_in(name, made)

    def _column(self, place: str, name: object, raw: Any, defaults: Raw) -> Column:
        place = f"{place}.columns.{name}"
        if not isinstance(name, str):
            self._add(place, "is read as no text by YAML; put the name in quotation marks")
        if raw is not None and not isinstance(raw, dict):
            self._add(place, "is not a mapping of keys")
            raw = {"type": "string"}
        shape = {"name": str(name), **(raw or {})}
        if shape.get("type") in ("date", "datetime"):
            shape.setdefault("formats", defaults.get(f"{shape['type']}_formats", ()))
        shape.setdefault("null_tokens", defaults.get("null_tokens", ()))
        self._check_codes(place, shape)
        column = validated(Column, shape, self._shown, place, self._problems)
        return column or Column.model_construct(name=str(name), type="string")

    def _check_codes(self, place: str, shape: Raw) -> None:
        name = shape.get("codes")
        if not isinstance(name, str):
            return
        if name not in self._codes:
            self._add(f"{place}.codes", f"there is no code list '{name}' in conf/codes")
        elif shape.get("upper"):
            lower = [
                code.code for code in self._codes[name].codes if code.code.upper() != code.code
            ]
            if lower:
                message = f"code {lower[0]} is not in capitals, but the column is read so (upper)"
                self._add(f"{place}.codes", message)


def _stand_in(name: str, columns: Sequence[Column]) -> TableSpec:
    """A table with those columns and nothing wrong, to judge by what names them."""
    known = {fold(column.name): column for column in columns}
    plain = [Column.model_construct(name=column.name, type="string") for column in known.values()]
    key = tuple(column.name for column in plain[:1])
    return TableSpec.model_construct(name=name, key=key, columns=tuple(plain), xml=None)
