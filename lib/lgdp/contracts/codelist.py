"""Code lists: the values a column may hold, each with the collection years in which it is valid."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from lgdp.errors import Problem

HEADER = ["code", "label", "valid_from", "valid_to"]
INDEX_HEADER = ["list", "status", "source", "licence", "note"]
STATUSES = ("official", "illustrative")


@dataclass(frozen=True)
class Code:
    """One code. Validity is in collection years, named by the year in which they end; null is open."""

    code: str
    label: str
    valid_from: int | None = None
    valid_to: int | None = None

    def is_valid_in(self, year: int) -> bool:
        """Whether the code may be used in the collection year that ends in `year`."""
        return (self.valid_from or year) <= year <= (self.valid_to or year)


@dataclass(frozen=True)
class CodeList:
    """A named list. `status` is `official`, or `illustrative` where the real codes are not public."""

    name: str
    status: str
    source: str
    codes: tuple[Code, ...]

    def valid_in(self, year: int) -> dict[str, str]:
        """Code to label, in list order, for the collection year that ends in `year`."""
        return {code.code: code.label for code in self.codes if code.is_valid_in(year)}


def _year(text: str) -> int | None:
    """`2024/25` to 2025, `2024` to 2024, empty to null."""
    if not text:
        return None
    first, _, second = text.partition("/")
    return int(first) + 1 if second else int(first)


def _read_list(path: Path, problems: list[Problem]) -> tuple[Code, ...]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header = next(reader, [])
        if header != HEADER:
            problems.append(
                Problem(
                    path.name, "header", f"expected {','.join(HEADER)}, found {','.join(header)}"
                )
            )
            return ()
        codes: dict[str, Code] = {}
        for number, row in enumerate(reader, start=2):
            try:
                code = Code(row[0], row[1], _year(row[2]), _year(row[3]))
            except (IndexError, ValueError):
                problems.append(
                    Problem(path.name, f"line {number}", "is not a code with four fields")
                )
                continue
            if code.code in codes:
                problems.append(
                    Problem(path.name, f"line {number}", f"code {code.code} occurs twice")
                )
            codes[code.code] = code
    return tuple(codes.values())


def load_code_lists(folder: Path, problems: list[Problem]) -> dict[str, CodeList]:
    """Every `<list>.csv` in `folder`, described by `index.csv`; what is wrong is added to `problems`."""
    index: dict[str, dict[str, str]] = {}
    index_path = folder / "index.csv"
    if not index_path.is_file():
        problems.append(
            Problem("codes/index.csv", "", "is missing; every code list is described there")
        )
        return {}
    with index_path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            index[row["list"]] = row
            if row["status"] not in STATUSES:
                problems.append(
                    Problem(
                        "codes/index.csv",
                        row["list"],
                        f"status must be one of {', '.join(STATUSES)}",
                    )
                )
    lists: dict[str, CodeList] = {}
    for path in sorted(folder.glob("*.csv")):
        if path.name == "index.csv":
            continue
        entry = index.pop(path.stem, None)
        if entry is None:
            problems.append(Problem(path.name, "", "is not described in codes/index.csv"))
            continue
        codes = _read_list(path, problems)
        lists[path.stem] = CodeList(path.stem, entry["status"], entry["source"], codes)
    for name in index:
        problems.append(Problem("codes/index.csv", name, f"there is no file codes/{name}.csv"))
    return lists
