"""Stock Spark + Delta as a yardstick: its CSV reader, its expressions, its Parquet writer.

The same tables as the platform leaves: bronze, silver, quarantine, failures, all Delta. Bad rows
are few, so they are kept in memory once and written to quarantine and failures from there.
"""

from __future__ import annotations

from contender import Counts, Job
from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 (its usual name)
from pyspark.sql import types as T  # noqa: N812 (its usual name)
from visits import COLUMNS, COUNCIL, FIRST_DATE, LAST_DATE, PERIOD, RETURN, TABLE, Column
from visits_sql import Check, checks

from lgdp.config import load_settings
from lgdp.pipeline.spark_session import DELTA, jars

MEMORY = "4g"
BROKEN = "_corrupt_record"
FIELDS = "FIELDS:"
"""The code of a record with too few or too many fields: Spark does not tell them apart."""
POSTCODE = "^([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})$"
PLACE = ("_row", "_file", "_submission", "_council")


def run(job: Job) -> Counts:
    """Land and check the file of a job; Delta tables are left in its folder."""
    spark = _session(job)
    try:
        return _run(spark, job)
    finally:
        java = spark.sparkContext._gateway.proc  # type: ignore[union-attr]
        spark.stop()
        # Waited for, so that its CPU is counted.
        java.stdin.close()
        java.wait()


