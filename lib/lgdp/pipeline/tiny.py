"""Tiny submissions are put together into tasks; what is not clean in them is checked by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from lgdp.pipeline.assignment import Checked, CheckWork, TinyChecked, TinyWork
from lgdp.pipeline.scheduler import Scheduler

FEW_ROWS = 500
"""Rows up to which a submission is tiny."""
WORTH_IT = 8
"""Submissions of one kind, from which on they are looked at together."""
MOST_IN_A_TASK = 50

Kind = tuple[str, str, frozenset[str]]
"""Ruleset, period and tables sent: what submissions have in common to be looked at together."""


def check_tiny_ones(
    works: Mapping[str, CheckWork], rows: Mapping[str, int], scheduler: Scheduler
) -> list[Checked]:
    """What was found of the tiny and clean ones among these; `rows` says how many each has.

    A task that fails says nothing: its submissions are checked one by one, as all the others are.
    """
    tasks = {
        f"tiny {number}": TinyWork.of(group).model_dump_json()
        for number, group in enumerate(_groups(works, rows))
    }
    checked: list[Checked] = []
    for done in scheduler.run("check_tiny", tasks) if tasks else ():
        if done.result is not None:
            checked += TinyChecked.model_validate_json(done.result).checked
    return checked


def _groups(
    works: Mapping[str, CheckWork], rows: Mapping[str, int]
) -> Iterator[tuple[CheckWork, ...]]:
    kinds: dict[Kind, list[CheckWork]] = defaultdict(list)
    for name, work in works.items():
        if 0 < rows[name] <= FEW_ROWS and not work.nil and not any(work.previous.values()):
            kinds[work.ruleset, work.collection.period, frozenset(work.bronze)].append(work)
    for alike in kinds.values():
        if len(alike) >= WORTH_IT:
            for start in range(0, len(alike), MOST_IN_A_TASK):
                yield tuple(alike[start : start + MOST_IN_A_TASK])
