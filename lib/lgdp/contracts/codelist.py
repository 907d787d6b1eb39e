"""Code lists: the values a column may hold, each with the collection years in which it is valid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lgdp.contracts.csv_rows import read_rows
from lgdp.errors import Problem

HEADER = ["code", "label", "valid_from", "valid_to"]
INDEX = "codes/index.csv"
INDEX_HEADER = ["list", "status", "source", "licence", "note"]
STATUSES = ("official", "illustrative")
YEAR = re.compile(r"([0-9]{4})(?:/([0-9]{2}))?")


@dataclass(frozen=True)
class Code:
    """One code, valid in collection years named by the year in which they end; null is open."""

    code: str
    label: str
    valid_from: int | None = None
    valid_to: int | None = None

    def is_valid_in(self, year: int) -> bool:
        """Whether the code may be used in the collection year that ends in `year`."""
        return (self.valid_from or year) <= year <= (self.valid_to or year)


@dataclass(frozen=True)
class CodeList:
    """A named list; `status` is `official`, or `illustrative` where real codes are not public."""

    name: str
    status: str
    source: str
    codes: tuple[Code, ...]

    def valid_in(self, year: int) -> dict[str, str]:
        """Code to label, in list order, for the collection year that ends in `year`."""
        return {code.code: code.label for code in self.codes if code.is_valid_in(year)}


def _year(text: str) -> int | None:
    """`2024/25` to 2025, `2024` to 2024, empty to null; ValueError for anything else."""
    if not text:
        return None
    match = YEAR.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a year such as 2025 or 2024/25")
    year = int(match[1])
    if match[2] and int(match[2]) != (year + 1) % 100:
        raise ValueError(f"in '{text}' {match[2]} does not follow {year}")
    return year + 1 if match[2] else year


def _read_list(path: Path, problems: list[Problem]) -> tuple[Code, ...]:
    shown = f"codes/{path.name}"
    codes: dict[str, Code] = {}
    for line, row in read_rows(path, HEADER, shown, problems):
        place = f"line {line}"
        try:
            code = Code(row["code"], row["label"], _year(row["valid_from"]), _year(row["valid_to"]))
        except ValueError as error:
            problems.append(Problem(shown, place, str(error)))
            continue
        if not code.code:
            problems.append(Problem(shown, place, "has no code"))
        if (code.valid_from or 0) > (code.valid_to or 9999):
            problems.append(Problem(shown, place, f"code {code.code} ends before it begins"))
        if code.code in codes:
            problems.append(Problem(shown, place, f"code {code.code} occurs twice"))
        codes[code.code] = code
    return tuple(codes.values())


def load_code_lists(folder: Path, problems: list[Problem]) -> dict[str, CodeList]:
    """Every list of `folder`, each described by `index.csv`; what is wrong goes to `problems`."""
    index: dict[str, dict[str, str]] = {}
    for _, row in read_rows(folder / "index.csv", INDEX_HEADER, INDEX, problems):
        index[row["list"]] = row
        if row["status"] not in STATUSES:
            message = f"status must be one of {', '.join(STATUSES)}"
            problems.append(Problem(INDEX, row["list"], message))
    lists: dict[str, CodeList] = {}
    for path in sorted(folder.glob("*.csv")):
        if path.name == "index.csv":
            continue
        entry = index.pop(path.stem, None)
        if entry is None:
            problems.append(Problem(f"codes/{path.name}", "", f"is not described in {INDEX}"))
            continue
        codes = _read_list(path, problems)
        lists[path.stem] = CodeList(path.stem, entry["status"], entry["source"], codes)
    for name in index:
        problems.append(Problem(INDEX, name, f"there is no file codes/{name}.csv"))
    return lists
