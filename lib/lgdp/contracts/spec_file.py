"""The two kinds of spec files: the first year's whole spec, and the diff of a later one."""

from __future__ import annotations

from pydantic import model_validator

from lgdp.contracts.change import Change
from lgdp.contracts.strict import Strict
from lgdp.contracts.yaml_text import Raw


class FullSpec(Strict):
    """The file of a return's first year."""

    first: str
    description: str
    defaults: Raw = {}
    around: Raw = {}
    xml: Raw | None = None
    identity: tuple[Raw, ...] = ()
    parameters: Raw = {}
    tables: dict[str, Raw]


class DiffSpec(Strict):
    """The file of a later year. With `term`, it holds for that term only, from `first` on."""

    first: str
    description: str
    term: str | None = None
    parameters: Raw = {}
    changes: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _changes_something(self) -> DiffSpec:
        if not self.changes and not self.parameters:
            raise ValueError("a diff changes something")
        return self
