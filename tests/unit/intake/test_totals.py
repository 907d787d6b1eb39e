"""A row of totals below the records: kept out with a reason, or left out with a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.contracts.small_conf import SPEC, care
from tests.unit.intake.sent import Read, read

HEADER = "ID,BORN,COLOUR,WEIGHT\n"


def read_child(folder: Path, text: str, accepted: bool = False) -> Read:
    spec = SPEC.replace("xml: {root", "around: {totals: accepted}\nxml: {root")
    contract = care(folder / "totals", specs={"2020-21": spec if accepted else SPEC})
    return read(folder, {"child.csv": text}, contract=contract)


@pytest.mark.parametrize(
    "word", ["Total", " TOTAL ", "Grand total", "Totals:", "Total for Fife", "Sum"]
)
def test_c16_a_row_of_totals_is_kept_out(word: str, tmp_path: Path) -> None:
    got = read_child(tmp_path, HEADER + f"A1,,,5\nA2,,,6\n{word},,,11\n")
    assert got.rows("child", "_row", "ID", "WEIGHT", "_defect") == [
        (1, "A1", "5", None),
        (2, "A2", "6", None),
        (3, word, "11", "TOTALS_ROW"),
    ]


def test_c16_a_row_of_totals_is_left_out_and_told_where_it_is_accepted(tmp_path: Path) -> None:
    got = read_child(tmp_path, HEADER + "A1,,,5\n\nTotal,,,5\n", accepted=True)
    assert got.rows("child", "_row", "ID", "_defect") == [(1, "A1", None)]
    assert [(item.code, item.row, item.message) for item in got.findings] == [
        ("BLANK_ROWS", None, "Blank lines are among the others (1); they were left out."),
        ("TOTALS_ROW", 2, "Record 2 is a row of totals; it was left out."),
    ]


@pytest.mark.parametrize(
    "rows",
    ["Total,,,5\nA1,,,5\n", "Totally,,,5\n", "A1,,Total,5\n", ",,,Total\n", "Total,,,5\nshort\n"],
    ids=["not the last", "another word", "no key", "last column", "followed by a damaged one"],
)
def test_other_rows_are_none(rows: str, tmp_path: Path) -> None:
    got = read_child(tmp_path, HEADER + rows)
    assert "TOTALS_ROW" not in [defect for (defect,) in got.rows("child", "_defect")]


def test_it_is_the_last_of_many_blocks_too(tmp_path: Path) -> None:
    text = HEADER + "A1,,,5\n" * 600_000 + "Total,,,3000000\n"
    assert len(text) > 1 << 22
    got = read_child(tmp_path, text)
    assert [row for row in got.rows("child", "_row", "_defect") if row[1]] == [
        (600_001, "TOTALS_ROW")
    ]
