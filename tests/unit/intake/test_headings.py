"""Headings: columns are found by name, never by place (catalogue 13 to 16)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.contracts.small_conf import SPEC, care
from tests.unit.intake.sent import read

HEADER = "ID,SEEN,ALONE,MINUTES,NOTE\n"


def test_c13_columns_are_found_by_their_headings(tmp_path: Path) -> None:
    text = 'note ,MINUTES,Id,"Seen",a_l_o_n_e\nn,5,A1,01/02/2021,Y\n'
    got = read(tmp_path, {"whatever.csv": text})
    row = got.rows("visit", "_row", "ID", "SEEN", "ALONE", "MINUTES", "NOTE", "_extra")
    assert row == [(1, "A1", "01/02/2021", "Y", "5", "n", None)]
    (note,) = got.findings
    message = "Headings have white space around them: 'note '; it was taken off."
    assert (note.code, note.severity, note.message) == ("HEADING_SPACES", "info", message)


def test_c14_another_heading_of_a_column_is_declared(tmp_path: Path) -> None:
    got = read(tmp_path, {"x.csv": "id,BORN,favourite colour,weight\nA1,01/02/2010,RED,5.5\n"})
    assert got.rows("child", "ID", "COLOUR") == [("A1", "RED")]


def test_c14_a_column_that_may_not_be_blank_has_to_be_there(tmp_path: Path) -> None:
    got = read(tmp_path, {"visit.csv": "ALONE,MINUTES,NOTE\nY,5,n\n"})
    message = (
        "Table visit needs the columns ID, SEEN, which the file does not have. Add what is missing "
        "and send the file again."
    )
    assert got.refusals == [("MISSING_COLUMN", message, None)]


def test_c14_a_column_that_may_be_blank_is_blank_if_it_is_not_there(tmp_path: Path) -> None:
    got = read(tmp_path, {"visit.csv": "ID,SEEN,ALONE\nA1,01/02/2021,Y\n"})
    assert got.rows("visit", "ID", "ALONE", "MINUTES", "NOTE") == [("A1", "Y", None, None)]
    assert [(item.code, item.column, item.message) for item in got.findings] == [
        (
            "ABSENT_COLUMN",
            name,
            f"The column {name} of visit is not in the file; it was taken as blank.",
        )
        for name in ("MINUTES", "NOTE")
    ]


def test_c14_columns_that_nobody_declared_are_kept_in_their_order(tmp_path: Path) -> None:
    text = "Zeta,ID,SEEN,ALONE,,MINUTES,NOTE,Alpha\nz1,A1,,Y,m,5,n,a1\n,A2,,Y,,5,n,\n,A3,,,,,,a3\n"
    got = read(tmp_path, {"visit.csv": text})
    assert got.rows("visit", "_row", "ID", "_extra") == [
        (1, "A1", [("Zeta", "z1"), ("column 5", "m"), ("Alpha", "a1")]),
        (2, "A2", None),
        (3, "A3", [("Alpha", "a3")]),
    ]
    assert [(item.code, item.column) for item in got.findings] == [
        ("UNKNOWN_COLUMN", "Zeta"),
        ("UNKNOWN_COLUMN", "column 5"),
        ("UNKNOWN_COLUMN", "Alpha"),
    ]
    assert got.findings[0].message == (
        "The column 'Zeta' is not part of visit; it is kept, and not used."
    )


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("ID,SEEN,ID,MINUTES", "ID"),
        ("ID,SEEN,id ,MINUTES", "ID"),
        ("ID,SEEN,MINUTES,Extra,extra", "extra"),
    ],
)
def test_c15_a_heading_that_occurs_twice_is_refused(
    header: str, named: str, tmp_path: Path
) -> None:
    got = read(tmp_path, {"visit.csv": header + "\n"})
    message = (
        f"The heading {named} occurs more than once. Name each column once, so that it is certain "
        "which values count."
    )
    assert got.refusals == [("DUPLICATE_HEADER", message, None)]


@pytest.mark.parametrize(
    "text",
    ["A1,01/02/2021,Y,5,n\n", "hello\n", '"\n', "title\n" * 20 + HEADER],
    ids=["no header", "prose", "a quote", "below twenty rows"],
)
def test_c16_a_file_without_a_header_is_refused(text: str, tmp_path: Path) -> None:
    got = read(tmp_path, {"visit.csv": text})
    message = (
        "The first row is not the header of any table of care. Put the column names in the first "
        "row. Expected one of: child: ID, BORN, COLOUR, WEIGHT; visit: ID, SEEN, ALONE, MINUTES, "
        "NOTE"
    )
    assert got.refusals[0] == ("UNRECOGNISED", message, None)
    assert got.tables == {}


@pytest.mark.parametrize(
    ("above", "said"),
    [
        ("Visits 2020-21\n\n", "1 row is above it, left out. It is row 2"),
        ('Visits,,,,\n"Fife, 2021",,,,\n,,,,\n', "2 rows are above it, left out. It is row 3"),
        ("title\n" * 19, "19 rows are above it, left out. It is row 20"),
    ],
)
def test_c16_titles_above_the_header_are_left_out_and_told(
    above: str, said: str, tmp_path: Path
) -> None:
    got = read(tmp_path, {"visit.csv": above + HEADER + "A1,01/02/2021,Y,5,n\n"})
    assert got.rows("visit", "_row", "ID", "NOTE") == [(1, "A1", "n")]
    (note,) = [item for item in got.findings if item.code != "BLANK_ROWS"]
    message = f"The header was found below titles: {said}, blank rows not counted."
    assert (note.code, note.severity, note.message) == ("TITLE_ROWS", "info", message)


def test_c16_titles_are_refused_where_the_return_says_so(tmp_path: Path) -> None:
    spec = SPEC.replace("xml: {root", "around: {titles: refused}\nxml: {root")
    contract = care(tmp_path / "strict", specs={"2020-21": spec})
    got = read(tmp_path, {"visit.csv": "Visits\n" + HEADER}, contract=contract)
    message = (
        "The header of visit is not the first row: 1 row is above it. Delete what is above the "
        "header, and send the file again."
    )
    assert got.refusals == [("TITLE_ROWS", message, None)]


def test_a_heading_may_hold_a_line_end(tmp_path: Path) -> None:
    text = '\n"ID\n","SEEN",ALONE,MINUTES,"NO\r\nTE"\nA1,,,,x\nbad\n'
    got = read(tmp_path, {"visit.csv": text})
    assert got.rows("visit", "_row", "ID", "NOTE") == [(1, "A1", "x"), (2, None, None)]


TWINS = """\
first: 2020-21
description: Two tables of the same columns.
tables:
  arrivals:
    key: [ID]
    columns: {ID: {type: string, required: true}, DAY: {type: date}}
  leavers:
    key: [ID]
    columns: {ID: {type: string, required: true}, DAY: {type: date}}
