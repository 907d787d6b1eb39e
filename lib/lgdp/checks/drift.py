"""What has drifted since the period before: queries about a table as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from lgdp.checks.compiled_rule import PREVIOUS
from lgdp.checks.sql_text import quoted
from lgdp.checks.task import FileNote
from lgdp.checks.workspace import Workspace
from lgdp.contracts.table import TableSpec


def find_drift(space: Workspace) -> Iterator[FileNote]:
    """One query for each limit that a table's silver rows are beyond.

    Compared are the rows that the council's last accepted submission of the period before left in
    silver; where there are none, there is nothing to compare with.
    """
    for table in space.ruleset.spec.tables:
        if table.drift is not None and table.name in space.bronze:
            yield from _TableDrift(space, table).find()


class _TableDrift:
    def __init__(self, space: Workspace, table: TableSpec) -> None:
        self._space, self._table = space, table
        self._now, self._before = quoted(table.name), quoted(f"previous_{table.name}")

    def find(self) -> Iterator[FileNote]:
        drift = self._table.drift
        if drift is None or PREVIOUS + self._table.name in self._space.empty:
            return
        now, before = self._space.rows_left(self._table.name), self._rows(self._before)
        if not before:
            return
        if drift.rows is not None and abs(now - before) > drift.rows * before:
            change = f"{abs(now - before) / before:.0%} {'more' if now > before else 'fewer'}"
            yield self._query(
                "ROW_DRIFT",
                f"There are {now:,} rows, {change} than the {before:,} of the period before; say "
                "why, or send what is missing.",
            )
        if not now:
            return
        for column, limit in drift.blank.items():
            yield from self._blank(column, limit)
        for column, limit in drift.codes.items():
            yield from self._codes(column, limit)

    def _rows(self, relation: str) -> int:
        return self._space.count(f"SELECT count(*) FROM {relation}")

    def _blank(self, column: str, limit: float) -> Iterator[FileNote]:
        share = f"avg(({quoted(column)} IS NULL)::INT)"
        now, before = self._row(
            f"SELECT (SELECT {share} FROM {self._now}), (SELECT {share} FROM {self._before})"
        )
        if abs(now - before) > limit:
            yield self._query(
                "BLANK_DRIFT",
                f"{column} is blank in {now:.0%} of the rows, and was in {before:.0%} in the "
                "period before; say why, or correct it.",
                column,
            )

    def _codes(self, column: str, limit: float) -> Iterator[FileNote]:
        name = quoted(column)
        shares = (
            f"SELECT {name} AS code, count(*) / sum(count(*)) OVER () AS share FROM {{}} "
            f"WHERE {name} IS NOT NULL GROUP BY {name}"
        )
        found = self._space.db.execute(
            "SELECT code, coalesce(n.share, 0), coalesce(p.share, 0) "
            f"FROM ({shares.format(self._now)}) n FULL JOIN ({shares.format(self._before)}) p "
            f"USING (code) WHERE abs(coalesce(n.share, 0) - coalesce(p.share, 0)) > {limit!r} "
            "ORDER BY code"
        ).fetchall()
        for code, now, before in found:
            yield self._query(
                "CODE_DRIFT",
                f"Code {code} of {column} is in {now:.0%} of the rows that have one, and was in "
                f"{before:.0%} in the period before; say why, or correct it.",
                column,
            )

    def _row(self, sql: str) -> tuple[float, float]:
        now, before = self._space.db.execute(sql).fetchone() or (0, 0)
        return float(now or 0), float(before or 0)

    def _query(self, code: str, message: str, column: str | None = None) -> FileNote:
        return FileNote(
            file=None,
            table=self._table.name,
            column=column,
            code=code,
            severity="warning",
            message=message,
        )
