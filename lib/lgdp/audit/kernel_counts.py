"""What the kernel counted over a batch, to be compared with the audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lgdp.audit.expectation import rules_of
from lgdp.checks.outcome import Counts
from lgdp.contracts.expectation_form import ROW_COUNT
from lgdp.contracts.ruleset import Ruleset


@dataclass(frozen=True)
class KernelCounts:
    """Unexpected rows in silver by (table, code) of every suite rule, and silver rows by table.

    For a row-count rule: the number of submissions that are out of bounds.
    """

    unexpected: Mapping[tuple[str, str], int]
    rows: Mapping[str, int]

    @classmethod
    def of(cls, ruleset: Ruleset, outcomes: Sequence[Counts]) -> KernelCounts:
        """Sum what the kernel said of each submission of a batch; all were judged by `ruleset`."""
        unexpected = Counter[tuple[str, str]]()
        rows = Counter[str]()
        for table in ruleset.spec.tables:
            rows[table.name] = sum(_silver(outcome, table.name) for outcome in outcomes)
            for rule in rules_of(ruleset, table.name):
                unexpected[table.name, rule.meta.code] = 0
                if rule.type == ROW_COUNT:
                    least, most = rule.kwargs.get("min_value"), rule.kwargs.get("max_value")
                    unexpected[table.name, rule.meta.code] = sum(
                        _is_outside(_silver(outcome, table.name), least, most)
                        for outcome in outcomes
                        if any(counts.silver for counts in outcome.tables.values())
                    )
        for outcome in outcomes:
            for count in outcome.rules:
                unexpected[count.table, count.code] += count.silver
        return cls(dict(unexpected), dict(rows))


def _silver(outcome: Counts, table: str) -> int:
    return outcome.tables[table].silver if table in outcome.tables else 0


def _is_outside(rows: int, least: int | None, most: int | None) -> bool:
    return (least is not None and rows < least) or (most is not None and rows > most)
