"""A Delta table of the lake: created as declared, grown by adding files, read whole or filtered."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import CommitProperties, DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from lgdp.errors import LakeError
from lgdp.lake.data_file import DataFile
from lgdp.lake.delta_schema import delta_schema, new_fields, statistics
from lgdp.lake.door import Door
from lgdp.lake.rows import split, write_rows
from lgdp.lake.scan import Wanted, paths, scan

# Appends do not conflict with each other: delta-rs puts them on the newer version by itself. What
# is tried again here is a table that another process created or widened in the same moment.
TRIES = 20
# Without this, the second of two processes that create a table at once commits its own columns as
# the next version, over those of the first.
ONLY_NEXT = CommitProperties(max_commit_retries=0)


class LakeTable:
    """A table by its path in the lake, such as `silver/ssda903/episodes`.

    `schema` is what a table that is not there reads as (empty); without it, reading one that is
    not there raises LakeError. Any number of processes may use one table at once.
    """

    def __init__(self, door: Door, name: str, schema: pa.Schema | None = None) -> None:
        self.door = door
        self.name = name
        self.schema = schema

    def ensure(
        self,
        schema: pa.Schema,
        partition_by: Sequence[str] = (),
        properties: Mapping[str, str] | None = None,
    ) -> None:
        """Create the table at the lowest protocol, or add the columns that it does not have yet.

        Columns no longer declared are kept. LakeError names every column whose type differs from
        the declared one, and every one whose type or name some engine could not read.
        """
        declared = delta_schema(self.name, schema)
        self.schema = schema
        for last in _tries():
            try:
                table = self.opened()
                if table is None:
                    DeltaTable.create(
                        self.door.table_uri(self.name),
                        declared,
                        partition_by=list(partition_by),
                        configuration={**statistics(schema.names), **(properties or {})},
                        storage_options=self.door.storage_options(),
                        commit_properties=ONLY_NEXT,
                    )
                    return
                self._refuse_other_partition(table, partition_by)
                if fields := new_fields(self.name, declared, table.schema()):
                    table.alter.add_columns(fields, commit_properties=ONLY_NEXT)
                return
            except (DeltaError, OSError) as cause:
                if last:
                    raise self.failed("create or widen", cause) from cause

    def append_files(self, files: Sequence[DataFile]) -> int:
        """Add files that are in the table's folder, in one commit; how many were not in it yet.

        A path that the table has is skipped, and nothing is committed when there is no other.
        """
        new: dict[str, DataFile] = {}
        for last in _tries():
            table = self._required()
            held = frozenset(paths(table))
            left = {file.path: file for file in files if file.path not in held}
            new = new or left
            if not left:
                break
            try:
                table.create_write_transaction(
                    [file.add_action() for file in left.values()],
                    "append",
                    table.schema(),
                    partition_by=table.metadata().partition_columns,
                )
                break
            except (DeltaError, OSError) as cause:
                # Committed or not (what follows a commit can fail as well), the next look tells.
                if last:
                    raise self.failed("write", cause) from cause
        return len(new)

    def append_rows(self, rows: pa.Table, key: str | None = None) -> int:
        """Add a small table of rows in one commit; how many files were new.

        Columns that are not given are null; LakeError names those that the table does not have.
        With a `key` the files' names follow from it: adding the same key twice adds it once.
        """
        table = self._required()
        schema = pa.schema(table.schema().to_arrow())
        pieces = split(self.name, rows, schema, table.metadata().partition_columns)
        files = [write_rows(self.door, self.name, part, values, key) for values, part in pieces]
        return self.append_files(files)

    def read(
        self, columns: Sequence[str] | None = None, filters: pc.Expression | None = None
    ) -> pa.Table:
        """The rows (in no order) of the newest version."""
        wanted = None if columns is None else list(columns)
        return self.dataset().to_table(columns=wanted, filter=filters)

    def dataset(self, column: str | None = None, wanted: Wanted | None = None) -> ds.Dataset:
        """The newest version, for DuckDB or Arrow to scan; later commits do not change it.

        With `column` and `wanted` (such as `among(values)`), files whose statistics say that
        nothing wanted is in them are left out; those that are read have to be filtered as well.
        """
        table = self.opened()
        if table is not None:
            return scan(table, self.door.filesystem(self.name), column, wanted)
        if self.schema is None:
            raise self._absent()
        return ds.dataset(self.schema.empty_table())

    def version(self) -> int:
        """The newest version, -1 when there is no table."""
        table = self.opened()
        return -1 if table is None else table.version()

    def partitions(self, by: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """The partitions that have files, sorted, each as its values in the order of `by`."""
        found = self._required().partitions()
        return tuple(sorted(tuple(values[name] for name in by) for values in found))

    def paths(self) -> frozenset[str]:
        """The paths, relative to the table, of the files that the newest version is made of."""
        table = self.opened()
        return frozenset() if table is None else frozenset(paths(table))

    def opened(self) -> DeltaTable | None:
        """The table at its newest version, None when there is none."""
        try:
            return DeltaTable(
                self.door.table_uri(self.name), storage_options=self.door.storage_options()
            )
        except TableNotFoundError:
            return None
        except (DeltaError, OSError) as cause:
            raise self.failed("read", cause) from cause

    def failed(self, verb: str, cause: Exception) -> LakeError:
        """The error of a table that could not be read or written."""
        reason = str(cause).partition("\n")[0]
        return LakeError(
            f"cannot {verb} the table {self.name} in the lake {self.door.uri}: {reason}"
        )

    def _absent(self) -> LakeError:
        return LakeError(f"there is no table {self.name} in the lake {self.door.uri}")

    def _required(self) -> DeltaTable:
        table = self.opened()
        if table is None:
            raise self._absent()
        return table

    def _refuse_other_partition(self, table: DeltaTable, declared: Sequence[str]) -> None:
        held = table.metadata().partition_columns
        if held != list(declared):
            raise LakeError(
                f"table {self.name} is partitioned by {', '.join(held) or 'nothing'}, "
                f"declared {', '.join(declared) or 'nothing'}"
            )


def _tries() -> Iterator[bool]:
    """Whether this try is the last one; a short pause of random length between two."""
    for left in reversed(range(TRIES)):
        yield left == 0
        time.sleep(random.uniform(0.01, 0.1))  # noqa: S311
