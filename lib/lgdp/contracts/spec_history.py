"""The specs of a return, year after year: a whole one, then diffs applied to what was before."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass

from lgdp.contracts.change import apply_change
from lgdp.contracts.codelist import CodeList
from lgdp.contracts.period import Period
from lgdp.contracts.spec import Spec
from lgdp.contracts.spec_file import DiffSpec, FullSpec
from lgdp.contracts.spec_shape import SpecShape
from lgdp.contracts.yaml_text import Raw
from lgdp.errors import ChangeDoesNotFit, Problem


@dataclass(frozen=True)
class DatedSpec:
    """What the spec file `file` makes: from `first` on, for one term or (null) for all."""

    first: Period
    term: str | None
    spec: Spec
    file: str


class SpecHistory:
    """Takes the spec files of one return, oldest first, and keeps what they make.

    A diff without a term changes every term's spec; one with a term only that term's. What is
    wrong is added to `problems`, once, under the file that brought it in.
    """

    def __init__(self, codes: Mapping[str, CodeList], problems: list[Problem]) -> None:
        self._codes, self._problems = codes, problems
        self._states: dict[str | None, Raw] = {}
        self._seen: set[tuple[str, str]] = set()
        self._placed: set[tuple[Period, str | None]] = set()
        self.specs: list[DatedSpec] = []

    def add(self, model: FullSpec | DiffSpec, first: Period, shown: str) -> None:
        """Take the next file."""
        term = model.term if isinstance(model, DiffSpec) else None
        if (first, term) in self._placed:
            what = f"{first}, {term}" if term else str(first)
            self._problems.append(Problem(shown, "first", f"another spec is for {what} already"))
            return
        self._placed.add((first, term))
        if isinstance(model, FullSpec):
            self._start(model, first, shown)
        elif None not in self._states:
            self._problems.append(Problem(shown, "", "is a diff, but no full spec comes before it"))
        else:
            self._change(model, first, shown)

    def _start(self, full: FullSpec, first: Period, shown: str) -> None:
        if self._states:
            message = "a full spec comes before it; a later year is a diff (changes, not tables)"
            self._problems.append(Problem(shown, "tables", message))
            return
        state = full.model_dump(exclude={"description"})
        self._keep(first, None, {**state, "first": first.text}, shown)

    def _change(self, diff: DiffSpec, first: Period, shown: str) -> None:
        if diff.term is not None:
            state = self._states.get(diff.term, self._states[None])
            self._keep(first, diff.term, self._changed(state, diff, first, shown), shown)
            return
        for term, state in list(self._states.items()):
            self._keep(first, term, self._changed(state, diff, first, shown, term), shown)

    def _changed(
        self, state: Raw, diff: DiffSpec, first: Period, shown: str, term: str | None = None
    ) -> Raw:
        changed = copy.deepcopy(state)
        changed["first"] = first.text
        changed["parameters"] = {**changed["parameters"], **diff.parameters}
        for number, change in enumerate(diff.changes):
            try:
                apply_change(changed, change.among(changed["tables"]) if term else change)
            except ChangeDoesNotFit as error:
                reason = f"for {term}: {error}" if term else str(error)
                self._problems.append(Problem(shown, f"changes.{number}", reason))
        return changed

    def _keep(self, first: Period, term: str | None, state: Raw, shown: str) -> None:
        self._states[term] = state
        found: list[Problem] = []
        spec = SpecShape(shown, self._codes, found).make(state)
        for problem in found:
            if (problem.key, problem.message) not in self._seen:
                self._seen.add((problem.key, problem.message))
                self._problems.append(problem)
        if spec is not None:
            self.specs.append(DatedSpec(first, term, spec, shown))
