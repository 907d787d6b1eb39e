"""Text is trimmed of what is not seen, composed, and null where that is declared (7 and 19)."""

from __future__ import annotations

import unicodedata

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lgdp.checks.clean import INVISIBLE, clean_sql
from lgdp.contracts.column import Column

DB = duckdb.connect(config={"threads": 1})


def column(kind: str, **more: object) -> Column:
    return Column.model_validate({"name": "X", "type": kind, **more})


def cleaned(column: Column, text: str | None) -> str | None:
    sql = f"SELECT {clean_sql(column, 'sent')} FROM (SELECT ?::VARCHAR AS sent)"
    row = DB.execute(sql, [text]).fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("", None),
        ("   ", None),
        ("\u00a0\u200b\ufeff\t", None),
        ("a", "a"),
        (" a ", "a"),
        ("\t a\r\n", "a"),
        ("\u00a0a\u202f", "a"),
        ("\ufeffa\u200b", "a"),
        ("\u200ea\u200f", "a"),
        ("a\u00ad", "a"),
        ("a\u200d", "a"),
        ("a \u00a0 b", "a \u00a0 b"),
        ("é", "é"),
        ("e\u0301", "é"),
        (" e\u0301\u00a0", "é"),
        ("É é", "É é"),
        ("’x’", "’x’"),
        ("中", "中"),
        ("😀", "😀"),
        ("~", "~"),
        ("!", "!"),
        ("it's", "it's"),
    ],
)
def test_c07_text_is_trimmed_and_composed(text: str | None, expected: str | None) -> None:
    assert cleaned(column("string"), text) == expected


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        # A row that holds NUL is set aside before its text is looked at.
        st.characters(exclude_categories=("Cs", "Cn", "Co"), exclude_characters="\0"),
        max_size=8,
    )
)
def test_c07_trimming_is_what_it_says(text: str) -> None:
    expected = unicodedata.normalize("NFC", text.strip(INVISIBLE)) or None
    got = cleaned(column("string"), text)
    # The engines may know different versions of Unicode; what is seen at the ends is what matters.
    if got != expected:
        assert got is not None
        assert expected is not None
        assert unicodedata.normalize("NFKC", got) == unicodedata.normalize("NFKC", expected)


def test_c19_null_tokens_are_those_declared() -> None:
    plain, declared = column("string"), column("string", null_tokens=["NULL", "."])
    texts = ("NULL", "null", ".", " . ", "N/A")
    assert [cleaned(plain, text) for text in texts] == ["NULL", "null", ".", ".", "N/A"]
    assert [cleaned(declared, text) for text in texts] == [None, "null", None, None, "N/A"]
    upper = column("string", upper=True, null_tokens=["null"])
    assert [cleaned(upper, text) for text in texts] == [None, None, ".", ".", "N/A"]
