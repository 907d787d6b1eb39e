"""An append-only Delta log in which a writer learns if anyone wrote since it read."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError
from deltalake.transaction import AddAction, RemoveAction

from lgdp.errors import ConcurrentWrite, LakeError
from lgdp.lake.data_file import DataFile
from lgdp.lake.door import Door
from lgdp.lake.rows import fitted, write_rows
from lgdp.lake.scan import scan
from lgdp.lake.table import ONLY_NEXT, LakeTable

# Commits between two checkpoints of the Delta log, and between two consolidations of its files:
# without the one, opening reads every commit; without the other, reading opens a file for each.
EVERY = 50
# A file that has grown to this many bytes is left as it is.
LARGE_FILE = 8 << 20
_ORDER = [("seq", "ascending"), ("ordinal", "ascending")]


class SerialLog:
    """Rows in the order in which they were committed.

    Every row carries `seq`, the Delta version that its commit made, and `ordinal`, its place in
    that commit. `append` says which version the writer had read, and fails if that is no longer
    the newest: of N writers racing for a version exactly one gets it, on a local disk and on S3.

    Small files are merged as the log grows; rows keep their numbers, and consolidations take
    versions of their own, so numbers have gaps. With `latest_by`, a consolidation keeps only the
    last row for each value of that column (for a log of which only the newest state matters).
    """

    def __init__(
        self, door: Door, name: str, schema: pa.Schema, latest_by: str | None = None
    ) -> None:
        self.door = door
        self.name = name
        self.schema = schema
        self._latest_by = latest_by
        self._table = LakeTable(door, name, schema)
        self._opened: DeltaTable | None = None
        self._is_ensured = False
        self._lock = threading.RLock()

    def read(self, after: int = -1) -> tuple[pa.Table, int]:
        """Rows with `seq` above `after`, ordered by seq and ordinal, and the newest version.

        Without a log yet: no rows, and version -1.
        """
        with self._lock:
            table = self._newest()
            if table is None:
                return self.schema.empty_table(), -1
            version = table.version()
            folder = self.door.filesystem(self.name)
            later = scan(table, folder, "seq", lambda _, newest: int(newest) > after)
            known = [name for name in self.schema.names if name in later.schema.names]
            rows = later.to_table(known, filter=pc.field("seq") > pc.scalar(after))
            return fitted(self.name, rows, self.schema).sort_by(_ORDER), version

    def version(self) -> int:
        """The newest version, -1 when there is no log yet."""
        with self._lock:
            table = self._newest()
            return -1 if table is None else table.version()

    def append(self, rows: pa.Table, expected_version: int) -> int:
        """Commit rows (without seq and ordinal) right after a version; the version they made.

        ConcurrentWrite when `expected_version` is not the newest any more: read again and retry.
        """
        with self._lock:
            table = self._ensured()
            version = table.version() + 1
            if version != max(expected_version, 0) + 1:
                raise self._overtaken(expected_version)
            file = write_rows(self.door, self.name, self._numbered(rows, version), {})
            self._commit(table, [file.add_action()], file, version)
            if version % EVERY == 0:
                # The rows are in the log whatever becomes of this; a later turn does it again.
                with suppress(LakeError, OSError):
                    self._consolidate()
            return version

    def _newest(self) -> DeltaTable | None:
        if self._opened is None:
            self._opened = self._table.opened()
            return self._opened
        try:
            self._opened.update_incremental()
        except (DeltaError, OSError) as cause:
            raise self._table.failed("read", cause) from cause
        return self._opened

    def _ensured(self) -> DeltaTable:
        """The newest version, of a table that has all our columns."""
        if not self._is_ensured:
            properties = {
                "delta.appendOnly": "true" if self._latest_by is None else "false",
                "delta.checkpointInterval": str(EVERY),
                "delta.enableExpiredLogCleanup": "false",
            }
            self._table.ensure(self.schema, (), properties)
            self._is_ensured = True
        table = self._newest()
        if table is None:
            raise LakeError(f"the log {self.name} was removed from the lake {self.door.uri}")
        return table

    def _numbered(self, rows: pa.Table, version: int) -> pa.Table:
        numbers = {
            "seq": pa.array([version] * rows.num_rows, pa.int64()),
            "ordinal": pa.array(range(rows.num_rows), pa.int32()),
        }
        columns = {name: rows[name] for name in rows.column_names}
        return fitted(self.name, pa.table({**columns, **numbers}), self.schema)

    def _commit(
        self,
        table: DeltaTable,
        actions: list[AddAction | RemoveAction],
        file: DataFile,
        version: int,
    ) -> None:
        try:
            table.create_write_transaction(
                actions, "append", table.schema(), commit_properties=ONLY_NEXT
            )
        except (DeltaError, OSError) as cause:
            # An error is no proof that nothing was committed: the answer of an S3 server may have
            # been lost, or what follows a commit (a checkpoint) may have failed. The log knows.
            commit = f"{self.name}/_delta_log/{version:020}.json"
            if not self.door.exists(commit):
                raise self._table.failed("write", cause) from cause
            if file.path.encode() in self.door.read_bytes(commit):
                return
            self.door.delete(self.door.join(self.name, file.path))
            raise self._overtaken(version - 1) from cause

    def _overtaken(self, version: int) -> ConcurrentWrite:
        return ConcurrentWrite(
            f"the log {self.name} in the lake {self.door.uri} has grown since version {version}"
        )

    def _consolidate(self) -> None:
        """Put the rows of all small files into one; leave it to a later turn if anyone commits."""
        table = self._newest()
        if table is None:
            return
        held = pa.table(table.get_add_actions()).select(["path", "size_bytes"]).to_pylist()
        small = {each["path"]: each["size_bytes"] for each in held}
        small = {path: size for path, size in small.items() if size < LARGE_FILE}
        if len(small) < 2:
            return
        folder = self.door.filesystem(self.name)
        rows = ds.dataset(list(small), self.schema, "parquet", folder).to_table().sort_by(_ORDER)
        changed = self._latest_by is not None
        if self._latest_by is not None:
            rows = _last_of_each(rows, rows[self._latest_by])
        file = write_rows(self.door, self.name, rows, {})
        now = time.time_ns() // 1_000_000
        actions: list[AddAction | RemoveAction] = [file.add_action(data_change=changed)]
        actions += [RemoveAction(path, changed, now, size, {}) for path, size in small.items()]
        self._commit(table, actions, file, table.version() + 1)


def _last_of_each(rows: pa.Table, values: pa.ChunkedArray) -> pa.Table:
    """The last row for each value, in the same order."""
    places = pa.table({"value": values, "place": pa.array(range(rows.num_rows))})
    last = places.group_by("value").aggregate([("place", "max")])["place_max"]
    return rows.take(last).sort_by(_ORDER)
