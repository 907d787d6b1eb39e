"""The kinds of history a looked-after child has over the two years, and how many have each.

Four kinds are told differently in the second year, so that the repairs of gold have work:
`start_corrected`, `moved_on` (the council forgets the old episode), `reopened` (two episodes turn
out to be one) and `recorded_late` (the next episode began before the old one was closed).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random

from lgdp.demo.calendar import FIRST, SECOND
from lgdp.demo.child_life import (
    DISABILITY,
    ETHNIC,
    RELIGION,
    Child,
    Episode,
    cut,
    make_episode,
    pick,
    shifted,
    told_in_both,
)

Told = Mapping[str, tuple[Episode, ...]]
BRIEF = ("brief_first", "brief_second")
OLDEST = 6350
"""Days from birth to the last day in care, so that nobody is looked after at 18."""


def _long_ago(rng: Random) -> date:
    return FIRST.start - timedelta(days=rng.randint(30, 3000))


def _throughout(rng: Random) -> Told:
    return told_in_both(make_episode(rng, _long_ago(rng), None))


def _left_first(rng: Random) -> Told:
    return told_in_both(make_episode(rng, _long_ago(rng), FIRST.day(rng.randint(5, 340))))


def _left_second(rng: Random) -> Told:
    return told_in_both(make_episode(rng, _long_ago(rng), SECOND.day(rng.randint(5, 340))))


def _came_first(rng: Random) -> Told:
    return told_in_both(make_episode(rng, FIRST.day(rng.randint(5, 340)), None))


def _came_second(rng: Random) -> Told:
    return told_in_both(make_episode(rng, SECOND.day(rng.randint(5, 340)), None))


def _brief_first(rng: Random) -> Told:
    start = FIRST.day(rng.randint(40, 150))
    return told_in_both(make_episode(rng, start, start + timedelta(days=rng.randint(70, 180))))


def _brief_second(rng: Random) -> Told:
    start = SECOND.day(rng.randint(40, 150))
    return told_in_both(make_episode(rng, start, start + timedelta(days=rng.randint(70, 180))))


def _returned(rng: Random) -> Told:
    before = make_episode(rng, _long_ago(rng), FIRST.day(rng.randint(30, 300)))
    again = make_episode(rng, SECOND.day(rng.randint(30, 300)), None)
    return {**told_in_both(before), **told_in_both(again)}


def _start_corrected(rng: Random) -> Told:
    episode = make_episode(rng, FIRST.day(rng.randint(20, 250)), None)
    corrected = shifted(episode, rng.randint(1, 7))
    return {FIRST.text: _on(episode, FIRST.end), SECOND.text: _on(corrected, SECOND.end)}


def _moved_on(rng: Random) -> Told:
    before = make_episode(rng, _long_ago(rng), None)
    after = make_episode(rng, SECOND.day(rng.randint(20, 200)), None)
    return {FIRST.text: _on(before, FIRST.end), SECOND.text: _on(after, SECOND.end)}


def _reopened(rng: Random) -> Told:
    whole = make_episode(rng, _long_ago(rng), None)
    day = FIRST.day(rng.randint(100, 250))
    second_half = make_episode(rng, day, None)
    first = (*_on(cut(whole, day), FIRST.end), *_on(second_half, FIRST.end))
    return {FIRST.text: first, SECOND.text: _on(whole, SECOND.end)}


def _recorded_late(rng: Random) -> Told:
    end = FIRST.day(rng.randint(340, 365))
    before = make_episode(rng, _long_ago(rng), end)
    after = make_episode(rng, end - timedelta(days=rng.randint(1, 15)), None)
    return {FIRST.text: _on(before, FIRST.end), SECOND.text: _on(after, SECOND.end)}


def _on(episode: Episode, day: date) -> tuple[Episode, ...]:
    seen = episode.seen_on(day)
    return () if seen is None else (seen,)


KINDS: Mapping[str, tuple[float, Callable[[Random], Told]]] = {
    "brief_first": (0.05, _brief_first),
    "brief_second": (0.05, _brief_second),
    "throughout": (0.42, _throughout),
    "left_first": (0.11, _left_first),
    "left_second": (0.12, _left_second),
    "came_first": (0.10, _came_first),
    "came_second": (0.10, _came_second),
    "returned": (0.02, _returned),
    "start_corrected": (0.01, _start_corrected),
    "moved_on": (0.01, _moved_on),
    "reopened": (0.01, _reopened),
    "recorded_late": (0.01, _recorded_late),
}
"""Share of children of each kind. Of the brief ones, to whom faults happen, it is exact."""


def make_children(rng: Random, council_index: int, count: int) -> list[Child]:
    """So many children of a council, with ids as its system might give them."""
    kinds = [kind for kind in BRIEF for _ in range(round(KINDS[kind][0] * count))]
    others = {kind: share for kind, (share, _) in KINDS.items() if kind not in BRIEF}
    kinds += rng.choices(list(others), list(others.values()), k=count - len(kinds))
    rng.shuffle(kinds)
    numbers = rng.sample(range(100_000, 1_000_000), len(kinds))
    return [
        _make_child(rng, f"P{number}", f"{council_index:02d}{place:05d}", kind)
        for place, (number, kind) in enumerate(zip(numbers, kinds, strict=True))
    ]


def _make_child(rng: Random, child_id: str, number: str, kind: str) -> Child:
    told = KINDS[kind][1](rng)
    episodes = [episode for period in told.values() for episode in period]
    first = min(episode.start for episode in episodes)
    last = max(episode.end or SECOND.end for episode in episodes)
    born = last - timedelta(days=rng.randint((last - first).days + 1, OLDEST))
    if (born.month, born.day) == (2, 29):
        born -= timedelta(days=1)
    known = born.year < FIRST.start.year - 4 and rng.random() < 0.9
    return Child(
        child_id=child_id,
        scn=f"{born.year % 100:02d}{number}" if known else "",
        born=born,
        gender=rng.choice("FM"),
        ethnic_group=pick(rng, ETHNIC),
        disability=pick(rng, DISABILITY),
        religion=pick(rng, RELIGION),
        unaccompanied="Y" if rng.random() < 0.03 else "N",
        told=told,
        brief=kind in BRIEF,
    )
