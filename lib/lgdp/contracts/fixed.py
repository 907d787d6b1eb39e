"""How a table is laid out in a file of fixed width."""

from __future__ import annotations

from pydantic import Field, model_validator

from lgdp.contracts.strict import Strict


class FixedTable(Strict):
    """Each line is a record; a column is at the same characters in all of them.

    `columns` gives the first and last character of each column, from 1. `width` is the number of
    characters that every line has, if they all have to. The first `header_lines` are left out.
    """

    columns: dict[str, tuple[int, int]] = Field(min_length=1)
    width: int | None = Field(default=None, gt=0)
    header_lines: int = Field(default=0, ge=0, le=20)

    @model_validator(mode="after")
    def _do_not_overlap(self) -> FixedTable:
        wrong, end_before, name_before = [], 0, ""
        for name, (first, last) in sorted(self.columns.items(), key=lambda item: item[1]):
            if not 1 <= first <= last:
                wrong.append(f"{name} is from character {first} to {last}, which is nowhere")
            elif first <= end_before:
                wrong.append(f"{name} begins before {name_before} ends")
            end_before, name_before = max(end_before, last), name
        if self.width is not None and end_before > self.width:
            wrong.append(f"{name_before} ends behind the width of {self.width}")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self