"""


def test_a_file_s_name_decides_between_tables_of_the_same_columns(tmp_path: Path) -> None:
    contract = care(tmp_path / "twins", specs={"2020-21": TWINS})
    files = {"Leavers 2021.csv": "ID,DAY\nA1,\n", "my_arrivals.csv": "ID,DAY\nA2,\n"}
    got = read(tmp_path, files, contract=contract)
    assert got.rows("leavers", "ID") == [("A1",)]
    assert got.rows("arrivals", "ID") == [("A2",)]
    got = read(tmp_path, {"people.csv": "ID,DAY\nA1,\n"}, contract=contract)
    message = (
        "The header fits arrivals and leavers equally well. Name the file after the table that "
        "it is."
    )
    assert got.refusals == [("AMBIGUOUS", message, None)]


PLACED = """\
first: 2020-21
description: A file without a header, of a recipient that knows columns by their places.
tables:
  cases:
    key: [REF]
    positional: true
    columns: {LA: {type: string}, REF: {type: string, required: true}, NOTE: {type: string}}
"""


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("150,A1,x\n150,A2,\n", [("150", "A1", "x", 1), ("150", "A2", None, 2)]),
        ("\n150;A1;x, y\n", [("150", "A1", "x, y", 1)]),
        ('150\tA1\t"x\n"\n', [("150", "A1", "x\n", 1)]),
        ("note,ref,la\nx,A1,150\n", [("150", "A1", "x", 1)]),
    ],
)
def test_a_positional_table_needs_no_header(
    text: str, rows: list[tuple[object, ...]], tmp_path: Path
) -> None:
    contract = care(tmp_path / "placed", specs={"2020-21": PLACED})
    got = read(tmp_path, {"batch.txt": text}, contract=contract)
    assert got.rows("cases", "LA", "REF", "NOTE", "_row") == rows
    assert got.findings == ()


def test_a_damaged_first_record_of_a_positional_table_is_set_aside_like_any_other(
    tmp_path: Path,
) -> None:
    contract = care(tmp_path / "placed", specs={"2020-21": PLACED})
    got = read(tmp_path, {"batch.txt": "150,A1\n150,A2,x\n150,A3,x,y\n"}, contract=contract)
    assert got.rows("cases", "_row", "REF", "_defect") == [
        (1, None, "TOO_FEW_FIELDS"),
        (2, "A2", None),
        (3, None, "TOO_MANY_FIELDS"),
    ]


def test_a_file_of_too_many_columns_for_its_places_is_refused(tmp_path: Path) -> None:
    contract = care(tmp_path / "placed", specs={"2020-21": PLACED})
    got = read(tmp_path, {"batch.txt": "150|A1|x|y\n150|A2|x|y\n"}, contract=contract)
    message = (
        "The first record is no header, and it has 4 fields with '|' between them, not 3 (cases). "
        "Send every column in its place, or put the column names in the first row."
    )
    assert got.refusals == [("UNRECOGNISED", message, None)]
    assert got.tables == {}
