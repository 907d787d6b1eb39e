"""A worksheet is looked at before it is opened: how far it reaches, and where errors are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from lgdp.errors import FileRejected
from lgdp.intake.sheet_scan import SheetScan
from tests.unit.intake.sent import read


def scanned(text: str, size: int = 1 << 20) -> SheetScan:
    """A scan of XML that comes in pieces of that size."""
    content = text.encode()
    scan = SheetScan()
    scan.run(content[start : start + size] for start in range(0, len(content), size))
    return scan


@pytest.mark.parametrize("size", [1 << 20, 7, 1])
@pytest.mark.parametrize(
    ("text", "rows", "columns"),
    [
        ("<sheetData/>", 0, 0),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="2"/></row>', 1, 2),
        ('<row r="9"><c r="A9"/></row><row r="12"><c r="AA12" t="s"><v>0</v></c></row>', 12, 27),
        ('<row r="12"><c r="XFD12"/></row><row r="9"><c r="A9"/></row>', 12, 16384),
        ("<row><c><v>1</v></c><c/></row><row/><row><c/></row>", 3, 2),
        ('<row r="5"><c/><c r="D5"/><c/></row><row><c/></row>', 6, 5),
        ('<x:row r="2"><x:c r="C2"/></x:row>', 2, 3),
        ('<row r="2"><c\n  t="n"\tr="C2"><f>a</f></c></row>', 2, 3),
        ('<cols><col min="1"/></cols><row r="2" spans="1:3"><c r="C2"/></row><conditional/>', 2, 3),
    ],
)
def test_a_sheet_reaches_to_its_last_row_and_column(
    text: str, rows: int, columns: int, size: int
) -> None:
    scan = scanned(text, size)
    assert (scan.rows, scan.columns, scan.signs.errors) == (rows, columns, [])


def test_errors_are_named() -> None:
    text = '<row r="2"><c r="A2" t="e"><v>#REF!</v></c><c t="e"/><c t="e" s="1" r="D2"/></row>'
    assert scanned(text).signs.errors == ["A2", "?", "D2"]


@pytest.mark.parametrize(
    "tag",
    [
        "<c r='A1'>",
        '<c r = "A1">',
        '<c x=">" r="XFD1048576">',
        '<c r="&#65;1">',
        '<c r="A12345678">',
    ],
)
def test_a_place_that_is_not_plainly_written_is_refused(tag: str) -> None:
    with pytest.raises(FileRejected) as caught:
        scanned(f'<row r="1">{tag}<v>1</v></c></row>')
    assert caught.value.code == "UNREADABLE"


def sheet(cells: list[tuple[int, int]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        visit = book.add_worksheet("visit")
        for row, column in cells:
            visit.write(row, column, "ID")
    return stream.getvalue()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), min_size=1, max_size=6))
def test_no_cell_is_outside_of_what_was_found(cells: list[tuple[int, int]]) -> None:
    opened = CalamineWorkbook.from_filelike(io.BytesIO(sheet(cells))).get_sheet_by_name("visit")
    text = "".join(f'<c r="{xlsxwriter.utility.xl_rowcol_to_cell(*cell)}"/>' for cell in cells)
    scan = scanned(text)
    assert opened.end == (scan.rows - 1, scan.columns - 1)


@pytest.mark.parametrize("cell", [(1_048_575, 16_383), (999_999, 25), (50_000, 500)])
def test_c37_two_cells_far_apart_do_not_take_all_memory(
    cell: tuple[int, int], tmp_path: Path
) -> None:
    got = read(tmp_path, {"care.xlsx": sheet([(0, 0), cell])})
    message = (
        f"The sheet 'visit' spans {cell[0] + 1:,} rows and {cell[1] + 1:,} columns; at most "
        "22,000,000 cells are read. Delete what is outside the table, or send the table as CSV."
    )
    assert got.refusals == [("SHEET_TOO_LARGE", message, None)]
