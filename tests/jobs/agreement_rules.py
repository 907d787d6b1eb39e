"""A return with a column of every type, awkward values for each, and every kind of rule on them."""
# ruff: noqa: E501  (long queries)

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lgdp.contracts.column import Column, Severity
from lgdp.contracts.reference import ReferenceShape
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.spec import Spec
from lgdp.contracts.suite import Rule, RuleMeta, Suite
from lgdp.contracts.table import TableSpec

FACTS = TableSpec(
    name="facts",
    key=("ID",),
    columns=(
        Column(name="ID", type="string", required=True),
        Column(name="PERSON", type="string"),
        Column(name="TEXT", type="string"),
        Column(name="OTHER", type="string"),
        Column(name="N", type="integer"),
        Column(name="M", type="integer"),
        Column(name="PRICE", type="decimal(10,2)"),
        Column(name="COST", type="decimal(12,4)"),
        Column(name="DAY", type="date"),
        Column(name="UNTIL", type="date"),
        Column(name="SEEN", type="datetime"),
        Column(name="LEFT", type="datetime"),
        Column(name="FLAG", type="yes_no"),
        Column(name="SIGN", type="yes_no"),
    ),
)
PEOPLE = TableSpec(
    name="people",
    key=("PERSON",),
    columns=(Column(name="PERSON", type="string"), Column(name="BORN", type="date")),
)

PLACE = {
    "code": "string",
    "size": "integer",
    "price": "decimal(6,2)",
    "since": "date",
    "open": "yes_no",
}
PLACES = """code,size,price,since,open
A,1,0.10,2017-04-01,Y
Ünï,3,1.50,2016-01-01,Y
O'Brien,,,,
Smith,2,2.00,2018-04-01,N
"""

TEXTS = [
    "A",
    "a",
    "AB1",
    "B-2",
    "Ünï",
    "Ünï😀",
    "O'Brien",
    "x\ny",
    "x\r\ny",
    "50%",
    "\\d",
    "0",
    "É",
]
TEXTS += ["A" * 300, "A  B", '"quoted"', "nan", "NULL", "2017-04-01", "Smith", "smith", "SMITH"]
NUMBERS = ["0", "-1", "1", "7", "10", "999999999999999999", "-999999999999999999"]
DECIMALS = ["0", "0.1", "-0.1", "0.30", "1.5", "2", "2.50", "99999999.99", "-3"]
DAYS = ["2017-03-31", "2017-04-01", "2017-06-30", "2018-03-31", "2018-04-01", "1900-01-01"]
MOMENTS = [
    "2017-04-01T00:00:00",
    "2017-06-30T23:59:59",
    "2018-03-31T12:00:00",
    "2017-03-26T02:30:00",
]
VALUES: dict[str, list[str]] = {
    "PERSON": ["p1", "p2", "p3", "p4"],
    "TEXT": TEXTS,
    "OTHER": TEXTS,
    "N": NUMBERS,
    "M": NUMBERS,
    "PRICE": DECIMALS,
    "COST": DECIMALS,
    "DAY": DAYS,
    "UNTIL": DAYS,
    "SEEN": MOMENTS,
    "LEFT": MOMENTS,
    "FLAG": ["Y", "N"],
    "SIGN": ["Y", "N"],
}
QUERY = "unexpected_rows_expectation"
EITHER = {"ignore_row_if": "either_value_is_missing"}
ANY = {"ignore_row_if": "any_value_is_missing"}

