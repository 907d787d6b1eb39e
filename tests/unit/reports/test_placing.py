"""Where records and columns are in a file as a person sees it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from lgdp.contracts.ruleset import Ruleset
from lgdp.intake.sent_file import look_at
from lgdp.reports.layout import Layout
from lgdp.reports.placing import layouts_by_file, layouts_of
from tests.unit.contracts.small_conf import care
from tests.unit.intake.sent import LIMITS
from tests.unit.intake.test_workbooks import workbook

HEADER = "ID,BORN,COLOUR,WEIGHT"
ROWS = ("A1,01/02/2010,,", "A2,01/02/2010,,", "A3,01/02/2010,,")


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    contract = care(tmp_path_factory.mktemp("conf"))
    return contract.ruleset(contract.read_period("2020-21"))


def place(folder: Path, name: str, data: bytes, ruleset: Ruleset, *records: int) -> list[Layout]:
    path = folder / name
    path.write_bytes(data)
    return layouts_of(look_at(path), ruleset, LIMITS, frozenset(records))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_lines_are_counted_as_an_editor_counts_them(
    end: str, mark: bytes, ruleset: Ruleset, tmp_path: Path
) -> None:
    data = mark + end.join((HEADER, *ROWS, "")).encode()
    (layout,) = place(tmp_path, "child.csv", data, ruleset, 1, 3)
    assert (layout.table, layout.sheet, layout.rows) == ("child", "", {1: 2, 3: 4})
    assert layout.letters == {"ID": "A", "BORN": "B", "COLOUR": "C", "WEIGHT": "D"}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_titles_blank_lines_and_values_of_several_lines_are_counted(
    end: str, ruleset: Ruleset, tmp_path: Path
) -> None:
    lines = ("Our children,,,", "", HEADER + ",NOTE", "", ROWS[0] + ',"a', 'b"', "", ROWS[1] + ",")
    data = end.join((*lines, "")).encode()
    (layout,) = place(tmp_path, "child.csv", data, ruleset, 1, 2)
    assert layout.rows == {1: 5, 2: 8}
    assert layout.letters["NOTE"] == "E"


def test_a_heading_is_known_as_it_was_sent(ruleset: Ruleset, tmp_path: Path) -> None:
    data = b"favourite COLOUR;ID;born\nRED;A1;01/02/2010\n"
    (layout,) = place(tmp_path, "c.csv", data, ruleset, 1)
    assert layout.headings == {"COLOUR": "favourite COLOUR", "ID": "ID", "BORN": "born"}
    assert layout.letters == {"COLOUR": "A", "ID": "B", "BORN": "C"}


def test_rows_of_a_workbook_are_those_of_the_sheet(ruleset: Ruleset, tmp_path: Path) -> None:
    sheets = {
        "About": [("a title",)],
        "child": [
            ("Our children",),
            (None,),
            (None, "ID", "BORN", "WEIGHT"),
            (None, "A1", "01/02/2010", 3.5),
            (None,),
            (None, "A2", "01/02/2010", 4),
        ],
        "visit": [("ID", "SEEN"), ("A1", "01/06/2020")],
    }
    child, visit = place(tmp_path, "all.xlsx", workbook(sheets), ruleset, 1, 2)
    assert (child.table, child.sheet, child.rows) == ("child", "child", {1: 4, 2: 6})
    assert child.letters["ID"] == "B"
    assert (visit.table, visit.rows, visit.letters["SEEN"]) == ("visit", {1: 2}, "B")


def test_a_table_that_begins_in_another_column_has_its_letters(
    ruleset: Ruleset, tmp_path: Path
) -> None:
    rows = [(), (None, None, "ID", "BORN"), (None, None, "A1", "01/02/2010")]
    (child,) = place(tmp_path, "c.xlsx", workbook({"child": rows}), ruleset, 1)
    assert (child.letters, child.rows) == ({"ID": "C", "BORN": "D"}, {1: 3})


def test_files_in_an_archive_have_their_own_places(ruleset: Ruleset, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/child.csv", "\n".join((HEADER, "", *ROWS)))
        archive.writestr("visit.csv", "ID,SEEN\nA1,01/06/2020\n")
    asked = {"all.zip/a/child.csv": {2}}
    found = layouts_by_file([look_at(path)], ruleset, LIMITS, asked)
    assert {name: [each.rows for each in layouts] for name, layouts in found.items()} == {
        "all.zip/a/child.csv": [{2: 4}]
    }


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xml", b"<Care><Child><Id>A1</Id></Child></Care>"),
        ("a.csv", b"this,is,no,header\n1,2,3,4\n"),
        ("a.xlsx", b"PK\x03\x04 not a workbook"),
    ],
)
def test_what_has_no_lines_or_can_t_be_read_has_no_layout(
    name: str, data: bytes, ruleset: Ruleset, tmp_path: Path
) -> None:
    assert place(tmp_path, name, data, ruleset, 1) == []
