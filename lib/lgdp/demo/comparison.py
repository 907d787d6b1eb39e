"""The demo's check of itself: every difference between the truth and what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from lgdp.demo.truth import CollectionKey, FailureKey, GoldNumbers, Observed, TableKey, Truth

Key = TypeVar("Key", TableKey, FailureKey, CollectionKey)
Value = TypeVar("Value")


def compare(truth: Truth, observed: Observed) -> list[str]:
    """Each difference as one sentence, in the order of returns, periods and councils.

    Collections that the demo does not hold, such as those of the year to come, are left aside.
    """
    return [
        *_differences(truth.rows, observed.rows, "rows"),
        *_differences(truth.failures, observed.failures, "failures"),
        *_differences(truth.statuses, _only(observed.statuses, truth.statuses), "status"),
        *_gold_differences(truth.gold, observed.gold),
    ]


def _differences(
    expected: Mapping[Key, Value], found: Mapping[Key, Value], what: str
) -> Iterator[str]:
    for key in sorted(set(expected) | set(found)):
        wanted, seen = expected.get(key), found.get(key)
        if wanted != seen:
            yield f"{_place(key)}: expected {what} {_shown(wanted)}, found {_shown(seen)}"


def _only(found: Mapping[Key, Value], keys: Mapping[Key, Value]) -> dict[Key, Value]:
    return {key: value for key, value in found.items() if key in keys}


def _gold_differences(expected: GoldNumbers, found: GoldNumbers) -> Iterator[str]:
    for name in ("episodes", "children", "open_episodes"):
        wanted, seen = getattr(expected, name), getattr(found, name)
        if wanted != seen:
            yield f"gold looked_after_episodes: expected {name} {wanted:,}, found {seen:,}"
    for repair in sorted(set(expected.repairs) | set(found.repairs)):
        wanted, seen = expected.repairs.get(repair, 0), found.repairs.get(repair, 0)
        if wanted != seen:
            yield (
                f"gold looked_after_episodes: expected {wanted:,} rows with repair {repair}, "
                f"found {seen:,}"
            )


def _place(key: TableKey | FailureKey | CollectionKey) -> str:
    if isinstance(key, CollectionKey):
        return f"{key.return_name} {key.period} {key.council}"
    place = f"{_place(key.collection)} {key.table}"
    if isinstance(key, TableKey):
        return place
    return f"{place} {key.code}{' as a consequence' if key.consequence else ''}"


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, int):
        return f"{value:,}"
    parts = vars(value).items()
    return ", ".join(f"{name} {_shown(part) if part is None else part}" for name, part in parts)
