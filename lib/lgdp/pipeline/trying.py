"""Trying one suite on files, while it is being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lgdp.checks.mistake import Mistake, mistakes_of
from lgdp.config import Limits
from lgdp.contracts.catalogue import Catalogue
from lgdp.contracts.contract import Contract
from lgdp.contracts.suite import Suite, load_suite
from lgdp.errors import ConfigurationError, Problem, UsageError
from lgdp.pipeline.precheck import precheck


@dataclass(frozen=True)
class Trial:
    """What a suite finds: failures by rule code, in the suite's order, as `precheck` gives them.

    With `mistakes` nothing was tried. `other` counts what the contract's own checks find.
    """

    table: str
    mistakes: tuple[Mistake, ...]
    found: dict[str, list[dict[str, Any]]]
    other: int
    verdict: str


def try_suite(
    catalogue: Catalogue,
    limits: Limits,
    path: Path,
    files: Sequence[Path],
    return_name: str,
    period: str,
    council: str,
    table: str | None = None,
) -> Trial:
    """Run the suite in `path`, and no other, on files; its table is told by its name.

    Raises ConfigurationError for a suite that is no suite, and what `precheck` raises.
    """
    suite = _read(path)
    contract = catalogue.contract(return_name)
    name = table or _table(suite, path, contract)
    alone = contract.with_suite(name, suite)
    at = alone.read_period(period)
    ruleset = alone.ruleset(at)
    if name not in ruleset.suites:
        raise UsageError(f"{return_name} has no table {name} in {period}")
    mistakes = mistakes_of(ruleset, name, alone.collection(at))
    if mistakes:
        return Trial(name, tuple(mistakes), {}, 0, "")
    only = Catalogue({return_name: alone}, catalogue.councils, catalogue.references)
    result = precheck(only, limits, files, return_name, period, council)
    found: dict[str, list[dict[str, Any]]] = {
        rule.meta.code: [] for rule in ruleset.suites[name].expectations
    }
    failures = result.failures.to_pylist()
    own = [item for item in failures if item["table"] == name and item["code"] in found]
    for failure in own:
        found[failure["code"]].append(failure)
    return Trial(name, (), found, len(failures) - len(own), result.outcome.verdict)


def _read(path: Path) -> Suite:
    problems: list[Problem] = []
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    suite = load_suite(path, str(path), problems)
    if problems or suite is None:
        raise ConfigurationError(problems)
    return suite


def _table(suite: Suite, path: Path, contract: Contract) -> str:
    """The table that the suite's name ends in, else that of the file's name."""
    for name in (suite.name.rpartition(".")[2], path.stem):
        if name in contract.table_names:
            return name
    known = ", ".join(contract.table_names)
    raise UsageError(
        f"neither the suite's name '{suite.name}' nor the file's tells its table; say --table, one "
        f"of {known}"
    )
