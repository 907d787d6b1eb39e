"""The failures of one submission, gathered in DuckDB and written as one Parquet file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lgdp.checks.cast import raw
from lgdp.checks.compiled_rule import CompiledRule
from lgdp.checks.parquet import PARQUET
from lgdp.checks.sql_text import literal, quoted
from lgdp.checks.task import FileNote
from lgdp.checks.workspace import Workspace

FAILURES, FOUND, KEPT_OUT = '"book:failures"', '"book:found"', '"book:kept_out"'
CAUSE, HIT = '"judge:cause"', '"judge:hit"'
"""What a row followed from; rows that the rule being judged found: row id, and how often."""


@dataclass(frozen=True)
class Finding:
    """The `count` rows that a rule found; `source` is a relation with their `_rid`."""

    rule: CompiledRule
    count: int
    source: str


class FailureBook:
    """Keeps the first `most` failures of each rule, one row each, and counts them all.

    `KEPT_OUT` in the workspace holds every row that a critical rule found, beyond `most` too;
    `kept_out` are the tables that they are of.
    """

    def __init__(self, space: Workspace, submission: str, most: int) -> None:
        self.space, self.submission, self.most = space, submission, most
        self.counts: dict[str, int] = {"critical": 0, "warning": 0, "info": 0}
        self.kept_out: set[str] = set()
        self._written: Counter[tuple[str, str]] = Counter()
        self._rules: dict[tuple[str, str], CompiledRule] = {}
        space.db.execute(
            f"CREATE TABLE {FAILURES} (tbl VARCHAR, file VARCHAR, row_number BIGINT, key VARCHAR, "
            "code VARCHAR, severity VARCHAR, col VARCHAR, value VARCHAR, cause VARCHAR, "
            "rule INTEGER, message VARCHAR)"
        )
        space.db.execute(f"CREATE TABLE {FOUND} (rule INTEGER, _rid BIGINT)")
        space.db.execute(f"CREATE TABLE {KEPT_OUT} (tbl VARCHAR, _rid BIGINT, code VARCHAR)")

    def begin(self, submission: str) -> None:
        """Forget everything and go on with another submission."""
        self.submission = submission
        self.counts = dict.fromkeys(self.counts, 0)
        self.kept_out.clear()
        self._written.clear()
        for table in (FAILURES, FOUND, KEPT_OUT):
            self.space.db.execute(f"DELETE FROM {table}")

    def add_note(self, note: FileNote) -> None:
        """A statement about a file or a table as a whole."""
        self.counts[note.severity] += 1
        self.space.db.execute(
            f"INSERT INTO {FAILURES} VALUES (?, ?, ?, NULL, ?, ?, ?, NULL, NULL, NULL, ?)",
            [note.table, note.file, note.row, note.code, note.severity, note.column, note.message],
        )

    def add_defects(self, table: str, messages: Mapping[str, str]) -> None:
        """Records with a structural defect; each kind has its message."""
        bronze = self.space.sent(table)
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
                f"NULL, NULL, {literal(messages[code])} FROM {bronze} "
                f"WHERE _defect = {literal(code)}",
            )
        if found:
            self.kept_out.add(table)
            self.space.db.execute(
                f"INSERT INTO {KEPT_OUT} SELECT {literal(table)}, _rid, _defect FROM {bronze} "
                f"WHERE _defect IS NOT NULL"
            )

    def add_hits(self, rule: CompiledRule, count: int, cause: str) -> None:
        """The `count` rows in `HIT`, each as a consequence of the row that `cause` names."""
        self.counts[rule.severity] += count
        found = f"(SELECT {self._number(rule)} AS rule, _rid FROM {HIT})"
        select = self._described(rule.table, [rule], found, f"LEFT JOIN ({cause}) c USING (_rid)")
        self._insert(_name(rule), count, select)

    def write(self, path: Path, ruleset: str) -> int:
        """Write all failures, ordered by table, file, row and code; how many.

        Rules put their messages in when the order is made, which long texts would make slow.
        """
        noted = " UNION ALL ".join([f"FROM {FAILURES}", *self._of_found()])
        return self.space.count(
            f"COPY (SELECT {literal(self.submission)} AS submission, "
            f'{literal(ruleset)} AS ruleset, tbl AS "table", file, row_number AS row, key, code, '
            f'severity, col AS "column", value, {self._message()} AS message, '
            f"cause AS consequence_of FROM ({noted} ORDER BY "
            "tbl NULLS FIRST, file NULLS FIRST, row_number NULLS FIRST, code, col, cause)) "
            f"TO {literal(str(path))} ({PARQUET})"
        )

    def add_found(self, findings: Sequence[Finding]) -> None:
        """Note the rows that rules found.

        What there is to say of each is put together in the end.
        """
        kept, out = [], []
        for each in findings:
            rule = each.rule
            self.counts[rule.severity] += each.count
            left = self._left(_name(rule), each.count)
            some = f" LIMIT {left}" if left < each.count else ""
            if left:
                kept.append(f"(SELECT {self._number(rule)}, _rid FROM {each.source}{some})")
            if rule.severity == "critical":
                self.kept_out.add(rule.table)
                out.append(
                    f"SELECT {literal(rule.table)}, _rid, {literal(rule.code)} FROM {each.source}"
                )
        for table, selects in ((FOUND, kept), (KEPT_OUT, out)):
            if selects:
                self.space.db.execute(f"INSERT INTO {table} {' UNION ALL '.join(selects)}")

    def _message(self) -> str:
        """What is said of a failure: a note's own message, or its rule's with the value in it."""
        if not self._rules:
            return "message"
        texts = ", ".join(literal(rule.message) for rule in self._rules.values())
        filled = f"replace([{texts}][rule + 1], '{{value}}', coalesce(value, ''))"
        return f"coalesce(message, {filled})"

    def _of_found(self) -> Iterator[str]:
        """Failures of all rows found, table by table: a query costs more to plan than to run."""
        tables: dict[str, list[CompiledRule]] = {}
        for rule in self._rules.values():
            tables.setdefault(rule.table, []).append(rule)
        for table, rules in tables.items():
            yield self._described(table, rules, FOUND, "")

    def _described(self, table: str, rules: Sequence[CompiledRule], found: str, joined: str) -> str:
        """The failures of rules of one table: `found` has numbers of rules and row ids."""
        spec = self.space.ruleset.table(table)
        key = ", ".join(f"t.{raw(name)}" for name in spec.key)
        columns = sorted({rule.column for rule in rules if rule.column in spec.column_names})
        values = " ".join(f"WHEN {literal(name)} THEN t.{raw(name)}" for name in columns)
        value = f"CASE r.col {values} END" if values else "NULL::VARCHAR"
        facts = ", ".join(
            f"({self._number(rule)}, {literal(rule.code)}, {literal(rule.severity)}, "
            f"{literal(rule.column)})"
            for rule in rules
        )
        return (
            f"SELECT {literal(table)}, t._file, t._row, concat_ws('|', {key}), r.code, r.severity, "
            f"r.col, {value}, {f'c.{CAUSE}' if joined else 'NULL'}, rule, NULL FROM {found} f "
            f"JOIN (VALUES {facts}) r(rule, code, severity, col) USING (rule) "
            f"JOIN {quoted(f'all:{table}')} t USING (_rid) {joined}"
        )

    def _number(self, rule: CompiledRule) -> int:
        """The place of a rule among those that found anything."""
        name = _name(rule)
        self._rules.setdefault(name, rule)
        return list(self._rules).index(name)

    def _left(self, rule: tuple[str, str], count: int) -> int:
        """How many of `count` failures of a rule may still be kept."""
        left = min(count, self.most - self._written[rule])
        self._written[rule] += left
        return left

    def _insert(self, rule: tuple[str, str], count: int, select: str) -> None:
        left = self._left(rule, count)
        if left:
            self.space.db.execute(f"INSERT INTO {FAILURES} {select} LIMIT {left}")


def _name(rule: CompiledRule) -> tuple[str, str]:
    """What tells a rule from all others: one code may be a contract's of several columns."""
    return rule.table, f"{rule.origin} {rule.code} {rule.column}"
