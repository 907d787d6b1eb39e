"""A draft's tables as delimited text, in the form its council writes, damage included."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from random import Random

from lgdp.demo.draft import Damage, Draft, Record
from lgdp.demo.looked_after import DATES
from lgdp.demo.pupil_census import MONTHS
from lgdp.demo.sender import Form

SPOKEN = {
    "child_id": "Client ID",
    "scn": "Scottish Candidate Number",
    "date_of_birth": "Date of Birth",
    "episode_start": "Looked After From",
    "episode_end": "Looked After To",
    "placement_start": "Placed From",
    "placement_end": "Placed To",
    "free_school_meal": "FSM",
    "home_postcode": "Postcode",
    "school_name": "Name",
}
REMARKS = ("", "", "", "uniform grant of £120 paid", "see file – café club")


def columns_of(draft: Draft, table: str, headings: Sequence[str]) -> list[str]:
    """The columns the council sends; those it forgets are not among them."""
    return [name for name in headings if (table, name) not in draft.left_out]


def table_text(draft: Draft, table: str, headings: Sequence[str], form: Form, rng: Random) -> bytes:
    """One table as the bytes of a file."""
    columns = columns_of(draft, table, headings)
    if form.shuffled:
        rng.shuffle(columns)
    shown = [SPOKEN.get(name, name) for name in columns] if form.spoken else list(columns)
    records = draft.tables[table]
    rows = _rows(records, columns, form)
    if form.remarks:
        shown.append("remarks")
        rows = ([*row, rng.choice(REMARKS)] for row in rows)
    if any(record.damage for record in records):
        return _damaged(shown, list(rows), records, form)
    return _lines([shown, *rows], form).encode(form.encoding)


def value_as_sent(column: str, value: str, form: Form) -> str:
    """A value as the council writes it: dates and months day first where it does so."""
    if form.day_first and value and (column in DATES or column in MONTHS):
        return "/".join(reversed(value.split("-")))
    return value


def _rows(records: list[Record], columns: list[str], form: Form) -> Iterator[list[str]]:
    if not form.day_first:
        for record in records:
            values = record.values
            yield [values[name] for name in columns]
        return
    for record in records:
        yield [value_as_sent(name, record.values[name], form) for name in columns]


def _lines(rows: Sequence[Sequence[str]], form: Form) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=form.delimiter, lineterminator=form.line_end).writerows(rows)
    return stream.getvalue()


def _damaged(shown: list[str], rows: list[list[str]], records: list[Record], form: Form) -> bytes:
    pieces = [_lines([shown], form).encode(form.encoding)]
    for record, row in zip(records, rows, strict=True):
        pieces.append(_damage_line(record.damage, row, form))
    return b"".join(pieces)


def _damage_line(damage: Damage | None, row: list[str], form: Form) -> bytes:
    if damage == "short":
        row = row[:-1]
    elif damage == "long":
        row = [*row, "x"]
    line = _lines([row], form).encode(form.encoding)
    text = line.rstrip(b"\r\n")
    cut = text.rindex(form.delimiter.encode())
    if damage == "nul":
        return line[:cut] + b"\0" + line[cut:]
    if damage == "bad_byte":
        return line[:cut] + b"\xff" + line[cut:]
    if damage == "open_quote":
        return line[: cut + 1] + b'"' + line[cut + 1 :]
    return line