SAME_PERSON = "p._submission = b._submission AND p.PERSON = b.PERSON"
NO_PARENT = (
    f"SELECT b.* FROM {{batch}} b WHERE NOT EXISTS (SELECT 1 FROM people p WHERE {SAME_PERSON})"
)
QUERIES = {
    "own columns": "SELECT b.* FROM {batch} b WHERE b.UNTIL < b.DAY AND b.FLAG",
    "unknown": "SELECT b.* FROM {batch} b WHERE NOT (b.N > b.M OR b.TEXT = b.OTHER)",
    "collection": "SELECT b.* FROM {batch} b JOIN collection c ON c._submission = b._submission "
    "WHERE b.DAY NOT BETWEEN c.period_start AND c.period_end",
    "parameter": "SELECT b.* FROM {batch} b JOIN collection c ON c._submission = b._submission "
    "WHERE b.N > c.most",
    "parent": "SELECT b.* FROM {batch} b JOIN people p "
    f"ON {SAME_PERSON} WHERE b.DAY < add_months(p.BORN, 12 * 18)",
    "in": "SELECT b.* FROM {batch} b WHERE b.OTHER NOT IN "
    "(SELECT p.PERSON FROM people p WHERE p._submission = b._submission AND p.PERSON IS NOT NULL)",
    "group": "SELECT b.* FROM {batch} b JOIN (SELECT _submission, PERSON, COUNT(*) AS n, "
    "MAX(DAY) AS last FROM {batch} GROUP BY _submission, PERSON HAVING COUNT(*) > 3) g "
    "ON g._submission = b._submission AND g.PERSON = b.PERSON WHERE b.DAY = g.last",
    "window": "SELECT b.* FROM (SELECT *, LAG(UNTIL) OVER (PARTITION BY _submission, PERSON "
    "ORDER BY DAY, _file, _row) AS before FROM {batch}) b WHERE b.before > b.DAY",
    "regex": "SELECT b.* FROM {batch} b WHERE b.TEXT RLIKE '^[A-Z]+[0-9]?$'",
    "functions": "SELECT b.* FROM {batch} b WHERE DATEDIFF(b.UNTIL, b.DAY) > 90 "
    "OR YEAR(b.DAY) = 2018 OR LENGTH(TRIM(b.TEXT)) > 5 OR UPPER(b.TEXT) = b.OTHER",
    "cast": "SELECT b.* FROM {batch} b WHERE TRY_CAST(b.TEXT AS INT) = 0 "
    "OR TRY_CAST(b.TEXT AS DATE) IS NOT NULL",
    "months": "SELECT b.* FROM {batch} b WHERE MONTHS_BETWEEN(b.UNTIL, b.DAY) > 3 "
    "OR LAST_DAY(b.DAY) = b.DAY",
    "division": "SELECT b.* FROM {batch} b WHERE CAST(b.PRICE AS DOUBLE) / 2 > 0.5 OR ABS(b.N) % 2 = 1",
    "null safe": "SELECT b.* FROM {batch} b WHERE b.TEXT <=> b.OTHER OR COALESCE(b.N, -7) = -7",
    "moments": "SELECT b.* FROM {batch} b WHERE CAST(b.SEEN AS DATE) = b.DAY OR b.SEEN > b.LEFT",
    "counts": "SELECT b.* FROM {batch} b JOIN (SELECT _submission, PERSON, COUNT(DISTINCT TEXT) AS n, "
    "COUNT_IF(FLAG) AS yes, COUNT(*) FILTER (WHERE N > 0) AS more, SUM(PRICE) AS price, "
    "AVG(M % 5) AS mean, MIN(SEEN) AS first, BOOL_OR(SIGN) AS any_sign, BOOL_AND(SIGN) AS all_sign "
    "FROM {batch} GROUP BY _submission, PERSON) g ON g._submission = b._submission "
    "AND g.PERSON <=> b.PERSON WHERE (g.n > 2 AND g.yes > g.more) OR g.price < 3 OR g.mean = 0.5 "
    "OR (g.first = b.SEEN AND g.any_sign AND NOT g.all_sign)",
    "ranks": "SELECT b.* FROM (SELECT *, RANK() OVER (PARTITION BY _submission ORDER BY N) AS r, "
    "DENSE_RANK() OVER (PARTITION BY _submission ORDER BY TEXT DESC) AS d, ROW_NUMBER() OVER "
    "(PARTITION BY _submission ORDER BY DAY DESC, _file, _row) AS place, LEAD(PRICE, 2) OVER (PARTITION "
    "BY _submission ORDER BY COST, _row) AS later, FIRST_VALUE(TEXT) OVER (PARTITION BY _submission "
    "ORDER BY UNTIL, _row) AS one, LAST_VALUE(OTHER) OVER (PARTITION BY _submission ORDER BY UNTIL, "
    "_row) AS last, COUNT(*) OVER (PARTITION BY _submission ORDER BY M ROWS BETWEEN 1 PRECEDING AND "
    "CURRENT ROW) AS two FROM {batch}) b WHERE b.r < 4 OR b.d = 3 OR b.place < 3 OR b.later > b.PRICE "
    "OR b.one = b.TEXT OR b.last IS NULL OR b.two = 1",
    "sets": "SELECT b.* FROM {batch} b WHERE b.FLAG EXCEPT SELECT b.* FROM {batch} b WHERE b.N > 5 "
    "UNION ALL SELECT b.* FROM {batch} b WHERE b.TEXT = 'A' INTERSECT SELECT b.* FROM {batch} b",
    "not in with nulls": "SELECT b.* FROM {batch} b WHERE b.N NOT IN (SELECT f.M FROM {batch} f "
    "WHERE f._submission = b._submission AND f.TEXT = b.OTHER)",
    "reference": "SELECT b.* FROM {batch} b LEFT JOIN reference_place r ON r.code = b.TEXT "
    "WHERE r.size > 2 OR r.price = b.PRICE OR (r.code IS NULL AND b.FLAG)",
    "not in reference": "SELECT b.* FROM {batch} b WHERE NOT EXISTS "
    "(SELECT 1 FROM reference_place r WHERE r.code = b.OTHER AND r.since <= b.DAY AND r.open)",
    "previous": "SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM previous_facts f "
    "WHERE f._council = b._council AND f.TEXT = b.TEXT)",
}


