"""A DuckDB workspace over one submission: typed relations, and which rows have been kept out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from lgdp.checks.cast import declared_type
from lgdp.checks.compiled_rule import PREVIOUS, SLOT, SLOTS
from lgdp.checks.engine import Engine
from lgdp.checks.sql_text import literal, quoted
from lgdp.checks.table_sql import IDENTITY, declared_columns, sent_rows, typed_rows
from lgdp.contracts.reference import PREFIX
from lgdp.contracts.ruleset import Collection, Ruleset
from lgdp.contracts.table import TableSpec
from lgdp.intake.bronze_file import BronzeFile, read_footer

SMALL = 64 << 20
"""Bronze bytes up to which a table is typed once and kept; above, it is typed as it is read, or
once into a file if queries read it often."""
OFTEN = 4
"""Queries that read a table, from which on typing it once pays for writing it down."""
QUICK = 8 << 20
"""Bronze bytes of a submission up to which its queries take longer to plan than to run."""


class Workspace:
    """Relations per table T that was sent: `all:T` typed rows with their text (`raw:COL`), `gone:T`
    rows kept out (row id, code, cause), and T, the typed rows that are left.

    Rows with a structural defect are only in what `sent` reads. Of a table that was not sent there
    is T, without a row, if `needed` names it or is null; `needed` counts the queries that read a
    table. `previous_T` is there for the tables that `previous` names, be it with no file;
    `reference_R` for the files of `reference`, or, if that is null, for all of the ruleset, empty.
    Everything else has a colon in its name, which no table of a return can have. `small` is as
    `SMALL`.

    `damaged` counts the records with a structural defect by table, `lost` names the tables that
    rows have been kept out of, and `empty` the relations that had no row to begin with.
    `quick` says that planning is what takes the time: then T is a table of its own, for a view is
    planned anew in every query that reads it.
    """

    def __init__(
        self,
        ruleset: Ruleset,
        collection: Collection,
        senders: Sequence[tuple[str, str]],
        bronze: Mapping[str, Path],
        previous: Mapping[str, Sequence[Path]],
        scratch: Path,
        memory: str,
        small: int = SMALL,
        needed: Mapping[str, int] | None = None,
        reference: Mapping[str, Path] | None = None,
    ) -> None:
        self.ruleset, self.collection = ruleset, collection
        self.bronze = {name: read_footer(path) for name, path in bronze.items()}
        self._small, self._scratch, self._needed = small, scratch, needed or {}
        size = sum(file.size for file in self.bronze.values())
        self.quick = size <= min(small, QUICK)
        self._sent: dict[str, str] = {}
        self._unkept: set[str] = set()
        self.lost: set[str] = set()
        self._engine = Engine(size, memory, scratch / "spill")
        self.db = self._engine.db
        for table in ruleset.spec.tables:
            if table.name in self.bronze:
                self._make_sent(table, self.bronze[table.name])
            elif needed is None or table.name in needed or table.name in previous:
                self.db.execute(
                    f"CREATE TABLE {quoted(table.name)} (_rid BIGINT, {declared_columns(table)})"
                )
            if table.name in previous:
                self._make_previous(table, previous[table.name])
        self._make_reference(reference)
        self._make_collection(senders)
        self.damaged = {name: self._damaged(name) for name in self.bronze}
        unsent = {table.name for table in ruleset.spec.tables} - set(self.bronze)
        self.empty = frozenset(
            {name for name in self.bronze if not self._typed_rows(name)}
            | unsent
            | {PREVIOUS + name for name, paths in previous.items() if not paths}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engine.close()

    def sent(self, table: str) -> str:
        """All records of a table that was sent, as text in the columns of bronze, with `_rid`."""
        return self._sent[table]

    def rows_left(self, table: str) -> int:
        """How many rows of a table that was sent have not been kept out."""
        if table in self.lost:
            return self.count(f"SELECT count(*) FROM {quoted(table)}")
        return self._typed_rows(table)

    def count(self, sql: str) -> int:
        """The one number a query gives."""
        row = self.db.execute(sql).fetchone()
        return int(row[0]) if row else 0

    def silver_rows(self, table: TableSpec) -> str:
        """A query for the rows of a table that are left, as silver has them, without the ruleset.

        To be read once all rules have been applied: what is left then is of its types, and that
        need not be found out again.
        """
        source = quoted(table.name)
        if table.name in self._unkept:
            source = f"({typed_rows(table, self.bronze[table.name], fit=True)}) {self._left(table)}"
        return f"SELECT {self.typed_columns(table)} FROM {source}"

    def typed_columns(self, table: TableSpec) -> str:
        """The select list of a silver row, without the ruleset."""
        return ", ".join(quoted(name) for name in (*table.column_names, *IDENTITY))

    def hide_gone(self, tables: Iterable[str]) -> None:
        """Take the rows that `gone:T` has out of T, for tables T that have lost some.

        Until then T is read without a look at it, which is a sixth of what queries cost.
        """
        for name in tables:
            self.lost.add(name)
            if self.quick:
                gone = f"SELECT _rid FROM {quoted(f'gone:{name}')}"
                self.db.execute(f"DELETE FROM {quoted(name)} WHERE _rid IN ({gone})")
                continue
            self._make_view(self.ruleset.table(name))

    def collection_values(self) -> dict[str, object]:
        """The columns of the `collection` view, but for the submission."""
        return {
            "period": self.collection.period,
            "period_start": self.collection.start,
            "period_end": self.collection.end,
            **self.ruleset.spec.parameters,
        }

    def settled(self, sql: str) -> str:
        """The SQL of a rule, with the values of the collection in their slots."""
        if SLOTS in sql:
            for name, value in self.collection_values().items():
                sql = sql.replace(quoted(SLOT.format(name)), literal(value))
        return sql

    def _damaged(self, table: str) -> int:
        known = self.bronze[table].damaged
        if known is None:
            return self.count(f"SELECT count(_defect) FROM {self.sent(table)}")
        return known

    def _typed_rows(self, table: str) -> int:
        return self.bronze[table].rows - self.damaged[table]

    def _make_sent(self, table: TableSpec, file: BronzeFile) -> None:
        self._make_typed(table, file)
        gone = quoted(f"gone:{table.name}")
        self.db.execute(f"CREATE TABLE {gone} (_rid BIGINT, code VARCHAR, cause VARCHAR)")
        self._make_view(table)

    def _make_view(self, table: TableSpec) -> None:
        kind = "TABLE" if self.quick else "VIEW"
        self.db.execute(
            f"CREATE OR REPLACE {kind} {quoted(table.name)} AS SELECT _rid, "
            f"{self.typed_columns(table)} FROM {quoted(f'all:{table.name}')} {self._left(table)}"
        )

    def _left(self, table: TableSpec) -> str:
        """The join that leaves the rows of a table which have not been kept out."""
        if table.name not in self.lost:
            return ""
        return f"ANTI JOIN {quoted(f'gone:{table.name}')} USING (_rid)"

    def _make_typed(self, table: TableSpec, file: BronzeFile) -> None:
        self._sent[table.name] = sent_rows(table, file)
        kind, rows = "TABLE", typed_rows(table, file)
        if file.size > self._small:
            kind = "VIEW"
            if self._needed.get(table.name, 0) >= OFTEN:
                rows = self._written(table, rows)
            else:
                self._unkept.add(table.name)
        self.db.execute(f"CREATE {kind} {quoted(f'all:{table.name}')} AS {rows}")

    def _written(self, table: TableSpec, rows: str) -> str:
        """The typed rows of a table written down; what reads them again."""
        path = literal(str(self._scratch / f"{table.name}.typed.parquet"))
        self.db.execute(f"COPY ({rows}) TO {path} (FORMAT parquet, COMPRESSION lz4)")
        return f"SELECT * FROM read_parquet({path})"

    def _make_previous(self, table: TableSpec, paths: Sequence[Path]) -> None:
        name = quoted(f"previous_{table.name}")
        if not paths:
            self.db.execute(f"CREATE TABLE {name} ({declared_columns(table)})")
            return
        columns = self.typed_columns(table)
        files = ", ".join(literal(str(path)) for path in paths)
        rows = (
            f"SELECT {columns} FROM {quoted(table.name)} WHERE false UNION ALL BY NAME "
            f"SELECT * FROM read_parquet([{files}], union_by_name = true)"
        )
        few = sum(path.stat().st_size for path in paths) <= QUICK
        kind = "TABLE" if self.quick and few else "VIEW"
        self.db.execute(f"CREATE {kind} {name} AS SELECT {columns} FROM ({rows})")

    def _make_reference(self, files: Mapping[str, Path] | None) -> None:
        if files is None:
            for name, shape in self.ruleset.reference.items():
                columns = ", ".join(
                    f"{quoted(column)} {declared_type(kind)}"
                    for column, kind in shape.columns.items()
                )
                self.db.execute(f"CREATE TABLE {quoted(PREFIX + name)} ({columns})")
            return
        for name, path in files.items():
            kind = "TABLE" if path.stat().st_size <= self._small else "VIEW"
            self.db.execute(
                f"CREATE {kind} {quoted(PREFIX + name)} AS "
                f"SELECT * FROM read_parquet({literal(str(path))})"
            )

    def _make_collection(self, senders: Sequence[tuple[str, str]]) -> None:
        values = self.collection_values()
        columns = ", ".join(f"{literal(value)} AS {quoted(name)}" for name, value in values.items())
        rows = ", ".join(f"({literal(name)}, {literal(council)})" for name, council in senders)
        self.db.execute(
            f"CREATE TABLE collection AS SELECT *, {columns} FROM (VALUES {rows}) "
            "AS sender (_submission, _council)"
        )
