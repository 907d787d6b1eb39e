"""Make the archive of the Java classes of a session: `python -m lgdp.pipeline.class_archive`.

A session loads 15,000 classes, out of 300 jars. From an archive beside the jars the JVM maps them
into its memory, which saves a run a fifth of its JVM's CPU. Set-up makes it; without it all works
as well, and more slowly.
"""

from __future__ import annotations

import sys
import tempfile

import pyarrow as pa
from pyspark.sql import SparkSession

from lgdp.audit.session import settings_for, views
from lgdp.config import PROJECT, load_settings, locate
from lgdp.gold.writer import write_superset
from lgdp.lake.door import Door
from lgdp.lake.table import LakeTable
from lgdp.pipeline.spark_session import ARCHIVE, EXTRA_OPTIONS, jars_folder, open_session

WAIT_SECONDS = 120
PEOPLE = pa.schema(
    [("council", pa.string()), ("id", pa.string()), ("number", pa.int64()), ("born", pa.date32())]
)
QUERIES = (
    "SELECT b.* FROM people b JOIN people o ON o.id = b.id AND o.number = b.number + 1"
    " WHERE b.council RLIKE '^S' AND o.born < b.born",
    "SELECT b.* FROM people b WHERE NOT EXISTS"
    " (SELECT 1 FROM people o WHERE o.id = b.id AND o.number > b.number)",
    "SELECT * FROM (SELECT *, LAG(number) OVER (PARTITION BY id ORDER BY number) AS last"
    " FROM people) WHERE last > number OR DATEDIFF(born, DATE'2020-01-01') > 3",
    "SELECT id FROM people WHERE id IN (SELECT id FROM people UNION ALL SELECT council FROM people)"
    " GROUP BY id HAVING COUNT(*) < 3 OR MONTHS_BETWEEN(MIN(born), MAX(born)) > 1",
    "SELECT b.* FROM people b LEFT JOIN (SELECT id, MAX(number) AS most FROM people GROUP BY id) o"
    " ON o.id <=> b.id WHERE TRY_CAST(SUBSTRING(b.id, 1, 2) AS INT) > 3 OR b.number > o.most",
)


def make_archive() -> bool:
    """Make the archive anew; whether this Java can."""
    made = jars_folder() / ARCHIVE
    part = made.with_name(f".part-{ARCHIVE}")
    for path in (made, part):
        path.unlink(missing_ok=True)
    options = f'"-XX:ArchiveClassesAtExit={part}" -Xlog:cds*=off'
    settings = load_settings(locate(PROJECT).conf / "platform.yaml").spark
    spark = open_session({**settings, EXTRA_OPTIONS: options})
    with tempfile.TemporaryDirectory(prefix="lgdp-classes-") as folder:
        do_what_runs_do(spark, folder)
        gateway = spark.sparkContext._gateway
        spark.stop()
    process = gateway.proc  # type: ignore[union-attr]
    gateway.shutdown()  # type: ignore[union-attr]
    process.stdin.close()
    process.wait(WAIT_SECONDS)
    if part.is_file():
        part.replace(made)
    return made.is_file()


def do_what_runs_do(spark: SparkSession, lake: str) -> None:
    """Write a superset in a lake, change it, read it, and have rules judged."""
    rows = [
        {"council": "S12000005", "id": "ab"[number % 2], "number": number} for number in range(100)
    ]
    people = spark.createDataFrame(pa.Table.from_pylist(rows, PEOPLE))
    told = people.groupBy("id").applyInPandas(lambda each: each, people.schema)
    table = LakeTable(Door.open(lake), "people")
    write_superset(spark, told, table, ["council"])
    write_superset(spark, told.where("number > 0"), table, ["council"], {"council": ["S12000005"]})
    with settings_for(spark, len(rows)):
        read = spark.read.format("delta").load(table.door.spark_uri(table.name))
        with views(spark, {"people": read.where("council IN ('S12000005') AND id <> 'z'")}):
            for query in QUERIES:
                spark.sql(query).count()
            read.selectExpr("SUM(number)", "COUNT(CASE WHEN id RLIKE 'b' THEN 1 END)").collect()


if __name__ == "__main__":
    if not make_archive():
        sys.stderr.write("this Java makes no archive of classes: Spark starts more slowly\n")
