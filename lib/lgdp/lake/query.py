"""SQL over the tables of a lake, read by DuckDB, which itself reaches nothing outside."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from lgdp.errors import LakeError, UsageError
from lgdp.lake.catalogue import Catalogue
from lgdp.lake.current import Current
from lgdp.lake.door import Door
from lgdp.lake.statement import understand
from lgdp.lake.table import LakeTable
from lgdp.scratch import scratch_folder

# Once the tables are registered, nothing typed can open a file, load an extension or undo this.
_CLOSED = (
    "SET python_enable_replacements = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
_HINT = '\nA column whose name is a word of SQL needs double quotes: "at", "table", "column".'


_UNREADABLE = "reading the stream registered as"
"""How DuckDB begins to say that the rows of a registered table did not come."""


def query(door: Door, sql: str, current: Current, *, all_submissions: bool = False) -> pa.Table:
    """The result of one SELECT over tables by their names, such as `silver.ssda903.episodes`.

    Case and underscores of a table's name do not matter. Of bronze, silver, quarantine and
    `quality.failures` only the rows of current submissions are seen, unless `all_submissions`.
    UsageError when the statement is not a SELECT, names a table that is not there, or is wrong;
    LakeError, which names the file, when a file of a table can't be read.
    """
    statement = understand(sql, Catalogue(door))
    with scratch_folder("sql") as spill, duckdb.connect() as connection:
        connection.execute("SET temp_directory = $folder", {"folder": str(spill)})
        connection.execute("SET TimeZone = 'UTC'")
        for path in statement.tables:
            table = LakeTable(door, path)
            rows = table.dataset() if all_submissions else current.dataset(table)
            connection.register(path.replace("/", "."), rows)
        for setting in _CLOSED:
            connection.execute(setting)
        try:
            result: pa.Table = connection.sql(statement.sql).to_arrow_table()
        except (duckdb.IOException, duckdb.OutOfMemoryException) as cause:
            raise LakeError(f"the query could not be finished: {cause}") from cause
        except duckdb.ParserException as cause:
            raise UsageError(f"the SQL is wrong: {cause}{_HINT}") from cause
        except duckdb.Error as cause:
            if _UNREADABLE in str(cause):
                raise LakeError(f"the lake is damaged: {cause}") from cause
            raise UsageError(f"the SQL is wrong: {cause}") from cause
        return result
