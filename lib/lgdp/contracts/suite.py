"""Suites: Great Expectations suites read from JSON into frozen rules. What a rule means is checked later."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from lgdp.contracts.column import Severity
from lgdp.contracts.strict import Strict
from lgdp.errors import Problem


class RuleMeta(Strict):
    """What a rule says of itself. `message` has `{column}` and `{value}` slots; `columns` is what it looks at."""

    code: str = Field(min_length=1)
    message: str = Field(min_length=1)
    columns: tuple[str, ...] = ()
    why: str = ""
    source: str = ""
    since: str = ""


class Rule(Strict):
    """One expectation of a suite, as Great Expectations serialises it."""

    type: str
    kwargs: dict[str, Any]
    severity: Severity
    meta: RuleMeta
    id: str | None = None
    notes: str | list[str] | None = None
    description: str | None = None

    @property
    def column(self) -> str | None:
        """The column a failure is shown against."""
        named = self.kwargs.get("column") or self.kwargs.get("column_A")
        if self.meta.columns:
            return self.meta.columns[0]
        return str(named) if named else next(iter(self.kwargs.get("column_list", ())), None)


class Suite(Strict):
    """The rules of one table."""

    name: str
    expectations: tuple[Rule, ...]
    meta: dict[str, Any] = {}
    id: str | None = None
    notes: str | list[str] | None = None


def problems_of(error: ValidationError, file: str, prefix: str = "") -> list[Problem]:
    """What pydantic found, one problem per place, with the offending key spelled as a path."""
    found = []
    for item in error.errors():
        place = ".".join(str(part) for part in item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        if item["type"] == "extra_forbidden":
            message = "is not a key that is known here"
        elif item["type"] == "missing":
            message = "is missing"
        found.append(Problem(file, ".".join(part for part in (prefix, place) if part), message))
    return found


def load_suite(path: Path, shown: str, problems: list[Problem]) -> Suite | None:
    """Read one suite; anything wrong with its form is added to `problems`, all at once."""
    try:
        suite = Suite.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except json.JSONDecodeError as error:
        problems.append(Problem(shown, f"line {error.lineno}", f"is not JSON: {error.msg}"))
        return None
    except ValidationError as error:
        problems.extend(problems_of(error, shown))
        return None
    codes = Counter(rule.meta.code for rule in suite.expectations)
    for code, count in codes.items():
        if count > 1:
            problems.append(Problem(shown, code, f"{count} rules of this table share this code"))
    if not suite.expectations:
        problems.append(
            Problem(shown, "expectations", "is empty; a suite without rules would pass anything")
        )
    return suite
