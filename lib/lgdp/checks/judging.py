"""Applying rules to a workspace: which rows fail, and which of them follow from another row."""

from __future__ import annotations

from collections import defaultdict

from lgdp.checks.cast import raw
from lgdp.checks.compiled import CompiledRule, CompiledRules
from lgdp.checks.failure_book import FailureBook
from lgdp.checks.outcome import RuleCount
from lgdp.checks.query_rule import SLOT
from lgdp.checks.sql_text import literal, quoted
from lgdp.checks.workspace import Workspace
from lgdp.contracts.table import TableSpec


class Judging:
    """One submission being judged. `run` fills the failure book and the workspace's `gone` tables.

    Row rules of a table are judged in one pass over it; query rules one by one. Then critical
    query rules are applied to the rows that are left until they find nothing, each new failure
    with the row whose absence caused it; queries are counted on what is left in the end.
    """

    def __init__(
        self, space: Workspace, rules: CompiledRules, book: FailureBook, across_tables: bool
    ) -> None:
        self.space, self.rules, self.book = space, rules, book
        self.queries = [
            rule
            for rule in rules.rules
            if rule.kind == "query" and rule.table in space.bronze and across_tables
        ]
        self.found: dict[tuple[str, str], int] = defaultdict(int)
        self.silver: dict[tuple[str, str], int] = {}
        self.row_rules: dict[str, list[CompiledRule]] = {}
        space.db.execute(
            "CREATE TABLE along (tbl VARCHAR, _rid BIGINT, code VARCHAR, cause VARCHAR)"
        )

    def run(self) -> tuple[RuleCount, ...]:
        """Judge everything; the counts of the suites' row and query rules come back."""
        sent = [
            table for table in self.space.ruleset.spec.tables if table.name in self.space.bronze
        ]
        for table in sent:
            self._judge_rows(table)
        for rule in self.queries:
            hits = self._hits(rule)
            self.found[(rule.table, rule.code)] = hits
            if hits:
                self.book.add_hits(rule, None)
        removed = self._keep_out()
        while removed:
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
        self.row_rules[table.name] = rules
        if not rules:
            return
        flags = ", ".join(
            f"coalesce({self._settled(rule)}, false) AS f{index}"
            for index, rule in enumerate(rules)
        )
        any_flag = " OR ".join(f"f{index}" for index in range(len(rules)))
        texts = ", ".join(raw(name) for name in table.column_names)
        self.space.db.execute(
            f"CREATE TABLE {quoted(f'bad:{table.name}')} AS SELECT _rid, _file, _row, {texts}, "
            f"{', '.join(f'f{index}' for index in range(len(rules)))} "
            f"FROM (SELECT *, {flags} FROM {quoted(f'all:{table.name}')}) WHERE {any_flag}"
        )
        counts = self.space.db.execute(
            f"SELECT {', '.join(f'count(*) FILTER (f{index})' for index in range(len(rules)))} "
            f"FROM {quoted(f'bad:{table.name}')}"
        ).fetchone()
        for index, (rule, count) in enumerate(zip(rules, counts or (), strict=True)):
            self.found[(rule.table, rule.code)] += count
            if count:
                self.book.add_flagged(rule, f"f{index}", count)

    def _settled(self, rule: CompiledRule) -> str:
        sql = rule.sql
        for name, value in self.space.collection_values().items():
            sql = sql.replace(quoted(SLOT.format(name)), literal(value))
        return f"({sql})"

    def _hits(self, rule: CompiledRule) -> int:
        """Rows of a query rule into the table `hit`; the number of rows that the query gave."""
        self.space.db.execute(
            f"CREATE OR REPLACE TEMP TABLE hit AS SELECT _rid, count(*) AS times "
            f"FROM ({rule.sql}) GROUP BY _rid"
        )
        return self.space.count("SELECT coalesce(sum(times), 0) FROM hit")

    def _keep_out(self) -> set[str]:
        """Take what critical rules found out of sight; the tables that lost rows."""
        return {
            table.name
            for table in self.space.ruleset.spec.tables
            if table.name in self.space.bronze
            and self.space.db.execute(
                f"INSERT INTO {quoted(f'gone:{table.name}')} "
                f"SELECT DISTINCT _rid, code, NULL FROM kept_out WHERE tbl = {literal(table.name)}"
            ).fetchone()
            != (0,)
        }

    def _follow(self, removed: set[str]) -> set[str]:
        """Judge critical query rules that read a table which lost rows; the tables that lose more."""
        lost: set[str] = set()
        for rule in self.queries:
            if rule.severity != "critical" or not removed & set(rule.reads):
                continue
            if self._hits(rule):
                self._take_along(rule)
                lost.add(rule.table)
        for table in lost:
            self.space.db.execute(
                f"INSERT INTO {quoted(f'gone:{table}')} "
                f"SELECT DISTINCT _rid, code, cause FROM along WHERE tbl = {literal(table)}"
            )
        self.space.db.execute("DELETE FROM along")
        return lost

    def _take_along(self, rule: CompiledRule) -> None:
        self.book.add_hits(rule, self._cause(rule))
        self.space.db.execute(
            f"INSERT INTO along SELECT {literal(rule.table)}, h._rid, {literal(rule.code)}, c.cause "
            f"FROM hit h LEFT JOIN ({self._cause(rule)}) c USING (_rid)"
        )

    def _cause(self, rule: CompiledRule) -> str:
        """SQL giving, for each hit, the place of a row kept out that it was tied to.

        The tie is the rule's own equality with the table it reads; where it states none, the key
        columns that both tables have; failing that, the first row kept out of a table it reads.
        """
        spec = self.space.ruleset.table(rule.table)
        parts = []
        for other in rule.reads:
            links = [(mine, theirs) for mine, table, theirs in rule.links if table == other]
            if not links:
                shared = set(self.space.ruleset.table(other).column_names)
                links = [(name, name) for name in spec.key if name in shared]
            if not links:
                continue
            on = " AND ".join(f"m.{raw(mine)} = o.{raw(theirs)}" for mine, theirs in links)
            parts.append(
                f"SELECT h._rid, {literal(other + ':')} || min(o._row) AS cause FROM hit h "
                f"JOIN {quoted(f'all:{rule.table}')} m ON m._rid = h._rid "
                f"JOIN {quoted(f'all:{other}')} o ON {on} AND (o._rid <> m._rid OR "
                f"{literal(other)} <> {literal(rule.table)}) "
                f"JOIN {quoted(f'gone:{other}')} g ON g._rid = o._rid GROUP BY h._rid"
            )
        first = [
            f"(SELECT {literal(other + ':')} || min(b._row) FROM {quoted(f'bronze:{other}')} b "
            f"JOIN {quoted(f'gone:{other}')} g USING (_rid))"
            for other in rule.reads
            if other in self.space.bronze
        ]
        tied = " UNION ALL ".join(parts) or "SELECT _rid, NULL::VARCHAR AS cause FROM hit"
        return (
            f"SELECT h._rid, coalesce({', '.join(['min(t.cause)', *first])}) AS cause FROM hit h "
            f"LEFT JOIN ({tied}) t USING (_rid) GROUP BY h._rid"
        )

    def _count_on_silver(self) -> None:
        for table, rules in self.row_rules.items():
            suite = [(index, rule) for index, rule in enumerate(rules) if rule.origin == "suite"]
            if not suite:
                continue
            counts = self.space.db.execute(
                f"SELECT {', '.join(f'count(*) FILTER (f{index})' for index, _ in suite)} "
                f"FROM {quoted(f'bad:{table}')} ANTI JOIN {quoted(f'gone:{table}')} USING (_rid)"
            ).fetchone()
            for (_, rule), count in zip(suite, counts or (), strict=True):
                self.silver[(rule.table, rule.code)] = count
        touched = {
            table.name
            for table in self.space.ruleset.spec.tables
            if table.name in self.space.bronze
            and self.space.count(f"SELECT count(*) FROM {quoted(f'gone:{table.name}')}")
        }
        for rule in self.queries:
            key = (rule.table, rule.code)
            if not touched & {rule.table, *rule.reads}:
                self.silver[key] = self.found[key]
                continue
            self.silver[key] = self._hits(rule)
            if self.silver[key] and rule.severity != "critical":
                self.book.add_late_hits(rule, self._cause(rule))
