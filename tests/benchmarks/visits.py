"""The benchmark's return: one table of home visits, 20 columns of mixed types, and its rules.

Written once here and given to every contender: as a contract and a suite to the platform, as SQL
to Spark and to DuckDB.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

RETURN = "home_visits"
TABLE = "visits"
PERIOD, PERIOD_END = "2024-25", "2025-03-31"
COUNCIL = "S12000036"
FIRST_DATE, LAST_DATE = "1900-01-01", "2099-12-31"
"""The platform takes no date outside these; the others are given the same rule."""

SEXES = ("F", "M", "U")
ETHNICITIES = tuple(f"{group}{letter}" for group in range(1, 7) for letter in "ABC")
SERVICES = tuple(f"{kind}{number:02}" for kind in "HPRSW" for number in range(1, 9))
OUTCOMES = tuple(f"O{number}" for number in range(1, 10))


@dataclass(frozen=True)
class Column:
    """A column; `shape` is a type of the platform's contracts."""

    name: str
    shape: str
    required: bool = False
    codes: tuple[str, ...] = ()
    pattern: str = ""
    format: str = ""


COLUMNS = (
    Column("record_id", "string", required=True, pattern="R[0-9]{9}"),
    Column("person_id", "string", required=True, pattern="[A-Z][0-9]{7}"),
    Column("provider", "string", pattern="[0-9]{7}"),
    Column("date_of_birth", "date", required=True, format="dd/MM/yyyy"),
    Column("start_date", "date", required=True, format="yyyy-MM-dd"),
    Column("end_date", "date", format="yyyy-MM-dd"),
    Column("sex", "code", required=True, codes=SEXES),
    Column("ethnicity", "code", required=True, codes=ETHNICITIES),
    Column("service", "code", required=True, codes=SERVICES),
    Column("outcome", "code", codes=OUTCOMES),
    Column("postcode", "postcode"),
    Column("ward", "string"),
    Column("cost", "decimal(10,2)"),
    Column("hours", "decimal(5,1)"),
    Column("visits", "integer"),
    Column("age", "integer"),
    Column("funded", "yes_no"),
    Column("worker", "string"),
    Column("reference", "string"),
    Column("notes", "string"),
)
NAMES = tuple(column.name for column in COLUMNS)


@dataclass(frozen=True)
class Rule:
    """One rule of the suite. `fails` is a condition in SQL that both Spark and DuckDB read.

    It is empty for the compound uniqueness of `record_id` in a submission, which is no condition
    on one row.
    """

    code: str
    severity: str
    column: str
    message: str
    fails: str
    type: str
    kwargs: dict[str, Any] = field(default_factory=dict)


def _query(where: str, joined: bool = False) -> dict[str, Any]:
    join = " JOIN collection c ON c._submission = b._submission" if joined else ""
    return {"unexpected_rows_query": f"SELECT b.* FROM {{batch}} b{join} WHERE {where}"}


def _pair(greater: str, smaller: str, or_equal: bool) -> dict[str, Any]:
    return {
        "column_A": greater,
        "column_B": smaller,
        "or_equal": or_equal,
        "ignore_row_if": "either_value_is_missing",
    }


QUERY = "unexpected_rows_expectation"
PAIR = "expect_column_pair_values_a_to_be_greater_than_b"
BETWEEN = "expect_column_values_to_be_between"
REGEX = "expect_column_values_to_match_regex"
UNIQUE = "expect_compound_columns_to_be_unique"

SUITE = (
    Rule(
        "HV01",
        "critical",
        "record_id",
        "Record {value} is there more than once.",
        "",
        UNIQUE,
        {"column_list": ["_submission", "record_id"], "ignore_row_if": "any_value_is_missing"},
    ),
    Rule(
        "HV02",
        "critical",
        "end_date",
        "The visit ends on {value}, before it starts.",
        "end_date < start_date",
        PAIR,
        _pair("end_date", "start_date", True),
    ),
    Rule(
        "HV03",
        "critical",
        "start_date",
        "The visit starts on {value}, not after the birth of the person.",
        "start_date <= date_of_birth",
        PAIR,
        _pair("start_date", "date_of_birth", False),
    ),
    Rule(
        "HV04",
        "critical",
        "start_date",
        "The visit starts on {value}, after the period.",
        f"start_date > DATE '{PERIOD_END}'",
        QUERY,
        _query("b.start_date > c.period_end", joined=True),
    ),
    Rule(
        "HV05",
        "critical",
        "age",
        "An age of {value} is outside 0 to 110.",
        "age < 0 OR age > 110",
        BETWEEN,
        {"column": "age", "min_value": 0, "max_value": 110},
    ),
    Rule(
        "HV06",
        "critical",
        "cost",
        "A cost of {value} is outside 0 to 250,000.",
        "cost < 0 OR cost > 250000",
        BETWEEN,
        {"column": "cost", "min_value": 0, "max_value": 250000},
    ),
    Rule(
        "HV07",
        "warning",
        "ward",
        "'{value}' is not the code of a Scottish ward.",
        "NOT MATCHES(ward, '^S13[0-9]{6}$')",
        REGEX,
        {"column": "ward", "regex": "^S13[0-9]{6}$"},
    ),
    Rule(
        "HV08",
        "warning",
        "worker",
        "'{value}' is not a worker's number.",
        "NOT MATCHES(worker, '^W[0-9]{5}$')",
        REGEX,
        {"column": "worker", "regex": "^W[0-9]{5}$"},
    ),
    Rule(
        "HV09",
        "warning",
        "outcome",
        "The visit has ended and has no outcome.",
        "end_date IS NOT NULL AND outcome IS NULL",
        QUERY,
        _query("b.end_date IS NOT NULL AND b.outcome IS NULL"),
    ),
    Rule(
        "HV10",
        "warning",
        "hours",
        "{value} hours are outside 0.5 to 60.",
        "hours < 0.5 OR hours > 60",
        BETWEEN,
        {"column": "hours", "min_value": 0.5, "max_value": 60},
    ),
    Rule(
        "HV11",
        "warning",
        "notes",
        "The note is longer than 120 characters.",
        "length(notes) > 120",
        "expect_column_value_lengths_to_be_between",
        {"column": "notes", "max_value": 120},
    ),
    Rule(
        "HV12",
        "warning",
        "cost",
        "The visit is funded and has no cost.",
        "funded AND cost IS NULL",
        QUERY,
        _query("b.funded AND b.cost IS NULL"),
    ),
)
