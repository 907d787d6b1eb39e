"""Rows of awkward values, and expressions evaluated on them as the kernel translates them."""
# ruff: noqa: SIM905  (values are easier to read without quotes)

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from lgdp.checks.query_rule import read_query

FOLDER = Path(__file__).parent
COLUMNS = {
    "facts": {
        "TEXT": "string",
        "OTHER": "string",
        "N": "integer",
        "M": "integer",
        "PRICE": "decimal(10,2)",
        "COST": "decimal(12,4)",
        "DAY": "date",
        "UNTIL": "date",
        "SEEN": "datetime",
        "LEFT": "datetime",
        "FLAG": "yes_no",
        "SIGN": "yes_no",
    },
    "collection": {"period": "string"},
}
SCHEMA = pa.schema(
    [
        ("_row", pa.int64()),
        ("TEXT", pa.string()),
        ("OTHER", pa.string()),
        ("N", pa.int64()),
        ("M", pa.int64()),
        ("PRICE", pa.decimal128(10, 2)),
        ("COST", pa.decimal128(12, 4)),
        ("DAY", pa.date32()),
        ("UNTIL", pa.date32()),
        ("SEEN", pa.timestamp("us", tz="UTC")),
        ("LEFT", pa.timestamp("us", tz="UTC")),
        ("FLAG", pa.bool_()),
        ("SIGN", pa.bool_()),
    ]
)
TEXTS = [*'A a AB1 B-2 Ünï Ünï😀 O\'Brien 50% \\d 0 É "quoted" nan NULL Smith smith SMITH'.split()]
TEXTS += "a%b a_b 12 -3 1.5 1e3 +7 .5 5. abc.def ſ ß İ ǅ ﬁne Y true Infinity a\\%b ΟΔΟΣ".split()
TEXTS += "2017-04-01 2017-4-1 01/02/2017 2017-02-30 ΟΔΟΣ,ΣΑΣ e\u0301 x\u2028y x\u0085y".split(" ")
TEXTS += ["", "  x  ", "x ", "A  B", "x\ny", "x\r\ny", "tab\there", "A" * 300]
NUMBERS = [0, -1, 1, 7, 10, 5, -7, 3, 999999999999999999, -999999999999999999]
SMALL = [0, -1, 1, 7, 2, -2, 3]
PRICES = [*"0 0.1 -0.1 0.30 1.5 2.5 -2.5 2.35 99999999.99 -3 0.05 1.01 0.25".split()]
COSTS = [*"0 0.0001 -0.1 0.3 1.5 2.5 -2.5 2.675 7.25 1.0050".split()]
DAYS = [*"2017-03-31 2017-04-01 2017-06-30 2018-03-31 2018-04-01 1900-01-01 2020-02-29".split()]
DAYS += "2019-02-28 2020-01-31 2016-12-31 2024-03-30 2021-03-07 2021-03-08 2021-01-03".split()
MOMENTS = [*"2017-04-01T00:00:00 2017-06-30T23:59:59 2018-03-31T12:00:00".split()]
MOMENTS += "2017-03-26T02:30:00 2020-02-29T23:59:59 2020-01-01T00:00:01".split()
ROWS = 200


def lines(name: str) -> list[str]:
    """The lines of a file of expressions."""
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def write_facts(path: Path) -> None:
    """Rows of every value, about an eighth of them null; the same each time."""
    chance = random.Random(5)  # noqa: S311 (nothing secret)

    def pick(values: Sequence[Any]) -> Any:
        return None if chance.random() < 0.12 else chance.choice(values)

    rows = [
        {
            "_row": number,
            "TEXT": TEXTS[number] if number < len(TEXTS) else pick(TEXTS),
            "OTHER": pick(TEXTS),
            "N": pick(NUMBERS),
            "M": pick(SMALL),
            "PRICE": pick([Decimal(text).quantize(Decimal("0.01")) for text in PRICES]),
            "COST": pick([Decimal(text).quantize(Decimal("0.0001")) for text in COSTS]),
            "DAY": pick([date.fromisoformat(text) for text in DAYS]),
            "UNTIL": pick([date.fromisoformat(text) for text in DAYS]),
            "SEEN": pick([datetime.fromisoformat(text).replace(tzinfo=UTC) for text in MOMENTS]),
            "LEFT": pick([datetime.fromisoformat(text).replace(tzinfo=UTC) for text in MOMENTS]),
            "FLAG": pick([True, False]),
            "SIGN": pick([True, False]),
        }
        for number in range(ROWS)
    ]
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), path)


def translated(expression: str) -> str:
    """An expression on a row as the kernel writes it; RuleMistake if the loader refuses it."""
    rule = f"SELECT b.* FROM {{batch}} b WHERE ({expression}) IS NULL"
    predicate = read_query(rule, "facts", COLUMNS).predicate or ""
    return predicate.removesuffix(" IS NULL")


def in_kernel(path: Path, *expressions: str) -> list[list[Any]]:
    """The values of each expression in DuckDB, in order of rows."""
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        db.execute(f"CREATE TABLE facts AS FROM read_parquet('{path}')")
        found = []
        for expression in expressions:
            rows = db.execute(f"SELECT {translated(expression)} FROM facts ORDER BY _row")
            found.append([plain(value) for (value,) in rows.fetchall()])
        return found


def plain(value: Any) -> Any:
    """A value without the type that an engine gives it; numbers to nine places."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return float(value) if abs(value) < 2**53 else value
    if isinstance(value, Decimal | float):
        number = float(value)
        return "nan" if math.isnan(number) else round(number, 9)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat()
    return value.isoformat() if isinstance(value, date) else value