def _session(job: Job) -> SparkSession:
    """The platform's own settings for one machine, with twice the memory."""
    settings = {**DELTA, **load_settings(job.conf / "platform.yaml").spark}
    settings |= {
        "spark.jars": ",".join(map(str, jars())),
        "spark.driver.memory": MEMORY,
        # The method that Spark generates for the rules is longer than what the JVM compiles by
        # default; interpreted, it takes twice the CPU.
        "spark.driver.extraJavaOptions": "-XX:-DontCompileHugeMethods",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(job.folder / "spill"),
        "spark.sql.warehouse.dir": str(job.folder / "warehouse"),
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.Builder().appName("benchmark")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _run(spark: SparkSession, job: Job) -> Counts:
    place = {layer: f"{job.folder}/{layer}/{RETURN}/{TABLE}" for layer in _LAYERS}
    _write(_sent(spark, job), place["bronze"])
    bronze = spark.read.format("delta").load(place["bronze"])
    judged = _judged(bronze)
    names = [column.name for column in COLUMNS]
    _write(judged.where("_codes = ''").select(*names, *PLACE, "period"), place["silver"])
    failing = judged.where("_codes <> '' OR _queries <> ''").persist()
    sent = [F.col(f"s_{name}").alias(name) for name in names]
    codes = F.split("_codes", " ").alias("_codes")
    quarantine = failing.where("_codes <> ''").select(*sent, BROKEN, *PLACE, codes, "period")
    _write(quarantine, place["quarantine"])
    _write(_failures(failing), place["failures"])
    return _counts(spark, place)


_LAYERS = ("bronze", "silver", "quarantine", "failures")


def _write(frame: DataFrame, path: str) -> None:
    """Not partitioned: with partitions Spark sorts what it writes, and here there is but one."""
    frame.write.format("delta").save(path)


def _sent(spark: SparkSession, job: Job) -> DataFrame:
    """Rows as sent. No value holds a line end, so Spark may split the file and read in parallel."""
    names = [*(column.name for column in COLUMNS), BROKEN]
    rows = (
        spark.read.schema(T.StructType([T.StructField(name, T.StringType()) for name in names]))
        .option("header", True)
        .option("quote", '"')
        .option("escape", '"')
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", BROKEN)
        .csv(str(job.file))
    )
    return rows.withColumns(
        {
            "_row": F.monotonically_increasing_id(),
            "_file": F.lit(job.file.name),
            "_submission": F.lit("0" * 32),
            "_council": F.lit(COUNCIL),
            "period": F.lit(PERIOD),
        }
    )


def _judged(bronze: DataFrame) -> DataFrame:
    """Each row with its text `t_`, its value as sent `s_`, its typed values, and what it breaks.

    `_codes` and `_queries` are text, empty for most rows: lists and functions over them would be
    interpreted for every row, and a filter on one flag after the other would be pushed down with
    all that it rests on, and evaluated again.
    """
    text = [
        F.expr(f"nullif(trim({column.name}), '')").alias(f"t_{column.name}") for column in COLUMNS
    ]
    sent = [F.col(column.name).alias(f"s_{column.name}") for column in COLUMNS]
    typed = {column.name: F.expr(_typed(column)) for column in COLUMNS}
    rows = bronze.select(*text, *sent, BROKEN, *PLACE, "period").withColumns(typed)
    twice = (
        rows.where(f"{BROKEN} IS NULL AND record_id IS NOT NULL")
        .groupBy("record_id")
        .count()
        .where("count > 1")
        .select("record_id", F.lit(True).alias("_twice"))
    )
    rows = rows.join(F.broadcast(twice), on="record_id", how="left")
    found = checks("rlike")
    critical = [_broken(check) for check in found if check.severity == "critical"]
    queries = [_broken(check) for check in found if check.severity != "critical"]
    fields = F.expr(f"CASE WHEN {BROKEN} IS NOT NULL THEN '{FIELDS}' END")
    return rows.withColumns(
        {"_codes": F.concat_ws(" ", fields, *critical), "_queries": F.concat_ws(" ", *queries)}
    )


def _broken(check: Check) -> Expression:
    """`code:column` of a row that breaks the rule."""
    fails = f"{BROKEN} IS NULL AND ({check.fails or '_twice'})"
    return F.expr(f"CASE WHEN {fails} THEN '{check.code}:{check.column}' END")


def _typed(column: Column) -> str:
    text = f"t_{column.name}"
    if column.shape == "date":
        day = f"CAST(try_to_timestamp({text}, '{column.format}') AS DATE)"
        bounds = f"BETWEEN DATE '{FIRST_DATE}' AND DATE '{LAST_DATE}'"
        return f"CASE WHEN length({text}) = {len(column.format)} AND {day} {bounds} THEN {day} END"
    if column.shape == "integer":
        cast = f"try_cast({text} AS BIGINT)"
        return f"CASE WHEN rlike({text}, '^[+-]?[0-9]{{1,18}}$') THEN {cast} END"
    if column.shape.startswith("decimal"):
        precision, scale = map(int, column.shape.removeprefix("decimal(").rstrip(")").split(","))
        form = f"^[+-]?[0-9]{{1,{precision - scale}}}([.][0-9]{{1,{scale}}}0*)?$"
        return f"CASE WHEN rlike({text}, '{form}') THEN try_cast({text} AS {column.shape}) END"
    if column.shape == "yes_no":
        yes, no = "('Y', 'YES', '1', 'TRUE')", "('N', 'NO', '0', 'FALSE')"
        return (
            f"CASE WHEN upper({text}) IN {yes} THEN true WHEN upper({text}) IN {no} THEN false END"
        )
    if column.shape == "postcode":
        return (
            f"CASE WHEN rlike(upper({text}), '{POSTCODE}') "
            f"THEN regexp_replace(upper({text}), '{POSTCODE}', '$1 $2') END"
        )
    return (
        f"CASE WHEN rlike({text}, '^{column.pattern}$') THEN {text} END" if column.pattern else text
    )


def _failures(failing: DataFrame) -> DataFrame:
    """One row per row and rule that it breaks, as the platform writes them."""
    found = checks("rlike")
    messages = {f"{check.code}:{check.column}": check.message for check in found}
    severities = {f"{check.code}:{check.column}": check.severity for check in found}
    texts = {column.name: F.col(f"t_{column.name}") for column in COLUMNS}
    broken = F.explode(F.split(F.concat_ws(" ", "_codes", "_queries"), " ")).alias("broken")
    rows = failing.select(broken, *PLACE, *texts.values(), "period").where("broken <> ''")
    column = F.split_part("broken", F.lit(":"), F.lit(2))
    value = _looked_up(texts, column)
    message = _looked_up({code: F.lit(text) for code, text in messages.items()}, F.col("broken"))
    severity = _looked_up({code: F.lit(text) for code, text in severities.items()}, F.col("broken"))
    return rows.select(
        F.col("_submission").alias("submission"),
        F.lit(TABLE).alias("table"),
        F.col("_file").alias("file"),
        F.col("_row").alias("row"),
        F.col("t_record_id").alias("key"),
        F.split_part("broken", F.lit(":"), F.lit(1)).alias("code"),
        F.coalesce(severity, F.lit("critical")).alias("severity"),
        column.alias("column"),
        value.alias("value"),
        F.replace(message, F.lit("{value}"), F.coalesce(value, F.lit(""))).alias("message"),
        F.lit(RETURN).alias("return"),
        "period",
    )


def _looked_up(values: dict[str, Expression], key: Expression) -> Expression:
    pairs = [item for name, value in values.items() for item in (F.lit(name), value)]
    return F.try_element_at(F.create_map(*pairs), key)


def _counts(spark: SparkSession, place: dict[str, str]) -> Counts:
    rows = {layer: spark.read.format("delta").load(path).count() for layer, path in place.items()}
    failures = spark.read.format("delta").load(place["failures"])
    by_code = failures.groupBy(F.concat_ws(":", "code", "column").alias("broken")).count()
    found = {row["broken"]: row["count"] for row in by_code.collect()}
    return Counts(rows["bronze"], rows["silver"], rows["quarantine"], found)