REGEXES = ("A", "^A", "^A$", "1$", r"^\w+$", r"^[^\d]*$", "^.{3}$", "'|%", r"\s", "[ÜÉ]")
SETS: dict[str, list[Any]] = {
    "TEXT": ["A", "Ünï", "O'Brien", "x\ny"],
    "N": [0, 7, 10],
    "PRICE": [0.1, 1.5, 2],
    "DAY": ["2017-04-01", "2018-03-31"],
    "FLAG": [True],
}
RANGES: list[dict[str, Any]] = [
    {"column": "N", "min_value": 0, "max_value": 7},
    {"column": "N", "min_value": 0, "max_value": 7, "strict_min": True, "strict_max": True},
    {"column": "N", "max_value": 6.5},
    {"column": "PRICE", "min_value": 0.1, "max_value": 2.5, "strict_max": True},
    {"column": "COST", "min_value": 0.3},
    {"column": "DAY", "min_value": "2017-04-01", "max_value": "2018-03-31"},
    {"column": "DAY", "min_value": "2017-04-01", "strict_min": True},
]
LENGTHS: list[dict[str, Any]] = [
    {"min_value": 2, "max_value": 4},
    {"min_value": 1, "strict_min": True},
    {"max_value": 4, "strict_max": True},
]
EQUAL = [("PRICE", "COST"), ("N", "PRICE"), ("TEXT", "OTHER"), ("SEEN", "LEFT")]
GREATER = [
    ("UNTIL", "DAY", True),
    ("UNTIL", "DAY", False),
    ("N", "M", False),
    ("N", "PRICE", True),
    ("TEXT", "OTHER", False),
    ("SEEN", "LEFT", True),
]
UNIQUE = [["PERSON", "DAY"], ["TEXT"], ["PRICE", "FLAG"], ["SEEN"]]


def _of_one_column() -> Iterator[tuple[str, dict[str, Any]]]:
    values = "expect_column_values_to_"
    lengths = "expect_column_value_lengths_to_"
    for name in ("TEXT", "N", "DAY", "FLAG"):
        yield f"{values}not_be_null", {"column": name}
    yield f"{values}be_null", {"column": "TEXT"}
    for name, members in SETS.items():
        yield f"{values}be_in_set", {"column": name, "value_set": members}
    yield f"{values}not_be_in_set", {"column": "TEXT", "value_set": SETS["TEXT"]}
    for regex in REGEXES:
        yield f"{values}match_regex", {"column": "TEXT", "regex": regex}
    yield f"{values}not_match_regex", {"column": "TEXT", "regex": "^A"}
    for bounds in RANGES:
        yield f"{values}be_between", bounds
    for bounds in LENGTHS:
        yield f"{lengths}be_between", {"column": "TEXT", **bounds}
    yield f"{lengths}equal", {"column": "TEXT", "value": 4}


def _of_more_columns() -> Iterator[tuple[str, dict[str, Any]]]:
    for a, b in EQUAL:
        pair = {"column_A": a, "column_B": b, **EITHER}
        yield "expect_column_pair_values_to_be_equal", pair
    for a, b, or_equal in GREATER:
        pair = {"column_A": a, "column_B": b, "or_equal": or_equal, **EITHER}
        yield "expect_column_pair_values_a_to_be_greater_than_b", pair
    for columns in UNIQUE:
        unique = {"column_list": ["_submission", *columns], **ANY}
        yield "expect_compound_columns_to_be_unique", unique


def rule(code: str, type_: str, severity: Severity, kwargs: dict[str, Any]) -> Rule:
    meta = RuleMeta(code=code, message=f"Rule {code}")
    return Rule(type=type_, kwargs=kwargs, severity=severity, meta=meta)


def rules() -> list[Rule]:
    """Every kind of rule, many times as notes and queries, and as rules that keep rows out."""
    made = [
        rule(f"{number:03d}", type_, "info", kwargs)
        for number, (type_, kwargs) in enumerate((*_of_one_column(), *_of_more_columns()))
    ]
    made += [
        rule(name, QUERY, "warning", {"unexpected_rows_query": text})
        for name, text in QUERIES.items()
    ]
    bounds = {"min_value": 1, "max_value": 60}
    made.append(rule("rows", "expect_table_row_count_to_be_between", "critical", bounds))
    return [*made, *critical_rules()]


def critical_rules() -> list[Rule]:
    """Rules that keep rows out: a key that comes twice, a value, a parent that is not there."""
    unique = {"column_list": ["_submission", "ID"], **ANY}
    values = {"column": "TEXT", "value_set": ["Smith", "50%"]}
    return [
        rule("C1", "expect_compound_columns_to_be_unique", "critical", unique),
        rule("C2", "expect_column_values_to_not_be_in_set", "critical", values),
        rule("C3", QUERY, "critical", {"unexpected_rows_query": NO_PARENT}),
    ]


def ruleset(judged: list[Rule]) -> Ruleset:
    suite = Suite(name="facts", expectations=tuple(judged))
    spec = Spec(first="2015-16", tables=(FACTS, PEOPLE), parameters={"most": 6})
    return Ruleset(
        return_name="facts",
        spec=spec,
        codes={},
        suites={"facts": suite},
        reference={"place": ReferenceShape(columns=PLACE, digest="0" * 64)},
    )
