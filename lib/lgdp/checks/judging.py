"""Applying rules to a workspace: which rows fail, and which of them follow from another row."""

from __future__ import annotations

from collections import defaultdict

from lgdp.checks.causes import cause_sql
from lgdp.checks.compiled_rule import CompiledRule, CompiledRules, suite_file
from lgdp.checks.failure_book import CAUSE, HIT, KEPT_OUT, FailureBook
from lgdp.checks.outcome import RuleCount
from lgdp.checks.row_judging import RowJudging
from lgdp.checks.rule_run import run_rule
from lgdp.checks.shared_parts import SharedParts
from lgdp.checks.sql_text import flag, literal, quoted
from lgdp.checks.workspace import Workspace
from lgdp.contracts.table import TableSpec
from lgdp.errors import ConfigurationError, Problem, RuleError

ALONG, HITS = '"judge:along"', '"judge:hits"'
"""Rows to be kept out in this round, and rows that the queries of each rule found at first."""


class Judging:
    """One submission being judged. `run` fills the failure book and the workspace's `gone` tables.

    Row rules of a table are judged in one pass over it; query rules one by one. Then critical
    query rules are applied to the rows that are left until they find nothing, each new failure
    with the row whose absence caused it; queries are counted on what is left in the end.
    `broken` are the rules that can't be applied to this data, with the reason.
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
        self.broken: list[tuple[CompiledRule, RuleError]] = []
        self.found: dict[tuple[str, str], int] = defaultdict(int)
        self.silver: dict[tuple[str, str], int] = {}
        self.rows: dict[str, RowJudging] = {}
        self.numbers: dict[CompiledRule, int] = {}
        space.db.execute(
            f"CREATE TABLE {ALONG} (tbl VARCHAR, _rid BIGINT, code VARCHAR, cause VARCHAR)"
        )
        space.db.execute(f"CREATE TABLE {HITS} (rule INTEGER, _rid BIGINT, times BIGINT)")

    def run(self) -> tuple[RuleCount, ...]:
        """Judge everything; the counts of the suites' row and query rules come back."""
        for table in self.sent:
            self._judge_rows(table)
        for number, rule in enumerate(self.queries):
            self._judge_query(number, rule)
        self._settle_queries()
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

    def _judge_rows(self, table: TableSpec) -> None:
        rules = [rule for rule in self.rules.of(table.name) if rule.kind == "row"]
        rows = self.rows[table.name] = RowJudging(self.space, table, rules)
        counts = rows.run()
        self.broken += rows.broken
        for index, (rule, count) in enumerate(zip(rows.rules, counts, strict=True)):
            if rule.origin == "suite":
                self.found[(rule.table, rule.code)] = count
            if count:
                self.book.add_flagged(rule, flag(index), count)

    def _judge_query(self, number: int, rule: CompiledRule) -> None:
        """Rows of a query rule into `HITS`: one statement each, for planning it takes longest."""
        self.numbers[rule] = number
        add = (
            f"INSERT INTO {HITS} SELECT {number}, _rid, count(*) "
            f"FROM ({self.shared.sql_of(rule)}) GROUP BY _rid"
        )
        try:
            run_rule(self.space.ruleset.return_name, rule, lambda: self.space.count(add))
        except RuleError as error:
            self.broken.append((rule, error))

    def _settle_queries(self) -> None:
        """What the query rules found, counted and put into the book."""
        found = self.space.db.execute(
            f"SELECT rule, sum(times), count(*), count(_rid) FROM {HITS} "
            "GROUP BY rule ORDER BY rule"
        ).fetchall()
        for number, given, rows, of_the_table in found:
            rule = self.queries[number]
            self._require_own_rows(rule, rows, of_the_table)
            self.found[(rule.table, rule.code)] = int(given)
            self.book.add_found(rule, rows, f"{HITS} WHERE rule = {number}")

    def _hits(self, rule: CompiledRule) -> tuple[int, int]:
        """Rows of a query rule into `HIT`; how many the query gave, and how many different ones."""
        try:
            made = run_rule(self.space.ruleset.return_name, rule, lambda: self._make_hits(rule))
        except RuleError as error:
            self.broken.append((rule, error))
            return 0, 0
        if not made:
            return 0, 0
        found = self.space.db.execute(
            f"SELECT coalesce(sum(times), 0), count(*), count(_rid) FROM {HIT}"
        ).fetchone()
        given, rows, of_the_table = found or (0, 0, 0)
        self._require_own_rows(rule, rows, of_the_table)
        return int(given), int(rows)

    def _require_own_rows(self, rule: CompiledRule, rows: int, of_the_table: int) -> None:
        if rows != of_the_table:
            message = "the query gives rows that are not rows of {batch} (an outer join?)"
            file = suite_file(self.space.ruleset.return_name, rule.table)
            raise ConfigurationError([Problem(file, rule.code, message)])

    def _make_hits(self, rule: CompiledRule) -> int:
        return self.space.count(
            f"CREATE OR REPLACE TEMP TABLE {HIT} AS SELECT _rid, count(*) AS times "
            f"FROM ({self.shared.sql_of(rule)}) GROUP BY _rid"
        )

    def _keep_out(self) -> set[str]:
        """Take what critical rules found out of sight; the tables that lost rows."""
        return {
            table.name
            for table in self.sent
            if self.space.db.execute(
                f"INSERT INTO {quoted(f'gone:{table.name}')} "
                f"SELECT DISTINCT _rid, code, NULL FROM {KEPT_OUT} "
                f"WHERE tbl = {literal(table.name)}"
            ).fetchone()
            != (0,)
        }

    def _follow(self, removed: set[str]) -> set[str]:
        """Judge critical query rules that read a table which lost rows; which lose some now."""
        lost: set[str] = set()
        for rule in self.queries:
            if rule.severity != "critical" or not removed & set(rule.reads):
                continue
            hits, rows = self._hits(rule)
            if hits:
                self._take_along(rule, rows)
                lost.add(rule.table)
        for table in lost:
            self.space.db.execute(
                f"INSERT INTO {quoted(f'gone:{table}')} "
                f"SELECT DISTINCT _rid, code, cause FROM {ALONG} WHERE tbl = {literal(table)}"
            )
        self.space.db.execute(f"DELETE FROM {ALONG}")
        return lost

    def _take_along(self, rule: CompiledRule, rows: int) -> None:
        cause = cause_sql(rule, self.space)
        self.book.add_hits(rule, rows, cause)
        self.space.db.execute(
            f"INSERT INTO {ALONG} SELECT {literal(rule.table)}, _rid, {literal(rule.code)}, "
            f"{CAUSE} FROM ({cause})"
        )

    def _count_on_silver(self) -> None:
        touched = {
            table.name
            for table in self.sent
            if self.space.count(f"SELECT count(*) FROM {quoted(f'gone:{table.name}')}")
        }
        for table, rows in self.rows.items():
            if table not in touched:
                self.silver |= {key: count for key, count in self.found.items() if key[0] == table}
                continue
            left = rows.count(f"ANTI JOIN {quoted(f'gone:{table}')} USING (_rid)")
            for rule, count in zip(rows.rules, left, strict=True):
                if rule.origin == "suite":
                    self.silver[(rule.table, rule.code)] = count
        for rule in self.queries:
            key = (rule.table, rule.code)
            self.silver[key] = self.found[key]
            if rule.severity == "critical" and not rule.reads:
                # All it found was kept out, and where no other row counts, nothing comes up.
                self.silver[key] = 0
                continue
            # Losing rows of its own takes hits from a rule, losing those it reads may add some.
            if touched & set(rule.reads) or (self.found[key] and rule.table in touched):
                self.silver[key], _ = self._hits(rule)
                if self.silver[key] and rule.severity != "critical" and rule.reads:
                    self._add_late(rule)

    def _add_late(self, rule: CompiledRule) -> None:
        """Queries that came up only once other rows were kept out."""
        self.space.db.execute(
            f"DELETE FROM {HIT} WHERE _rid IN (SELECT _rid FROM {HITS} "
            f"WHERE rule = {self.numbers[rule]})"
        )
        rows = self.space.count(f"SELECT count(*) FROM {HIT}")
        if rows:
            self.book.add_hits(rule, rows, cause_sql(rule, self.space))
