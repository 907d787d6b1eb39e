"""Columns that need no cleaning are known from the footer of a bronze file."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lgdp.checks.clean import INVISIBLE
from lgdp.intake.arrays import strings
from lgdp.intake.bronze import BronzeSink, row_batch
from lgdp.intake.bronze_file import read_footer
from lgdp.intake.tidy import is_tidy
from tests.unit.contracts.small_conf import care
from tests.unit.intake.sent import COUNCIL, SUBMISSION

VALUES = st.lists(
    st.one_of(st.none(), st.text('a ~!\x7f\t"\xa0\xad\xbf\xc0é\u02ff\u0300\u200b', max_size=3)),
    max_size=6,
)


def is_bare(value: str | None) -> bool:
    """Whether there is nothing to trim, compose or take for blank."""
    if value is None:
        return True
    return (
        value != ""
        and max(value) < "\u0300"
        and all("!" <= end <= "~" or end >= "À" for end in (value[0], value[-1]))
    )


def test_letters_that_are_tidy_are_neither_trimmed_nor_composed() -> None:
    for letter in map(chr, range(0xC0, 0x300)):
        assert is_tidy(strings([letter])), letter
        assert letter not in INVISIBLE
        assert unicodedata.is_normalized("NFC", letter), letter


@given(VALUES, st.integers(0, 3))
def test_a_column_is_tidy_if_every_value_is(values: list[str | None], start: int) -> None:
    column = strings(values)
    assert is_tidy(column) == all(map(is_bare, values))
    assert is_tidy(column.slice(start)) == all(map(is_bare, values[start:]))


def test_a_file_says_which_of_its_columns_are_tidy(tmp_path: Path) -> None:
    contract = care(tmp_path / "conf")
    table = contract.ruleset(contract.read_period("2020-21")).table("child")
    sink = BronzeSink(tmp_path, SUBMISSION, COUNCIL)
    rows = [("A1", "x ", "RED"), ("A2", "x", "e\u0301"), ("A3", "x", None)]
    for number, (id_, born, colour) in enumerate(rows, start=1):
        row = {"ID": id_, "BORN": born, "COLOUR": colour, "_row": number, "_file": "child.csv"}
        sink.write(table, row_batch(table, [row]))
    sink.close()
    assert read_footer(sink.path("child")).tidy == {"ID", "WEIGHT"}


@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_a_column_of_nothing_is_tidy(values: list[None]) -> None:
    assert is_tidy(strings(values))
