"""Every type: what it accepts, and what it just does not (catalogue 7 and 23 to 27)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lgdp.checks.cast import arrow_type, fit_sql, sql_type, typed_sql
from lgdp.checks.clean import clean_sql
from lgdp.contracts.column import Column

DB = duckdb.connect(config={"threads": 1})
DB.execute("SET TimeZone = 'UTC'")


def typed(column: Column, text: str | None) -> object:
    clean = f"SELECT {clean_sql(column, 'sent')} AS clean FROM (SELECT ?::VARCHAR AS sent)"
    both = f"{typed_sql(column, 'clean')}, {fit_sql(column, 'clean')}"
    row = DB.execute(f"SELECT {both} FROM ({clean})", [text]).fetchone()
    assert row is not None
    value, fit = row
    assert value is None or value == fit, "known to be of the type, a text has another value"
    return value


def column(kind: str, **more: object) -> Column:
    return Column.model_validate({"name": "X", "type": kind, **more})


DAY = date(2010, 2, 3)


@pytest.mark.parametrize(
    ("formats", "text", "expected"),
    [
        (["yyyy-MM-dd"], "2010-02-03", DAY),
        (["yyyy-MM-dd"], "2010-2-3", None),
        (["yyyy-MM-dd"], "2010", None),
        (["yyyy-MM-dd"], "40212", None),
        (["yyyy-MM-dd"], "2010-02-03T00:00:00", None),
        (["yyyy-MM-dd"], "2010-02-30", None),
        (["yyyy-MM-dd"], "2012-02-29", date(2012, 2, 29)),
        (["yyyy-MM-dd"], "2010-02-29", None),
        (["yyyy-MM-dd"], "0001-01-01", None),
        (["yyyy-MM-dd"], "1899-12-31", None),
        (["yyyy-MM-dd"], "1900-01-01", date(1900, 1, 1)),
        (["yyyy-MM-dd"], "2099-12-31", date(2099, 12, 31)),
        (["yyyy-MM-dd"], "2100-01-01", None),
        (["yyyy-MM-dd"], "9999-12-31", None),
        (["yyyy-MM-dd"], "02/03/2010", None),
        (["dd/MM/yyyy"], "03/02/2010", DAY),
        (["dd/MM/yyyy"], "3/2/2010", None),
        (["dd/MM/yyyy"], "31/02/2010", None),
        (["dd/MM/yyyy"], "02/13/2010", None),
        (["dd/MM/yyyy"], "03/02/10", None),
        (["dd/MM/yyyy"], "03-02-2010", None),
        (["dd/MM/yyyy"], "٠٣/٠٢/٢٠١٠", None),
        (["d/M/yyyy"], "3/2/2010", DAY),
        (["d/M/yyyy"], "03/02/2010", DAY),
        (["d/M/yyyy"], "3/2/10", None),
        (["d/M/yyyy"], "03/02/10", None),
        (["d/M/yyyy"], "003/2/2010", None),
        (["dd/MM/yyyy", "yyyy-MM-dd"], "2010-02-03", DAY),
        (["dd/MM/yyyy", "yyyy-MM-dd"], "03/02/2010", DAY),
        (["dd-MMM-yyyy"], "03-Feb-2010", DAY),
        (["dd-MMM-yyyy"], "03-FEB-2010", DAY),
        (["dd-MMM-yyyy"], "03-Fev-2010", None),
        (["yyyyMMdd"], "20100203", DAY),
        (["yyyyMMdd"], "201002030", None),
        (["yyyy-MM"], "2010-02", date(2010, 2, 1)),
        (["yyyy-MM"], "2010-13", None),
        (["yyyy-MMM-dd HH:mm:ss"], "2010-Feb-03 00:00:00", DAY),
        (["yyyy-MMM-dd HH:mm:ss"], "2010-Feb-03 00:00:01", None),
        (["yyyy-MMM-dd HH:mm:ss", "yyyy-MM-dd"], "2010-02-03", DAY),
    ],
)
def test_c23_dates_are_as_declared(formats: list[str], text: str, expected: date | None) -> None:
    assert typed(column("date", formats=formats), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-01-05T12:00:00", datetime(2021, 1, 5, 12, tzinfo=UTC)),
        ("2021-07-05T12:00:00", datetime(2021, 7, 5, 11, tzinfo=UTC)),  # summer time in London
        ("2021-03-28T00:59:59", datetime(2021, 3, 28, 0, 59, 59, tzinfo=UTC)),
        ("2021-03-28T02:00:00", datetime(2021, 3, 28, 1, tzinfo=UTC)),
        ("2021-07-05 12:00:00", None),
        ("2021-07-05", None),
        ("2021-07-05T24:00:00", None),
        ("2021-07-05T12:60:00", None),
        ("1899-07-05T12:00:00", None),
    ],
)
def test_c30_times_are_of_london_and_kept_in_utc(text: str, expected: datetime | None) -> None:
    assert typed(column("datetime"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("12", 12),
        ("+12", 12),
        ("-12", -12),
        ("007", 7),
        ("-0", 0),
        ("9223372036854775807", 9223372036854775807),
        ("9223372036854775808", None),
        ("99999999999", 99999999999),
        ("12.0", None),
        ("12.7", None),
        ("1,234", None),
        ("1e3", None),
        ("1_000", None),
        ("0x10", None),
        ("٣", None),
        ("NaN", None),
        ("Infinity", None),
        ("(123)", None),
        ("£12", None),
        ("1 2", None),
        ("--1", None),
        ("true", None),
    ],
)
def test_c24_integers(text: str, expected: int | None) -> None:
    assert typed(column("integer"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12", 12), ("12.0", 12), ("12.000", 12), ("-1.0", -1), ("12.5", None), ("12.", None)],
)
def test_c24_integers_with_a_point_and_zeros_where_declared(
    text: str, expected: int | None
) -> None:
    assert typed(column("integer", formats=["plain", "point_zero"]), text) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("decimal(5,2)", "1.5", Decimal("1.50")),
        ("decimal(5,2)", "1.50", Decimal("1.50")),
        ("decimal(5,2)", "1.500", Decimal("1.50")),
        ("decimal(5,2)", "1.005", None),
        ("decimal(5,2)", "999.99", Decimal("999.99")),
        ("decimal(5,2)", "1000", None),
        ("decimal(5,2)", "0007.25", Decimal("7.25")),
        ("decimal(5,2)", "-7", Decimal("-7.00")),
        ("decimal(5,2)", "+7", Decimal("7.00")),
        ("decimal(5,2)", ".5", None),
        ("decimal(5,2)", "5.", None),
        ("decimal(5,2)", "1e3", None),
        ("decimal(5,2)", "1,5", None),
        ("decimal(5,2)", "NaN", None),
        ("decimal(5,2)", "٣.٥", None),
        ("decimal(3,0)", "999", Decimal("999")),
        ("decimal(3,0)", "999.0", Decimal("999")),
        ("decimal(3,0)", "999.5", None),
        ("decimal(3,0)", "1000", None),
        ("decimal(2,2)", "0.25", Decimal("0.25")),
        ("decimal(2,2)", "1.25", None),
        ("decimal(38,0)", "9" * 38, Decimal("9" * 38)),
        ("decimal(38,0)", "9" * 39, None),
    ],
)
def test_c25_decimals_are_never_rounded(kind: str, text: str, expected: Decimal | None) -> None:
    assert typed(column(kind), text) == expected


@given(
    st.sampled_from([(5, 2), (2, 2), (3, 0)]),
    st.text("0123456789", max_size=6),
    st.text("0123456789", max_size=4),
    st.sampled_from(["{}.{}", "-{}.{}", "+{}.{}", "{}{}", "{}e{}", "-{}{}"]),
)
def test_a_decimal_is_a_number_that_loses_nothing(
    form: tuple[int, int], whole: str, part: str, written: str
) -> None:
    precision, scale = form
    text = written.format(whole, part)
    exact = None
    if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text):
        number = Decimal(text)
        room = Decimal(10) ** (precision - scale)
        exact = number if number == round(number, scale) and abs(number) < room else None
    assert typed(column(f"decimal({precision},{scale})"), text) == exact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Y", True),
        ("y", True),
        ("yes", True),
        ("TRUE", True),
        ("1", True),
        ("N", False),
        ("false", False),
        ("0", False),
        ("T", None),
        ("2", None),
        ("yes!", None),
    ],
)
def test_c27_truths_are_words(text: str, expected: bool | None) -> None:
    assert typed(column("yes_no"), text) is expected


def test_c27_words_are_those_declared() -> None:
    answer = column("yes_no", words={"yes": ["Aye"], "no": ["Naw"]})
    assert [typed(answer, text) for text in ("AYE", "naw", "Y")] == [True, False, None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EH1 1AA", "EH1 1AA"),
        ("eh11aa", "EH1 1AA"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("G12 8QQ", "G12 8QQ"),
        ("EH1", None),
        ("EH1  1AA", None),
        ("EH1 1A", None),
        ("1EH 1AA", None),
    ],
)
def test_postcodes_have_one_space(text: str, expected: str | None) -> None:
    assert typed(column("postcode"), text) == expected


def test_text_of_a_pattern_is_whole() -> None:
    upn = column("string", pattern="[A-Z][0-9]{3}")
    assert [typed(upn, text) for text in ("A123", "A1234", "xA123", "A123\nx")] == [
        "A123",
        None,
        None,
        None,
    ]


LISTED = r"(?:[a-z]\) )?([^:]*?)(?:: .*)?"


@pytest.mark.parametrize(
    ("kind", "more", "text", "expected"),
    [
        ("string", {}, "q) 6: Police", "6"),
        ("string", {}, " b) Female ", "Female"),
        ("string", {}, "Female", "Female"),
        ("string", {}, "a) b: c: d", "b"),
        ("string", {}, "a:b", "a:b"),
        ("string", {}, "a) ", "a)"),
        ("string", {"upper": True}, "q) 3d: Health", "3D"),
        ("string", {"null_tokens": ["None"]}, "a) None", None),
        ("string", {"pattern": "[0-9]"}, "q) 6: Police", "6"),
        ("string", {"pattern": "[0-9]"}, "q) 66: Police", None),
        ("yes_no", {}, "b) No", False),
        ("yes_no", {}, "c) Perhaps", None),
        ("string", {"takes": "(.*)x"}, "x", None),
        ("integer", {"takes": r"([0-9]+)\.[0-9]+"}, "6.138261464750171", 6),
        ("integer", {"takes": r"([0-9]+)\.[0-9]+"}, "6", 6),
        ("integer", {"takes": r"([0-9]+)\.[0-9]+"}, "6.x", None),
    ],
)
def test_the_part_of_a_text_that_is_taken(
    kind: str, more: dict[str, object], text: str, expected: object
) -> None:
    assert typed(column(kind, **{"takes": LISTED, **more}), text) == expected


@pytest.mark.parametrize(
    ("kind", "sql", "arrow"),
    [
        ("string", "VARCHAR", pa.string()),
        ("integer", "BIGINT", pa.int64()),
        ("decimal(5,2)", "decimal(5,2)", pa.decimal128(5, 2)),
        ("date", "DATE", pa.date32()),
        ("datetime", "TIMESTAMPTZ", pa.timestamp("us", tz="UTC")),
        ("yes_no", "BOOLEAN", pa.bool_()),
        ("postcode", "VARCHAR", pa.string()),
    ],
)
def test_a_type_is_the_same_in_both_engines(kind: str, sql: str, arrow: pa.DataType) -> None:
    assert sql_type(column(kind)) == sql
    assert arrow_type(kind) == arrow
