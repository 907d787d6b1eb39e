"""Suites: Great Expectations suites read from JSON into frozen rules."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from lgdp.contracts.column import Severity
from lgdp.contracts.period import Period
from lgdp.contracts.strict import Strict, validated
from lgdp.errors import Problem

SLOTS = ("{column}", "{value}")


class RuleMeta(Strict):
    """What a rule says of itself.

    `message` has `{column}` and `{value}` slots; `columns` is what the rule looks at. `needs` are
    tables (`previous_T` is T of the period before) without which the rule is not applied to a
    submission. `since` and `until` (periods, both included) and `term` say when it holds; empty:
    always.
    """

    code: str = Field(min_length=1)
    message: str = Field(min_length=1)
    columns: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    why: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    term: Literal["", "spring", "summer", "autumn"] = ""

    @field_validator("message")
    @classmethod
    def _slots_are_known(cls, value: str) -> str:
        unknown = [slot for slot in re.findall(r"\{\w*\}", value) if slot not in SLOTS]
        if unknown:
            raise ValueError(f"has the slot {unknown[0]}; there are {' and '.join(SLOTS)}")
        return value

    def is_for(self, period: Period, read: Callable[[str], Period]) -> bool:
        """Whether the rule holds for a period; `read` reads the return's periods."""
        return (
            (not self.since or read(self.since).start <= period.start)
            and (not self.until or period.start <= read(self.until).start)
            and self.term in ("", period.term)
        )


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
        if self.meta.columns:
            return self.meta.columns[0]
        named = self.kwargs.get("column") or self.kwargs.get("column_A")
        if named:
            return str(named)
        listed = self.kwargs.get("column_list", ())
        return next((str(name) for name in listed if not str(name).startswith("_")), None)


class Suite(Strict):
    """The rules of one table."""

    name: str
    expectations: tuple[Rule, ...]
    meta: dict[str, Any] = {}
    id: str | None = None
    notes: str | list[str] | None = None


def load_suite(path: Path, shown: str, problems: list[Problem]) -> Suite | None:
    """Read one suite; all that is wrong with its form is added to `problems`."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        problems.append(Problem(shown, "", "is not text in UTF-8"))
        return None
    except json.JSONDecodeError as error:
        problems.append(Problem(shown, f"line {error.lineno}", f"is not JSON: {error.msg}"))
        return None
    if not isinstance(raw, dict):
        problems.append(Problem(shown, "", "is not a mapping of keys"))
        return None
    suite = _read_suite(raw, shown, problems)
    if suite is None:
        return None
    codes = Counter(rule.meta.code for rule in suite.expectations)
    for code, count in codes.items():
        if count > 1:
            problems.append(Problem(shown, code, f"{count} rules of this table share this code"))
    return suite


def _read_suite(raw: dict[str, Any], shown: str, problems: list[Problem]) -> Suite | None:
    """The suite of those rules that are right in themselves."""
    listed = raw.get("expectations")
    if not isinstance(listed, list):
        return validated(Suite, raw, shown, "", problems)
    if not listed:
        message = "is empty; a suite without rules would pass anything"
        problems.append(Problem(shown, "expectations", message))
    rules = []
    for index, item in enumerate(listed):
        place = f"expectations.{index}"
        if not isinstance(item, dict):
            problems.append(Problem(shown, place, "is not a mapping of keys"))
            continue
        rules.append(validated(Rule, item, shown, place, problems))
    kept = [rule for rule in rules if rule is not None]
    return validated(Suite, {**raw, "expectations": kept}, shown, "", problems, mended=True)
