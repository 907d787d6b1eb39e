"""A row of totals below the last record: it is no record, and would be counted as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lgdp.contracts.heading import fold
from lgdp.contracts.spec import Around
from lgdp.intake.finding import Finding
from lgdp.intake.header import HeaderMatch

TOTAL = re.compile(r"(?:grand|sub|overall)?totals?(?:for.*)?|sum")
DEFECT = "TOTALS_ROW"


class TotalsWatch:
    """Shown the last record of a table; says whether it is a row of totals, and what becomes of it.

    It is, if its first cell that is filled says so and is a key without a code list: where there
    are codes, `Total` may be one of them.
    """

    def __init__(self, match: HeaderMatch, around: Around) -> None:
        table = match.table
        self._table = table.name
        self._are_accepted = around.totals == "accepted"
        self._may_say_so = [
            column is not None and column in table.key and table.column(column).codes is None
            for column in match.columns
        ]
        self._number: int | None = None

    def is_total(self, texts: Sequence[str | None]) -> bool:
        """Whether a record's texts are those of a row of totals."""
        for place, text in enumerate(texts):
            if text is not None and text.strip():
                keyed = place < len(self._may_say_so) and self._may_say_so[place]
                return keyed and TOTAL.fullmatch(fold(text)) is not None
        return False

    def leaves_out(self, number: int, texts: Sequence[str | None]) -> bool:
        """Whether record `number`, the last one, is left out; `notes` will say so."""
        if self._are_accepted and self.is_total(texts):
            self._number = number
        return self._number == number

    def notes(self, file: str) -> Iterator[Finding]:
        """What was left out."""
        if self._number is not None:
            message = f"Record {self._number:,} is a row of totals; it was left out."
            yield Finding(file, DEFECT, "info", message, self._table, row=self._number)
