"""Signs in a worksheet's XML, in whatever pieces it comes."""

from __future__ import annotations

import pytest

from tests.unit.intake.test_sheet_scan import scanned


@pytest.mark.parametrize("size", [1 << 20, 50, 7, 1])
@pytest.mark.parametrize(
    ("cell", "empty"),
    [
        ('<c r="B2"><f>A1</f></c>', ["B2"]),
        ('<c r="B2"><f>A1</f><v></v></c>', ["B2"]),
        ('<c r="B2"><f>A1</f><v/></c>', ["B2"]),
        ('<c r="B2" s="1"><f t="shared" si="0"/><v /></c>', ["B2"]),
        ('<x:c r="B2"><x:f>A1</x:f></x:c>', ["B2"]),
        ('<c><f>A1</f></c>', ["?"]),
        ('<c r="B2" t="str"><f>A1</f><v></v></c>', []),
        ('<c r="B2"><f>A1</f><v>0</v></c>', []),
        ('<c r="B2"><v>0</v></c>', []),
    ],
)  # fmt: skip
def test_formulas_without_a_result_are_named(cell: str, empty: list[str], size: int) -> None:
    text = f'<row r="2"><c r="A2" t="s"><v>1</v></c>{cell}<c r="C2"><v>2</v></c></row>'
    assert scanned(text, size).signs.empty_formulas == empty


@pytest.mark.parametrize("size", [1 << 20, 50, 7, 1])
def test_hidden_parts_are_counted(size: int) -> None:
    text = (
        '<cols><col min="2" max="4" hidden="1"/><col min="6" max="6" hidden="0"/></cols>'
        '<row r="1" hidden="1"><c r="A1"/></row><row hidden="true" r="2"/><row r="3" hidden="0"/>'
    )
    signs = scanned(text, size).signs
    assert (signs.hidden_rows, signs.hidden_columns) == (2, 3)
