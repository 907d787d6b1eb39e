"""The benchmark's file: one table of home visits as CSV, the same bytes for the same seed.

Values are made for a chunk of rows at a time, a column at a time, by numpy and Arrow. About 169
bytes a row, so that 5 million rows are 844 MB.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import faults
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from visits import ETHNICITIES, NAMES, OUTCOMES, SERVICES, SEXES

CHUNK = 500_000
AREAS = ("AB10", "DD1", "EH1", "EH12", "FK8", "G1", "G42", "IV2", "KA3", "KY11", "ML5", "PA1")
PHRASES = (
    "Seen at home",
    "No answer at the door",
    "Carer present",
    "Key safe checked",
    "Medication given, see chart",
    "Meal prepared, eaten in full",
    "Daughter rang, visit moved",
    "Plan reviewed, no change",
    "Left at 10:15, next visit due",
    'Says "quite well", eating little',
    "Fall reported, GP told",
    "Spoke to Mòrag, neighbour",
    "Café outing agreed, £5 spent",
    "Equipment on order",
    "Referred on",
)
"""Most hold a comma, some a quotation mark or a letter that is not ASCII: they are then quoted."""


@dataclass(frozen=True)
class BigTable:
    """A generated file and the truth about it."""

    path: Path
    rows: int
    quarantined: int
    bytes: int


def generate(path: Path, rows: int, seed: int = 7) -> BigTable:
    """Write the table; an existing file is written anew."""
    quarantined = 0
    with path.open("wb") as stream:
        stream.write((",".join(NAMES) + "\n").encode())
        for first in range(0, rows, CHUNK):
            length = min(CHUNK, rows - first)
            rng = np.random.default_rng([seed, first])
            chosen = faults.choose(rng, length)
            lines = _lines(rng, first, length, chosen)
            stream.write(lines.buffers()[2])
            quarantined += chosen.quarantined
    return BigTable(path, rows, quarantined, path.stat().st_size)


def _lines(rng: np.random.Generator, first: int, length: int, chosen: faults.Faults) -> pa.Array:
    columns = _columns(rng, first, length)
    for kind, (name, values) in faults.VALUES.items():
        columns[name] = faults.replace(columns[name], chosen.rows[kind], values)
    twice = np.arange(length)
    twice[chosen.rows["twice"]] -= 1
    columns["record_id"] = columns["record_id"].take(pa.array(twice))
    _end_without_outcome(columns, chosen.rows["no outcome"])
    lines = pc.binary_join_element_wise(*(columns[name] for name in NAMES), ",")
    lines = _reshape(lines, chosen.rows["short record"], keep=12)
    lines = _reshape(lines, chosen.rows["long record"], keep=None)
    return pc.binary_join_element_wise(lines, "\n", "")


def _end_without_outcome(columns: dict[str, pa.Array], rows: np.ndarray) -> None:
    columns["end_date"] = faults.replace(columns["end_date"], rows, ("2025-03-31",))
    columns["outcome"] = faults.replace(columns["outcome"], rows, ("",))


def _reshape(lines: pa.Array, rows: np.ndarray, keep: int | None) -> pa.Array:
    """These lines cut after some fields, or with two fields more."""
    if not len(rows):
        return lines
    mask = np.zeros(len(lines), dtype=bool)
    mask[rows] = True
    texts = lines.filter(pa.array(mask)).to_pylist()
    new = [",".join(text.split(",")[:keep]) if keep else f"{text},left,over" for text in texts]
    return pc.replace_with_mask(lines, pa.array(mask), pa.array(new))


def _columns(rng: np.random.Generator, first: int, length: int) -> dict[str, pa.Array]:
    """Sound values of every column; the empty text where there is none."""
    start, end = _dates(rng, length)
    ended = rng.random(length) < 0.6
    return {
        "record_id": _joined("R", _digits(np.arange(first, first + length), 9)),
        "person_id": _joined(
            _pick(rng, length, tuple("ABCDEFGH")), _digits(rng.integers(0, 10**7, length), 7)
        ),
        "provider": _digits(rng.integers(10**6, 10**6 + 4000, length), 7),
        "date_of_birth": _pick(rng, length, _days("1920-01-01", "2015-12-31", "%d/%m/%Y")),
        "start_date": start,
        "end_date": _only(ended, end),
        "sex": _pick(rng, length, SEXES),
        "ethnicity": _pick(rng, length, ETHNICITIES),
        "service": _pick(rng, length, SERVICES),
        "outcome": _only(ended, _pick(rng, length, OUTCOMES)),
        "postcode": _postcodes(rng, length),
        "ward": _joined("S13", _digits(rng.integers(2500, 3200, length), 6), _blank(rng, length)),
        "cost": _pounds(rng, length),
        "hours": _pick(rng, length, tuple(f"{tenth / 10:.1f}" for tenth in range(5, 600))),
        "visits": _pick(rng, length, tuple(map(str, range(1, 29)))),
        "age": _pick(rng, length, tuple(map(str, range(105)))),
        "funded": _pick(rng, length, ("Y", "N")),
        "worker": _joined("W", _digits(rng.integers(0, 40_000, length), 5)),
        "reference": _joined(*(_pick(rng, length, _hexadecimal()) for _ in range(4))),
        "notes": _notes(rng, length),
    }


def _dates(rng: np.random.Generator, length: int) -> tuple[pa.Array, pa.Array]:
    days = pa.array(_days("2024-04-01", "2025-12-31", "%Y-%m-%d"))
    start = rng.integers(0, 365, length)
    end = start + rng.integers(0, 200, length)
    return days.take(pa.array(start)), days.take(pa.array(end))


def _days(first: str, last: str, pattern: str) -> tuple[str, ...]:
    low, high = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    days = (low + dt.timedelta(number) for number in range((high - low).days + 1))
    return tuple(day.strftime(pattern) for day in days)


def _hexadecimal() -> tuple[str, ...]:
    return tuple(f"{number:03x}" for number in range(4096))


def _pick(rng: np.random.Generator, length: int, values: tuple[str, ...]) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(rng.integers(0, len(values), length)))


def _digits(numbers: np.ndarray, width: int) -> pa.Array:
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _only(mask: np.ndarray, column: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(mask), column, "")


def _blank(rng: np.random.Generator, length: int) -> pa.Array:
    """A blank after one value in a hundred, as people leave it."""
    return pc.if_else(pa.array(rng.random(length) < 0.01), " ", "")


def _postcodes(rng: np.random.Generator, length: int) -> pa.Array:
    inward = tuple(f" {digit}{pair}" for digit in range(1, 10) for pair in ("AB", "DT", "LX", "QZ"))
    return _joined(_pick(rng, length, AREAS), _pick(rng, length, inward))


def _pounds(rng: np.random.Generator, length: int) -> pa.Array:
    pence = tuple(f".{number:02}" for number in range(100))
    pounds = pa.array(rng.integers(1, 9000, length)).cast(pa.string())
    return _joined(pounds, _pick(rng, length, pence))


def _notes(rng: np.random.Generator, length: int) -> pa.Array:
    """One or two phrases and a number; quoted, with quotation marks doubled, where need be."""
    one = _pick(rng, length, tuple(phrase.replace('"', '""') for phrase in PHRASES))
    more = _pick(rng, length, ("", "", ", follow up in the week", ", see letter of the 3rd"))
    text = _joined(one, more, " (", pa.array(rng.integers(0, 999, length)).cast(pa.string()))
    text = _joined(text, ")")
    quoted = pc.or_(pc.match_substring(text, ","), pc.match_substring(text, '"'))
    mark = pc.if_else(quoted, '"', "")
    return _joined(mark, text, mark)
