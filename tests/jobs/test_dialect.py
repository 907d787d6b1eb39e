"""Every part of Spark SQL that a rule may use means the same in both engines, on awkward values.

This is the proof of the list in docs/rules.md: expressions go through the loader's own translation.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from lgdp.audit.session import settings_for
from tests.dialect.facts import ROWS, in_kernel, lines, plain, write_facts

pytestmark = pytest.mark.slow


@pytest.fixture
def facts(tmp_path: Path, spark: SparkSession) -> Iterator[Path]:
    path = tmp_path / "facts.parquet"
    write_facts(path)
    spark.read.parquet(str(path)).coalesce(1).createOrReplaceTempView("facts")
    # Interpreted, as a small batch is: to compile three hundred columns takes a minute.
    with settings_for(spark, rows=ROWS):
        yield path


def test_what_is_taken_gives_the_same_values(facts: Path, spark: SparkSession) -> None:
    expressions = lines("agree.txt")
    columns = ", ".join(f"{text} AS c{number}" for number, text in enumerate(expressions))
    rows = spark.sql(f"SELECT {columns} FROM facts b ORDER BY _row").collect()
    differ = {}
    for number, (text, kernel_values) in enumerate(
        zip(expressions, in_kernel(facts, *expressions), strict=True)
    ):
        audit = [plain(row[number]) for row in rows]
        pairs = zip(kernel_values, audit, strict=True)
        differing = [(kernel, spark_) for kernel, spark_ in pairs if kernel != spark_]
        if differing:
            differ[text] = differing[0]
    assert differ == {}


@pytest.mark.parametrize("expression", lines("stop.txt"))
def test_what_stops_one_engine_stops_the_other(
    expression: str, facts: Path, spark: SparkSession
) -> None:
    with pytest.raises(duckdb.Error):
        in_kernel(facts, expression)
    with pytest.raises(PySparkException):
        spark.sql(f"SELECT {expression} AS value FROM facts b").collect()
