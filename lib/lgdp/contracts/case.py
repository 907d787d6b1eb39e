"""Cases of a rule: a few rows that break it beside rows that just do not.

They lie beside the suite, in `expectations/<return>/cases/<table>.yaml`, by the rule's code. Tests
try them and the rule book shows them. A case is a small table of text for each table it needs:

    . CHILD DECOM      DEC        REC
    ! A     2017-05-01 -          -
    . A     2017-06-01 -          -

The first line names columns. A row marked `!` must fail the rule, one marked `.` must not; `-` is
blank, dates are ISO, and columns not named are blank. `previous_T` holds rows of the year before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lgdp.config import ConfigLocation
from lgdp.contracts.yaml_text import read_yaml
from lgdp.errors import ConfigurationError, Problem

Row = dict[str, str | None]


@dataclass(frozen=True)
class Case:
    """One rule with rows of the tables that it reads; `failing` are numbers of its own rows."""

    table: str
    code: str
    period: str
    rows: dict[str, tuple[Row, ...]]
    failing: tuple[int, ...]


def case_folder(location: ConfigLocation, return_name: str) -> Path:
    """Where the cases of a return are."""
    return location.expectations / return_name / "cases"


def read_cases(location: ConfigLocation, return_name: str, period: str) -> list[Case]:
    """The cases of a return, table by table and code by code; none if it has no folder of them.

    `period` is that of a case that names none. Raises ConfigurationError for what is no case.
    """
    cases = []
    problems: list[Problem] = []
    for path in sorted(case_folder(location, return_name).glob("*.yaml")):
        shown = f"expectations/{return_name}/cases/{path.name}"
        for code, tables in (read_yaml(path, shown, problems) or {}).items():
            for item in tables if isinstance(tables, list) else [tables]:
                made = _case(path.stem, str(code), item, period)
                if made is None:
                    problems.append(Problem(shown, str(code), "is not rows of tables by name"))
                else:
                    cases.append(made)
    if problems:
        raise ConfigurationError(problems)
    return cases


def _case(table: str, code: str, item: Any, period: str) -> Case | None:
    if not isinstance(item, Mapping):
        return None
    rows: dict[str, tuple[Row, ...]] = {}
    failing: tuple[int, ...] = ()
    for name, text in item.items():
        if name == "period":
            continue
        read = _rows(str(text))
        if read is None:
            return None
        rows[name], marked = read
        failing = marked if name == table else failing
    return Case(table, code, str(item.get("period", period)), rows, failing)


def _rows(text: str) -> tuple[tuple[Row, ...], tuple[int, ...]] | None:
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if not lines or any(len(line) != len(lines[0]) for line in lines):
        return None
    columns = lines[0][1:]
    rows = tuple(
        {
            name: None if value == "-" else value
            for name, value in zip(columns, line[1:], strict=True)
        }
        for line in lines[1:]
    )
    return rows, tuple(number for number, line in enumerate(lines[1:], start=1) if line[0] == "!")
