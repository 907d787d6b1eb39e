"""Values of the collection stand where a query read them from a join, and nothing else changes."""
# ruff: noqa: E501  (one query a line)

from __future__ import annotations

import duckdb
import pytest
from sqlglot import parse_one

from lgdp.checks.compiled_rule import SLOT
from lgdp.checks.kernel_sql import kernel_sql
from lgdp.checks.query_collection import settle_collection
from lgdp.checks.sql_text import quoted

VALUES = {"most": "2", "first": "DATE '2020-04-01'"}
SETTLED = [
    "SELECT b.n FROM b JOIN collection c ON c._submission = b._submission WHERE b.n > c.most",
    "SELECT b.n FROM b JOIN collection c ON (b._submission = c._submission) WHERE b.d >= c.first AND b.n <> c.most",
    "SELECT b.n FROM b JOIN collection C ON c._submission = b._submission WHERE b.n > C.most",
    "SELECT b.n FROM b JOIN collection ON collection._submission = b._submission WHERE b.n > collection.most",
    "SELECT b.n FROM b JOIN collection c ON c._submission = b._submission WHERE EXISTS (SELECT 1 FROM b o WHERE o._submission = b._submission AND o.n > c.most AND o.d = b.d)",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM b o JOIN collection c ON c._submission = o._submission WHERE o._submission = b._submission AND o.n = b.n + c.most)",
    "SELECT x.n FROM (SELECT b.n, b.n * c.most AS twice FROM b JOIN collection c ON c._submission = b._submission) x WHERE x.twice > 4",
    "SELECT b.n FROM b JOIN collection c ON c._submission = b._submission JOIN (SELECT o._submission, max(o.n) AS m FROM b o GROUP BY o._submission) t ON t._submission = b._submission AND t.m - c.most = b.n",
    "SELECT b.n FROM b JOIN collection c ON c._submission = b._submission WHERE EXISTS (SELECT 1 FROM b c WHERE c.n = 3 AND c.d = b.d) AND b.n > c.most",
]  # fmt: skip
LEFT_ALONE = [
    "SELECT b.n FROM b LEFT JOIN collection c ON c._submission = b._submission WHERE b.n > c.most",
    "SELECT b.n FROM b JOIN collection c ON c._submission = b._submission AND b.n > c.most",
    "SELECT b.n FROM b JOIN collection c ON c._submission = b._submission WHERE b.n > most",
    "SELECT b.n FROM b JOIN collection c ON c._submission = b._submission WHERE c._submission = 's'",
    "SELECT x.n FROM (SELECT * FROM b JOIN collection c ON c._submission = b._submission) x WHERE x.most = 2",
    "SELECT x.n FROM (SELECT b.n, c.* FROM b JOIN collection c ON c._submission = b._submission) x WHERE x.most = 2",
    "SELECT max(b.n) AS n FROM b JOIN collection c ON c._submission = b._submission GROUP BY b.d, c.most",
    "SELECT b.n FROM b JOIN collection c ON c._submission = b._submission ORDER BY c.most",
    "SELECT b.n FROM b JOIN other c ON c._submission = b._submission WHERE b.n > c.most",
]  # fmt: skip


def settled(sql: str) -> tuple[str, str]:
    """A query as it is, and with slots filled, both for DuckDB."""
    tree = parse_one(sql, read="spark")
    before = kernel_sql(tree.copy())
    settle_collection(tree, VALUES)
    after = kernel_sql(tree)
    for name, value in VALUES.items():
        after = after.replace(quoted(SLOT.format(name)), value)
    return before, after


@pytest.fixture(scope="module")
def db() -> duckdb.DuckDBPyConnection:
    """One submission of six rows, and its collection."""
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE b AS SELECT 's' AS _submission, range AS n, "
        "DATE '2020-03-31' + CAST(range % 3 AS INTEGER) AS d FROM range(6)"
    )
    connection.execute(
        "CREATE TABLE collection AS SELECT 's' AS _submission, 2 AS most, "
        "DATE '2020-04-01' AS first"
    )
    return connection


@pytest.mark.parametrize("sql", SETTLED)
def test_the_rows_are_the_same(sql: str, db: duckdb.DuckDBPyConnection) -> None:
    before, after = settled(sql)
    assert "collection" not in after.lower()
    expected = sorted(db.execute(before).fetchall())
    assert len(expected) > 0
    assert sorted(db.execute(after).fetchall()) == expected


@pytest.mark.parametrize("sql", LEFT_ALONE)
def test_a_join_that_says_more_stays(sql: str) -> None:
    before, after = settled(sql)
    assert after == before
