"""The failures of one submission, gathered in DuckDB and written as one Parquet file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lgdp.checks.cast import raw
from lgdp.checks.compiled import CompiledRule
from lgdp.checks.outcome import FAILURE_SCHEMA
from lgdp.checks.sql_text import literal, quoted
from lgdp.checks.task import FileNote
from lgdp.checks.workspace import Workspace

COLUMNS = FAILURE_SCHEMA.names


class FailureBook:
    """Keeps the first `most` failures of each rule, one row each, and counts them all.

    `kept_out` in the workspace holds every row that a critical rule found, beyond `most` too.
    """

    def __init__(self, space: Workspace, submission: str, most: int) -> None:
        self.space, self.submission, self.most = space, submission, most
        self.counts: dict[str, int] = {"critical": 0, "warning": 0, "info": 0}
        space.db.execute(
            "CREATE TABLE failures (tbl VARCHAR, file VARCHAR, row_number BIGINT, key VARCHAR, "
            "code VARCHAR, severity VARCHAR, col VARCHAR, value VARCHAR, message VARCHAR, "
            "cause VARCHAR, _rid BIGINT)"
        )
        space.db.execute("CREATE TABLE kept_out (tbl VARCHAR, _rid BIGINT, code VARCHAR)")

    def add_note(self, note: FileNote) -> None:
        """A statement about a file or a table as a whole."""
        self.counts[note.severity] += 1
        self.space.db.execute(
            "INSERT INTO failures VALUES (?, ?, ?, NULL, ?, ?, ?, NULL, ?, NULL, NULL)",
            [note.table, note.file, note.row, note.code, note.severity, note.column, note.message],
        )

    def add_defects(self, table: str, messages: dict[str, str]) -> None:
        """Records with a structural defect; each kind has its message."""
        bronze = quoted(f"bronze:{table}")
        message = " ".join(
            f"WHEN {literal(code)} THEN {literal(text)}" for code, text in messages.items()
        )
        self._insert(
            f"SELECT {literal(table)}, _file, _row, NULL, _defect, 'critical', NULL, NULL, "
            f"CASE _defect {message} END, NULL, _rid FROM {bronze} WHERE _defect IS NOT NULL",
        )
        self.space.db.execute(
            f"INSERT INTO kept_out SELECT {literal(table)}, _rid, _defect FROM {bronze} "
            f"WHERE _defect IS NOT NULL"
        )
        self.counts["critical"] += self.space.count(
            f"SELECT count(*) FROM {bronze} WHERE _defect IS NOT NULL"
        )

    def add_flagged(self, rule: CompiledRule, flag: str, count: int) -> None:
        """Rows that a row rule flagged, from the table's `bad:` relation."""
        source = f"{quoted(f'bad:{rule.table}')} WHERE {flag}"
        self.counts[rule.severity] += count
        self._insert(self._selected(rule, source, "NULL"))
        if rule.severity == "critical":
            self.space.db.execute(
                f"INSERT INTO kept_out SELECT {literal(rule.table)}, _rid, {literal(rule.code)} "
                f"FROM {source}"
            )

    def add_hits(self, rule: CompiledRule, cause: str | None) -> None:
        """Rows in `hit`; with `cause`, each as a consequence of the row that it names."""
        self.counts[rule.severity] += self.space.count("SELECT count(*) FROM hit")
        source = f"{quoted(f'all:{rule.table}')} SEMI JOIN hit USING (_rid)"
        if cause is not None:
            source = f"({source}) LEFT JOIN ({cause}) USING (_rid)"
        self._insert(self._selected(rule, source, "NULL" if cause is None else "cause"))
        if rule.severity == "critical" and cause is None:
            self.space.db.execute(
                f"INSERT INTO kept_out SELECT {literal(rule.table)}, _rid, {literal(rule.code)} "
                f"FROM hit"
            )

    def add_late_hits(self, rule: CompiledRule, cause: str) -> None:
        """Queries that came up only once other rows were kept out."""
        self.space.db.execute(
            f"DELETE FROM hit WHERE _rid IN (SELECT _rid FROM failures "
            f"WHERE tbl = {literal(rule.table)} AND code = {literal(rule.code)})"
        )
        self.add_hits(rule, cause)

    def write(self, path: Path, ruleset: str) -> int:
        """Write all failures, ordered by table, file, row and code; how many."""
        return self.space.count(
            f"COPY (SELECT {literal(self.submission)} AS submission, {literal(ruleset)} AS ruleset, "
            'tbl AS "table", file, row_number AS row, key, code, severity, col AS "column", value, '
            "message, cause AS consequence_of FROM failures "
            "ORDER BY tbl NULLS FIRST, file NULLS FIRST, row_number NULLS FIRST, code, col) "
            f"TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)"
        )

    def _selected(self, rule: CompiledRule, source: str, cause: str) -> str:
        spec = self.space.ruleset.table(rule.table)
        key = ", ".join(raw(name) for name in spec.key)
        value = raw(rule.column) if rule.column in spec.column_names else "NULL"
        message = f"replace({literal(rule.message)}, '{{value}}', coalesce({value}, ''))"
        return (
            f"SELECT {literal(rule.table)}, _file, _row, concat_ws('|', {key}), "
            f"{literal(rule.code)}, {literal(rule.severity)}, {literal(rule.column)}, {value}, "
            f"{message}, {cause}, _rid FROM {source}"
        )

    def _insert(self, select: str) -> None:
        self.space.db.execute(f"INSERT INTO failures {select} LIMIT {self.most}")


def note_texts(notes: Iterable[FileNote]) -> list[str]:
    """The messages of notes that refuse something, for a one-line reason."""
    return [f"{note.code}: {note.message}" for note in notes if note.severity == "critical"]
