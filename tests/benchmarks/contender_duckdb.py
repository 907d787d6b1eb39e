"""DuckDB as a yardstick: the same file, the same rules, written by hand, into one Parquet file.

Every row is in the file once, typed, with the codes it broke. Records with too few or too many
fields are counted from DuckDB's own table of rejects.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from contender import Counts, Job
from visits import COLUMNS, FIRST_DATE, LAST_DATE, Column
from visits_sql import checks

DIRECTIVES = {"yyyy": "%Y", "MM": "%m", "dd": "%d"}
POSTCODE = "([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})"


def run(job: Job) -> Counts:
    """Check the file of a job; one Parquet file is left in its folder."""
    db = duckdb.connect()
    db.execute(f"SET temp_directory = '{job.folder / 'spill'}'")
    names = ", ".join(f"'{column.name}': 'VARCHAR'" for column in COLUMNS)
    db.execute(
        f"CREATE VIEW sent AS SELECT * FROM read_csv('{job.file}', columns = {{{names}}}, "
        "header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, "
        "store_rejects = true, rejects_limit = 0)"
    )
    text = ", ".join(f"nullif(trim({name}), '') AS t_{name}" for name in _names())
    db.execute(f"CREATE VIEW cleaned AS SELECT {text} FROM sent")
    typed = ", ".join(f"{_typed(column)} AS {column.name}" for column in COLUMNS)
    db.execute(f"CREATE VIEW typed AS SELECT *, {typed} FROM cleaned")
    db.execute(
        "CREATE TEMP TABLE twice AS SELECT record_id FROM typed WHERE record_id IS NOT NULL "
        "GROUP BY record_id HAVING count(*) > 1"
    )
    rejected = _rejected(db)
    out = job.folder / "visits.parquet"
    db.execute(f"COPY ({_judged()}) TO '{out}' (FORMAT parquet)")
    return _counts(db, out, rejected)


def _names() -> list[str]:
    return [column.name for column in COLUMNS]


def _judged() -> str:
    """Typed values, and the codes as one text, null for the many rows that break nothing."""
    found = checks("regexp_matches")
    flags = ", ".join(
        f"coalesce({check.fails or 'record_id IN (FROM twice)'}, false) AS f{number}"
        for number, check in enumerate(found)
    )
    names = ", ".join(_names())
    any_flag = " OR ".join(f"f{number}" for number in range(len(found)))
    codes = ", ".join(
        f"CASE WHEN f{number} THEN '{check.code}:{check.column}:{check.severity}' END"
        for number, check in enumerate(found)
    )
    return (
        f"SELECT {names}, CASE WHEN {any_flag} THEN concat_ws(' ', {codes}) END AS codes "
        f"FROM (SELECT {names}, {flags} FROM typed)"
    )


def _typed(column: Column) -> str:
    text = f"t_{column.name}"
    if column.shape == "date":
        pattern = column.format
        for letters, directive in DIRECTIVES.items():
            pattern = pattern.replace(letters, directive)
        day = f"CAST(try_strptime({text}, '{pattern}') AS DATE)"
        bounds = f"BETWEEN DATE '{FIRST_DATE}' AND DATE '{LAST_DATE}'"
        return f"CASE WHEN length({text}) = {len(column.format)} AND {day} {bounds} THEN {day} END"
    if column.shape == "integer":
        cast = f"TRY_CAST({text} AS BIGINT)"
        return f"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]{{1,18}}') THEN {cast} END"
    if column.shape.startswith("decimal"):
        precision, scale = map(int, column.shape.removeprefix("decimal(").rstrip(")").split(","))
        form = f"[+-]?[0-9]{{1,{precision - scale}}}(\\.[0-9]{{1,{scale}}}0*)?"
        cast = f"TRY_CAST({text} AS {column.shape})"
        return f"CASE WHEN regexp_full_match({text}, '{form}') THEN {cast} END"
    if column.shape == "yes_no":
        yes, no = "('Y', 'YES', '1', 'TRUE')", "('N', 'NO', '0', 'FALSE')"
        return (
            f"CASE WHEN upper({text}) IN {yes} THEN true WHEN upper({text}) IN {no} THEN false END"
        )
    if column.shape == "postcode":
        form = f"regexp_full_match(upper({text}), '{POSTCODE}')"
        return f"CASE WHEN {form} THEN regexp_replace(upper({text}), '{POSTCODE}', '\\1 \\2') END"
    if column.pattern:
        return f"CASE WHEN regexp_full_match({text}, '{column.pattern}') THEN {text} END"
    return text


def _rejected(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Records by kind; one with two fields too many is told of twice."""
    found = db.execute(
        "SELECT CASE error_type WHEN 'MISSING COLUMNS' THEN 'TOO_FEW_FIELDS:' ELSE "
        "'TOO_MANY_FIELDS:' END, count(DISTINCT line) FROM reject_errors GROUP BY 1"
    ).fetchall()
    return {str(kind): int(count) for kind, count in found}


def _counts(db: duckdb.DuckDBPyConnection, out: Path, rejected: dict[str, int]) -> Counts:
    rows, bad = db.execute(
        f"SELECT count(*), count(*) FILTER (contains(codes, ':critical')) FROM '{out}'"
    ).fetchone() or (0, 0)
    failures = db.execute(
        "SELECT split_part(code, ':', 1) || ':' || split_part(code, ':', 2), count(*) "
        f"FROM (SELECT unnest(string_split(codes, ' ')) AS code FROM '{out}') GROUP BY 1"
    ).fetchall()
    records = sum(rejected.values())
    return Counts(
        rows=rows + records,
        silver=rows - bad,
        quarantine=bad + records,
        failures={**{str(code): int(count) for code, count in failures}, **rejected},
    )
