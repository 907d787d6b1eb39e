"""The Parquet files of a checked submission: silver, and quarantine as sent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lgdp.checks.outcome import TableCounts
from lgdp.checks.parquet import PARQUET
from lgdp.checks.sql_text import flag, literal, quoted
from lgdp.checks.task import CheckTask
from lgdp.checks.workspace import Workspace
from lgdp.contracts.table import TableSpec
from lgdp.errors import RowsLost


class SubmissionFiles:
    """Writes the files of each table. `refusals` are codes that keep everything out of silver.

    `silver` and `quarantine` hold the paths of files that have a row. Where files are not `wanted`,
    their rows are counted and not written.
    """

    def __init__(
        self,
        space: Workspace,
        scratch: Path,
        task: CheckTask,
        refusals: Sequence[str],
        wanted: bool,
    ) -> None:
        self._wanted = wanted
        self._space, self._scratch, self._task = space, scratch, task
        self._refusals = sorted(set(refusals))
        self.silver: dict[str, Path] = {}
        self.quarantine: dict[str, Path] = {}

    def write(self, table: TableSpec, rows: int) -> TableCounts:
        """Write one table's; RowsLost if its `rows` are not all in one file or the other."""
        good_path = self._scratch / f"{table.name}.silver.parquet"
        bad_path = self._scratch / f"{table.name}.quarantine.parquet"
        good = 0 if self._refusals else self._good_rows(table, good_path)
        codes = self._codes(table)
        bad = self._copy(self._bad(table, codes), bad_path) if codes else 0
        if good + bad != rows:
            raise RowsLost(
                f"{self._task.submission} {table.name}: {rows} rows came in, {good} silver and "
                f"{bad} quarantined came out"
            )
        if good and self._wanted:
            self.silver[table.name] = good_path
        if bad and self._wanted:
            self.quarantine[table.name] = bad_path
        return TableCounts(rows=rows, silver=good, quarantine=bad)

    def _good_rows(self, table: TableSpec, path: Path) -> int:
        if self._wanted:
            return self._copy(self._good(table), path)
        return self._space.rows_left(table.name)

    @property
    def _ruleset(self) -> str:
        return f"{literal(self._task.ruleset.id)} AS _ruleset"

    def _good(self, table: TableSpec) -> str:
        return f"SELECT *, {self._ruleset} FROM ({self._space.silver_rows(table)})"

    def _bad(self, table: TableSpec, codes: Sequence[str]) -> str:
        """Rows with each of these codes that is theirs.

        A flag for each code, not a list of codes by row: lists can't be spilled.
        """
        flags = [code for code in codes if code not in self._refusals]
        texts = ", ".join(
            literal(code)
            if code in self._refusals
            else f"CASE WHEN {flag(flags.index(code))} THEN {literal(code)} END"
            for code in codes
        )
        source = f"{self._space.sent(table.name)} b"
        if flags:
            ors = ", ".join(
                f"bool_or(code = {literal(code)}) AS {flag(index)}"
                for index, code in enumerate(flags)
            )
            gone = quoted(f"gone:{table.name}")
            side = "LEFT " if self._refusals else ""
            source += f" {side}JOIN (SELECT _rid, {ors} FROM {gone} GROUP BY _rid) g USING (_rid)"
        return (
            f"SELECT b.* EXCLUDE _rid, list_filter([{texts}], lambda code: code IS NOT NULL) "
            f"AS _codes, {self._ruleset} FROM {source} ORDER BY _file, _row"
        )

    def _codes(self, table: TableSpec) -> list[str]:
        if table.name not in self._space.lost:
            return self._refusals
        found = self._space.db.execute(
            f"SELECT DISTINCT code FROM {quoted(f'gone:{table.name}')}"
        ).fetchall()
        return sorted({*self._refusals, *(code for (code,) in found)})

    def _copy(self, select: str, path: Path) -> int:
        if not self._wanted:
            return self._space.count(f"SELECT count(*) FROM ({select})")
        return self._space.count(f"COPY ({select}) TO {literal(str(path))} ({PARQUET})")
