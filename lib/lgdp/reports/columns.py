"""The columns of a section of the report, the same in every kind of file."""

from __future__ import annotations

from dataclasses import dataclass

from lgdp.contracts.column import Severity
from lgdp.reports.error_report import Item, RuleLine

ANSWER = "Your explanation"
BECAUSE = "Kept out because of"
REFERENCE = "Reference"
FOR_ALL = "Write an explanation here to answer for all of them at once."


@dataclass(frozen=True)
class Heading:
    """A column: its heading, and the least and most characters of its width."""

    text: str
    least: int
    most: int


HEADINGS = (
    Heading("File", 10, 26),
    Heading("Row", 6, 10),
    Heading("Column", 8, 8),
    Heading("Column name", 12, 26),
    Heading("Record", 12, 26),
    Heading("Value sent", 10, 20),
    Heading("What is wrong", 30, 46),
    Heading("What is expected", 26, 42),
    Heading(ANSWER, 40, 40),
    Heading(BECAUSE, 20, 26),
    Heading("Table", 8, 18),
    Heading("Rule", 8, 16),
    Heading("Record number", 9, 9),
    Heading(REFERENCE, 18, 18),
)
ONLY_FOR: dict[str, Severity] = {ANSWER: "warning", BECAUSE: "critical"}
"""Columns that one section has and the others have not."""


def headings_of(severity: Severity) -> list[Heading]:
    """The columns of a section, in order."""
    return [each for each in HEADINGS if ONLY_FOR.get(each.text, severity) == severity]


def cells_of(line: Item | RuleLine) -> dict[str, str | int]:
    """The cells of a line by heading, numbers as numbers; what is not known is left out."""
    if isinstance(line, RuleLine):
        cells: dict[str, str | int] = {
            "Column name": line.column,
            "What is wrong": line.heading,
            "Table": line.table,
            "Rule": line.code,
            REFERENCE: line.reference,
        }
        if line.severity == "warning":
            cells["What is expected"] = FOR_ALL
        return cells
    cells = {
        "File": line.place,
        "Column": line.letter,
        "Column name": line.column_shown,
        "Record": line.key,
        "Value sent": line.value,
        "What is wrong": line.wrong,
        "What is expected": line.expected,
        BECAUSE: line.because,
        "Table": line.table,
        "Rule": line.code,
        REFERENCE: line.reference,
    }
    for heading, number in (("Row", line.row), ("Record number", line.record)):
        if number is not None:
            cells[heading] = number
    return cells
