"""One cell of a workbook as the text that it would be in a CSV file."""

from __future__ import annotations

import re
from datetime import date, datetime

from lgdp.contracts.column import Column

EXACT = 1e15
"""A worksheet keeps fifteen digits of a number."""
LETTERS = re.compile(r"yyyy|MMM|MM|M|dd|d|HH|mm|ss|'[^']*'|.")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def cell_text(cell: object, column: Column | None) -> str | None:
    """A cell as text; null when it is empty. Dates are in the first format the column accepts."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "True" if cell else "False"
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < EXACT
        return str(int(cell)) if whole else f"{cell:.15g}"
    if isinstance(cell, date):
        return _moment_text(cell, column)
    return str(cell)


def _moment_text(cell: date, column: Column | None) -> str:
    moment = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 (as written)
    has_time = (moment.hour, moment.minute, moment.second) != (0, 0, 0)
    if column is None or column.type not in ("date", "datetime"):
        return moment.isoformat() if has_time else moment.date().isoformat()
    if has_time and column.type == "date":
        return moment.isoformat()
    parts = {
        "yyyy": f"{moment.year:04}",
        "MMM": MONTHS[moment.month - 1],
        "MM": f"{moment.month:02}",
        "M": str(moment.month),
        "dd": f"{moment.day:02}",
        "d": str(moment.day),
        "HH": f"{moment.hour:02}",
        "mm": f"{moment.minute:02}",
        "ss": f"{moment.second:02}",
    }
    pieces = LETTERS.findall(column.accepted_formats[0])
    return "".join(parts.get(piece, piece.strip("'")) for piece in pieces)
