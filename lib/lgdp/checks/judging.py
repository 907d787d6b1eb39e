"""Applying rules to a workspace: which rows fail, and which of them follow from another row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lgdp.checks.causes import cause_sql
from lgdp.checks.compiled_rule import CompiledRule, CompiledRules
from lgdp.checks.failure_book import CAUSE, HIT, KEPT_OUT, FailureBook, Finding
from lgdp.checks.outcome import RuleCount
from lgdp.checks.query_judging import Hits, QueryJudging
from lgdp.checks.row_judging import RowJudging
from lgdp.checks.shared_parts import SharedParts
from lgdp.checks.sql_text import flag, literal, quoted
from lgdp.checks.workspace import Workspace
from lgdp.contracts.table import TableSpec
from lgdp.errors import RuleError

ALONG, HITS, LATER = '"judge:along"', '"judge:hits"', '"judge:later"'
"""Rows to be kept out in this round; what the queries of each rule found at first, and later."""


class Judging:
    """One submission being judged. `run` fills the failure book and the workspace's `gone` tables.

    Row rules of a table are judged in one pass over it; query rules after that. Then critical
    query rules are applied to the rows that are left until they find nothing, each new failure
    with the row whose absence caused it; queries are counted on what is left in the end.
    """

    def __init__(
        self, space: Workspace, rules: CompiledRules, book: FailureBook, across_tables: bool
    ) -> None:
        self.space, self.rules, self.book = space, rules, book
        self.sent = [table for table in space.ruleset.spec.tables if table.name in space.bronze]
        self.queries = [
            rule
            for rule in rules.rules
            if rule.kind == "query" and rule.table in space.bronze and across_tables
        ]
        self.shared = SharedParts(space, rules.parts, self.queries)
        self.judging = QueryJudging(space, self.shared, self.queries)
        self.found: dict[tuple[str, str], int] = defaultdict(int)
        self.silver: dict[tuple[str, str], int] = {}
        self.rows: dict[str, RowJudging] = {}
        space.db.execute(
            f"CREATE TABLE {ALONG} (tbl VARCHAR, _rid BIGINT, code VARCHAR, cause VARCHAR)"
        )

    @property
    def broken(self) -> list[tuple[CompiledRule, RuleError]]:
        """The rules that can't be applied to this data, and why; one may come twice."""
        rows = (broken for judged in self.rows.values() for broken in judged.broken)
        return [*rows, *self.judging.broken]

    def run(self) -> tuple[RuleCount, ...]:
        """Judge everything; the counts of the suites' row and query rules come back."""
        flagged = [each for table in self.sent for each in self._judge_rows(table)]
        self.book.add_found([*flagged, *self._judge_queries()])
        broken = [rule for rule, _ in self.broken]
        self.queries = [rule for rule in self.queries if rule not in broken]
        removed = self._keep_out()
        while removed:
            self.shared.forget()
            self.space.hide_gone(removed)
            removed = self._follow(removed)
        self._count_on_silver()
        return tuple(
            RuleCount(
                table=rule.table,
                code=rule.code,
                severity=rule.severity,
                found=self.found[(rule.table, rule.code)],
                silver=self.silver.get((rule.table, rule.code), 0),
            )
            for rule in self.rules.rules
            if rule.origin == "suite" and rule.kind != "count"
        )

    def _judge_rows(self, table: TableSpec) -> Iterator[Finding]:
        rules = [rule for rule in self.rules.of(table.name) if rule.kind == "row"]
        rows = self.rows[table.name] = RowJudging(self.space, table, rules)
        counts = rows.run()
        for index, (rule, count) in enumerate(zip(rows.rules, counts, strict=True)):
            if rule.origin == "suite":
                self.found[(rule.table, rule.code)] = count
            if count:
                source = f"{quoted(f'bad:{table.name}')} WHERE {flag(index)}"
                yield Finding(rule, count, source)

    def _judge_queries(self) -> Iterator[Finding]:
        for hits in self.judging.find(self.queries, HITS):
            self.found[(hits.rule.table, hits.rule.code)] = hits.given
            yield Finding(hits.rule, hits.rows, f"{HITS} WHERE rule = {hits.number}")

    def _keep_out(self) -> set[str]:
        """Take what critical rules found out of sight; the tables that lost rows."""
        return {
            table.name
            for table in self.sent
            if table.name in self.book.kept_out
            and self.space.count(
                f"INSERT INTO {quoted(f'gone:{table.name}')} "
                f"SELECT DISTINCT _rid, code, NULL FROM {KEPT_OUT} "
                f"WHERE tbl = {literal(table.name)}"
            )
        }

    def _follow(self, removed: set[str]) -> set[str]:
        """Judge critical query rules that read a table which lost rows; which lose some now."""
        lost: set[str] = set()
        affected = (
            rule
            for rule in self.queries
            if rule.severity == "critical" and removed & set(rule.reads)
        )
        for found in self.judging.find(affected, LATER):
            self._pick(found)
            self._take_along(found.rule, found.rows)
            lost.add(found.rule.table)
        for table in lost:
            self.space.db.execute(
                f"INSERT INTO {quoted(f'gone:{table}')} "
                f"SELECT DISTINCT _rid, code, cause FROM {ALONG} WHERE tbl = {literal(table)}"
            )
        self.space.db.execute(f"DELETE FROM {ALONG}")
        return lost

    def _pick(self, found: Hits) -> None:
        """The rows that one rule found later, into `HIT`."""
        self.space.db.execute(
            f"CREATE OR REPLACE TABLE {HIT} AS "
            f"SELECT _rid, times FROM {LATER} WHERE rule = {found.number}"
        )

    def _take_along(self, rule: CompiledRule, rows: int) -> None:
        cause = cause_sql(rule, self.space)
        self.book.add_hits(rule, rows, cause)
        self.space.db.execute(
            f"INSERT INTO {ALONG} SELECT {literal(rule.table)}, _rid, {literal(rule.code)}, "
            f"{CAUSE} FROM ({cause})"
        )

    def _count_on_silver(self) -> None:
        touched = self.space.lost
        for table, rows in self.rows.items():
            if table not in touched:
                self.silver |= {key: count for key, count in self.found.items() if key[0] == table}
                continue
            left = rows.count(f"ANTI JOIN {quoted(f'gone:{table}')} USING (_rid)")
            for rule, count in zip(rows.rules, left, strict=True):
                if rule.origin == "suite":
                    self.silver[(rule.table, rule.code)] = count
        again = []
        for rule in self.queries:
            key = (rule.table, rule.code)
            self.silver[key] = self.found[key]
            if rule.severity == "critical" and not rule.reads:
                # All it found was kept out, and where no other row counts, nothing comes up.
                self.silver[key] = 0
            # Losing rows of its own takes hits from a rule, losing those it reads may add some.
            elif touched & set(rule.reads) or (self.found[key] and rule.table in touched):
                self.silver[key] = 0
                again.append(rule)
        for found in self.judging.find(again, LATER):
            rule = found.rule
            self.silver[(rule.table, rule.code)] = found.given
            if rule.severity != "critical" and rule.reads:
                self._pick(found)
                self._add_late(found)

    def _add_late(self, found: Hits) -> None:
        """Queries that came up only once other rows were kept out."""
        self.space.db.execute(
            f"DELETE FROM {HIT} WHERE _rid IN (SELECT _rid FROM {HITS} WHERE rule = {found.number})"
        )
        rows = self.space.count(f"SELECT count(*) FROM {HIT}")
        if rows:
            self.book.add_hits(found.rule, rows, cause_sql(found.rule, self.space))
