"""Cells of a workbook as the text that they would be in a CSV file."""
# ruff: noqa: E501  (one case a line)

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lgdp.contracts.column import Column
from lgdp.intake.cell import cell_text


@pytest.mark.parametrize(
    ("cell", "kind", "formats", "text"),
    [
        (date(2021, 2, 3), "date", ("dd/MM/yyyy",), "03/02/2021"),
        (date(2021, 2, 3), "date", ("d/M/yyyy",), "3/2/2021"),
        (date(2021, 12, 13), "date", ("yyyy-MMM-dd HH:mm:ss", "yyyy-MM-dd"), "2021-Dec-13 00:00:00"),
        (date(999, 2, 3), "date", (), "0999-02-03"),
        (datetime(2021, 2, 3), "date", (), "2021-02-03"),  # noqa: DTZ001
        (datetime(2021, 2, 3, 4, 5, 6), "date", (), "2021-02-03T04:05:06"),  # noqa: DTZ001
        (datetime(2021, 2, 3, 4, 5, 6), "datetime", (), "2021-02-03T04:05:06"),  # noqa: DTZ001
        (datetime(2021, 2, 3, 4, 5, 6), "datetime", ("d/M/yyyy HH:mm",), "3/2/2021 04:05"),  # noqa: DTZ001
        (timedelta(hours=1), "string", (), "1:00:00"),
        (-5.0, "integer", (), "-5"),
        (float("1e20"), "integer", (), "1e+20"),
        (True, "yes_no", (), "True"),
        ("", "string", (), None),
        (None, "string", (), None),
    ],
)  # fmt: skip
def test_a_cell_as_text(
    cell: object, kind: str, formats: tuple[str, ...], text: str | None
) -> None:
    assert cell_text(cell, Column(name="X", type=kind, formats=formats)) == text
