"""A ruleset: all that one period of one return is read and judged by, in one frozen object."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cached_property

from lgdp.contracts.reference import ReferenceShape
from lgdp.contracts.spec import Spec
from lgdp.contracts.strict import Strict
from lgdp.contracts.suite import Suite
from lgdp.contracts.table import TableSpec

ENGINE = "1"
"""Raised whenever the kernel judges, types or writes rows differently: ids change with it."""


class Ruleset(Strict):
    """What travels in a task: workers read no configuration.

    `codes` holds, per code list, the codes valid in the period's year; `suites` the rules that
    hold in the period; `reference` the reference tables that they read, by digest.
    """

    return_name: str
    spec: Spec
    codes: dict[str, dict[str, str]]
    suites: dict[str, Suite]
    reference: dict[str, ReferenceShape] = {}

    @cached_property
    def as_json(self) -> str:
        """The whole ruleset as JSON, made once."""
        return self.model_dump_json()

    @cached_property
    def id(self) -> str:
        """16 hex digits, a digest of contract, spec year, suites, reference tables and engine."""
        content = f"{ENGINE}\n{self.as_json}"
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def table(self, name: str) -> TableSpec:
        """The table of that name."""
        return self.spec.table(name)


def collection_columns(parameters: Mapping[str, object]) -> dict[str, str]:
    """The columns of the view `collection`, beside those that say whose a row is, with types."""
    kinds = {bool: "yes_no", int: "integer", float: "double", str: "string"}
    return {
        "period": "string",
        "period_start": "date",
        "period_end": "date",
        **{name: kinds[type(value)] for name, value in parameters.items()},
    }


class Collection(Strict):
    """One return for one period, as rules see it: the row of the `collection` view.

    `previous` is the text of the period just before, null where there is none.
    """

    return_name: str
    period: str
    start: date
    end: date
    previous: str | None
