"""EXISTS as a semi join finds the rows that it finds as EXISTS."""
# ruff: noqa: E501  (one query a line)

from __future__ import annotations

import random

import duckdb
import pytest
from sqlglot import parse_one

from lgdp.checks.kernel_sql import kernel_sql
from lgdp.checks.query_joins import join_existing

REWRITTEN = [
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM c WHERE c.i = b.i)",
    "SELECT b.n FROM b WHERE NOT EXISTS (SELECT 1 FROM c WHERE c.i = b.i)",
    "SELECT b.n FROM b WHERE b.j > 1 AND NOT (EXISTS (SELECT 1 FROM c WHERE c.i = b.i AND c.j <> b.j))",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM b o WHERE o.i = b.i AND o.n < b.n)",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM c WHERE c.i = b.i) AND NOT EXISTS (SELECT 1 FROM c WHERE c.j = b.j)",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM c WHERE b.j = 2 AND c.i IS NULL)",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM c WHERE NOT coalesce(c.i = b.i, false) AND c.j = b.j)",
    "SELECT b.n FROM b JOIN c x ON x.i = b.i WHERE EXISTS (SELECT 1 FROM c WHERE c.j = b.j AND c.i >= x.j)",
    "SELECT b.n FROM b LEFT JOIN c x ON x.i = b.i WHERE NOT EXISTS (SELECT 1 FROM c WHERE c.j = x.j)",
    "SELECT y.n FROM (SELECT b.n, b.i FROM b WHERE EXISTS (SELECT 1 FROM c WHERE c.j = b.j)) y WHERE y.i > 1",
    "WITH w AS (SELECT b.n FROM b WHERE NOT EXISTS (SELECT 1 FROM c WHERE c.j = b.j)) SELECT w.n FROM w",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM c WHERE c.i = b.i) UNION ALL SELECT b.n FROM b WHERE b.i = 1",
    "SELECT b.n FROM b WHERE (b.j = 1 OR b.i = 2) AND EXISTS (SELECT 1 FROM c WHERE (c.i = 1 OR c.i = b.i))",
]  # fmt: skip
LEFT_ALONE = [
    "SELECT b.n FROM b WHERE b.j = 1 OR EXISTS (SELECT 1 FROM c WHERE c.i = b.i)",
    "SELECT b.n FROM b WHERE EXISTS (SELECT max(c.i) FROM c WHERE c.i = b.i)",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM c WHERE c.i = b.i GROUP BY c.j HAVING count(*) > 1)",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM c JOIN c d ON d.i = c.i WHERE c.i = b.i)",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM c WHERE c.i = b.i AND EXISTS (SELECT 1 FROM c d WHERE d.j = c.j))",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM b WHERE b.i = 1)",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM c WHERE i = 1)",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM c)",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM c WHERE c.i = b.i LIMIT 0)",
    "SELECT b.n FROM b WHERE EXISTS (SELECT 1 FROM (SELECT c.i FROM c) d WHERE d.i = b.i)",
]  # fmt: skip


def rewritten(sql: str) -> tuple[str, str]:
    """A query as it is, and with its joins, both for DuckDB."""
    tree = parse_one(sql, read="spark")
    before = kernel_sql(tree.copy())
    join_existing(tree)
    return before, kernel_sql(tree)


@pytest.fixture(scope="module")
def db() -> duckdb.DuckDBPyConnection:
    """Tables of few different values and nulls, so that everything matches something."""
    chance = random.Random(7)  # noqa: S311 (nothing secret)
    connection = duckdb.connect()
    for name in "bc":
        connection.execute(f"CREATE TABLE {name} (n INTEGER, i INTEGER, j INTEGER)")
        rows = [(n, *(chance.choice([None, 1, 2, 3]) for _ in "ij")) for n in range(30)]
        connection.executemany(f"INSERT INTO {name} VALUES (?, ?, ?)", rows)
    connection.execute("DELETE FROM c WHERE i = 3 OR j = 3 OR i IS NULL AND n < 12")
    return connection


@pytest.mark.parametrize("sql", REWRITTEN)
def test_the_rows_are_the_same(sql: str, db: duckdb.DuckDBPyConnection) -> None:
    before, after = rewritten(sql)
    assert "EXISTS" not in after
    assert after != before
    expected = sorted(db.execute(before).fetchall())
    assert len(expected) > 0
    assert sorted(db.execute(after).fetchall()) == expected


@pytest.mark.parametrize("sql", LEFT_ALONE)
def test_what_is_more_than_one_table_and_a_condition_stays(sql: str) -> None:
    before, after = rewritten(sql)
    assert after == before
