"""Tables without a row of which a query finds nothing; the others have to be asked."""
# ruff: noqa: E501  (one query a line)

from __future__ import annotations

import duckdb
import pytest
from sqlglot import parse_one

from lgdp.checks.query_needs import needed_tables

QUERIES = [
    ("SELECT b.i FROM b", {"b"}),
    ("SELECT b.i FROM b JOIN c ON c.i = b.i", {"b", "c"}),
    ("SELECT b.i FROM b CROSS JOIN c", {"b", "c"}),
    ("SELECT b.i FROM b, c WHERE c.i = b.i", {"b", "c"}),
    ("SELECT b.i FROM b LEFT SEMI JOIN c ON c.i = b.i", {"b", "c"}),
    ("SELECT b.i FROM b LEFT ANTI JOIN c ON c.i = b.i", {"b"}),
    ("SELECT b.i FROM b LEFT JOIN c ON c.i = b.i", {"b"}),
    ("SELECT b.i FROM b RIGHT JOIN c ON c.i = b.i", set()),
    ("SELECT b.i FROM b FULL JOIN c ON c.i = b.i", set()),
    ("SELECT b.i FROM b WHERE EXISTS (SELECT 1 FROM c WHERE c.i = b.i)", {"b", "c"}),
    ("SELECT b.i FROM b WHERE NOT EXISTS (SELECT 1 FROM c WHERE c.i = b.i)", {"b"}),
    ("SELECT b.i FROM b WHERE b.i = 1 OR EXISTS (SELECT 1 FROM c)", {"b"}),
    ("SELECT b.i FROM b WHERE (b.i = 1 AND (EXISTS (SELECT 1 FROM c)))", {"b", "c"}),
    ("SELECT b.i FROM b WHERE b.i IN (SELECT i FROM c)", {"b", "c"}),
    ("SELECT b.i FROM b WHERE b.i NOT IN (SELECT i FROM c)", {"b"}),
    ("SELECT b.i FROM b WHERE b.i = (SELECT max(i) FROM c)", {"b"}),
    ("SELECT b.i FROM b WHERE EXISTS (SELECT max(c.i) FROM c)", {"b"}),
    ("SELECT b.i FROM b WHERE EXISTS (SELECT max(c.i) FROM c GROUP BY c.i)", {"b", "c"}),
    ("SELECT b.i FROM b JOIN (SELECT i, count(*) AS n FROM c GROUP BY i) n ON n.i = b.i", {"b", "c"}),
    ("SELECT b.i FROM b JOIN (SELECT count(*) AS n FROM c) n ON n.n < 9", {"b"}),
    ("SELECT b.i FROM b JOIN (SELECT 1 AS n FROM c HAVING count(*) < 9) n ON n.n < 9", {"b"}),
    ("SELECT b.i FROM b JOIN (SELECT i FROM c GROUP BY ROLLUP (i)) n ON true", {"b"}),
    ("SELECT x.i FROM (SELECT b.i, lag(b.i) OVER (ORDER BY b.i) AS l FROM b) x WHERE x.l = 1", {"b"}),
    ("SELECT x.i FROM (SELECT b.i, sum(count(*)) OVER () AS n FROM b GROUP BY b.i) x", {"b"}),
    ("SELECT x.n FROM (SELECT sum(count(*)) OVER () AS n FROM b) x", set()),
    ("SELECT i FROM b UNION ALL SELECT i FROM c", set()),
    ("SELECT i FROM (SELECT b.i FROM b JOIN d ON d.i = b.i UNION ALL SELECT c.i FROM c JOIN d ON d.i = c.i) x", {"d"}),
    ("SELECT i FROM b INTERSECT SELECT i FROM c", {"b", "c"}),
    ("SELECT i FROM b EXCEPT SELECT i FROM c", {"b"}),
    ("WITH w AS (SELECT i FROM c) SELECT b.i FROM b JOIN w ON w.i = b.i", {"b", "c"}),
    ("WITH w AS (SELECT count(*) AS i FROM c) SELECT b.i FROM b JOIN w ON w.i < b.i", {"b"}),
    ("SELECT b.i FROM b WHERE EXISTS (SELECT 1 FROM c WHERE c.i = b.i AND EXISTS (SELECT 1 FROM d WHERE d.i = c.i))", {"b", "c", "d"}),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "expected"), QUERIES)
def test_a_query_needs_tables(sql: str, expected: set[str]) -> None:
    tree = parse_one(sql, read="spark")
    assert needed_tables(tree) == expected


@pytest.mark.parametrize(("sql", "expected"), QUERIES)
def test_without_a_row_of_one_of_them_nothing_is_found(sql: str, expected: set[str]) -> None:
    text = parse_one(sql, read="spark").sql("duckdb")
    for table in expected:
        with duckdb.connect() as db:
            for name in "bcd":
                db.execute(f"CREATE TABLE {name} AS SELECT range AS i FROM range(3)")
            db.execute(f"DELETE FROM {table}")
            assert db.execute(text).fetchall() == []
