"""Check every contract and every rule of a configuration before anything is read."""

from __future__ import annotations

from typing import Any

from lgdp.contracts.catalogue import Catalogue
from lgdp.contracts.contract import Contract
from lgdp.errors import ConfigurationError, Problem
from lgdp.pipeline.rule_cache import ready_rules


def validate_rules(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Compile and bind the rules of every spec of every return; one summary per return.

    Raises ConfigurationError with the problems of all of them.
    """
    problems: set[Problem] = set()
    summaries = []
    for name, contract in sorted(catalogue.contracts.items()):
        count = 0
        for first, _ in contract.specs:
            ruleset = contract.ruleset(first)
            try:
                rules = ready_rules(ruleset, contract.collection(first))
                count = sum(rule.origin == "suite" for rule in rules.rules)
            except ConfigurationError as error:
                problems.update(error.problems)
        summaries.append(_summary(name, contract, count))
    if problems:
        raise ConfigurationError(sorted(problems))
    return summaries


def _summary(name: str, contract: Contract, rules: int) -> dict[str, Any]:
    about = contract.statutory_return
    first, _ = min(contract.specs)
    latest = list(contract.specs.values())[-1]
    return {
        "return": name,
        "title": about.title,
        "body": about.body,
        "frequency": about.frequency,
        "first_period": first.text,
        "tables": [table.name for table in latest.tables],
        "formats": list(about.formats),
        "rules": rules,
    }
