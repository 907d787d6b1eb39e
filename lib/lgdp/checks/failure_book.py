"""The failures of one submission, gathered in DuckDB and written as one Parquet file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from lgdp.checks.cast import raw
from lgdp.checks.compiled_rule import CompiledRule
from lgdp.checks.sql_text import literal, quoted
from lgdp.checks.task import FileNote
from lgdp.checks.workspace import Workspace

FAILURES, KEPT_OUT = '"book:failures"', '"book:kept_out"'
CAUSE, HIT = '"judge:cause"', '"judge:hit"'
"""What a row followed from; rows that the rule being judged found: row id, and how often."""


class FailureBook:
    """Keeps the first `most` failures of each rule, one row each, and counts them all.

    `KEPT_OUT` in the workspace holds every row that a critical rule found, beyond `most` too.
    """

    def __init__(self, space: Workspace, submission: str, most: int) -> None:
        self.space, self.submission, self.most = space, submission, most
        self.counts: dict[str, int] = {"critical": 0, "warning": 0, "info": 0}
        self._written: Counter[tuple[str, str]] = Counter()
        space.db.execute(
            f"CREATE TABLE {FAILURES} (tbl VARCHAR, file VARCHAR, row_number BIGINT, key VARCHAR, "
            "code VARCHAR, severity VARCHAR, col VARCHAR, value VARCHAR, message VARCHAR, "
            "cause VARCHAR)"
        )
        space.db.execute(f"CREATE TABLE {KEPT_OUT} (tbl VARCHAR, _rid BIGINT, code VARCHAR)")

    def begin(self, submission: str) -> None:
        """Forget everything and go on with another submission."""
        self.submission = submission
        self.counts = dict.fromkeys(self.counts, 0)
        self._written.clear()
        for table in (FAILURES, KEPT_OUT):
            self.space.db.execute(f"DELETE FROM {table}")

    def add_note(self, note: FileNote) -> None:
        """A statement about a file or a table as a whole."""
        self.counts[note.severity] += 1
        self.space.db.execute(
            f"INSERT INTO {FAILURES} VALUES (?, ?, ?, NULL, ?, ?, ?, NULL, ?, NULL)",
            [note.table, note.file, note.row, note.code, note.severity, note.column, note.message],
        )

    def add_defects(self, table: str, messages: Mapping[str, str]) -> None:
        """Records with a structural defect; each kind has its message."""
        bronze = quoted(f"bronze:{table}")
        found = self.space.db.execute(
            f"SELECT _defect, count(*) FROM {bronze} WHERE _defect IS NOT NULL "
            "GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        for code, count in found:
            self.counts["critical"] += count
            self._insert(
                (table, code),
                count,
                f"SELECT {literal(table)}, _file, _row, NULL, _defect, 'critical', NULL, NULL, "
                f"{literal(messages[code])}, NULL FROM {bronze} WHERE _defect = {literal(code)}",
            )
        if found:
            self.space.db.execute(
                f"INSERT INTO {KEPT_OUT} SELECT {literal(table)}, _rid, _defect FROM {bronze} "
                f"WHERE _defect IS NOT NULL"
            )

    def add_flagged(self, rule: CompiledRule, flag: str, count: int) -> None:
        """Rows that a row rule flagged, from the table's `bad:` relation."""
        source = f"{quoted(f'bad:{rule.table}')} WHERE {flag}"
        self._add(rule, count, source, "NULL")
        if rule.severity == "critical":
            self._keep_out(rule, source)

    def add_hits(self, rule: CompiledRule, count: int, cause: str | None = None) -> None:
        """The `count` rows in `HIT`; with `cause`, each as a consequence of the row it names."""
        source = f"{quoted(f'all:{rule.table}')} SEMI JOIN {HIT} USING (_rid)"
        if cause is not None:
            source = f"({source}) LEFT JOIN ({cause}) USING (_rid)"
        self._add(rule, count, source, "NULL" if cause is None else CAUSE)
        if rule.severity == "critical" and cause is None:
            self._keep_out(rule, HIT)

    def write(self, path: Path, ruleset: str) -> int:
        """Write all failures, ordered by table, file, row and code; how many."""
        return self.space.count(
            f"COPY (SELECT {literal(self.submission)} AS submission, "
            f'{literal(ruleset)} AS ruleset, tbl AS "table", file, row_number AS row, key, code, '
            'severity, col AS "column", value, message, cause AS consequence_of '
            f"FROM {FAILURES} "
            "ORDER BY tbl NULLS FIRST, file NULLS FIRST, row_number NULLS FIRST, code, col, cause) "
            f"TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)"
        )

    def _add(self, rule: CompiledRule, count: int, source: str, cause: str) -> None:
        self.counts[rule.severity] += count
        spec = self.space.ruleset.table(rule.table)
        key = ", ".join(raw(name) for name in spec.key)
        value = raw(rule.column) if rule.column in spec.column_names else "NULL"
        message = literal(rule.message)
        if "{value}" in rule.message:
            message = f"replace({message}, '{{value}}', coalesce({value}, ''))"
        self._insert(
            (rule.table, f"{rule.origin} {rule.code} {rule.column}"),
            count,
            f"SELECT {literal(rule.table)}, _file, _row, concat_ws('|', {key}), "
            f"{literal(rule.code)}, {literal(rule.severity)}, {literal(rule.column)}, {value}, "
            f"{message}, {cause} FROM {source}",
        )

    def _insert(self, rule: tuple[str, str], count: int, select: str) -> None:
        left = self.most - self._written[rule]
        if left > 0:
            self._written[rule] += min(count, left)
            self.space.db.execute(f"INSERT INTO {FAILURES} {select} LIMIT {left}")

    def _keep_out(self, rule: CompiledRule, source: str) -> None:
        self.space.db.execute(
            f"INSERT INTO {KEPT_OUT} SELECT {literal(rule.table)}, _rid, {literal(rule.code)} "
            f"FROM {source}"
        )
