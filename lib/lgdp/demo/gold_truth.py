"""The repair rules of `looked_after_episodes` in plain Python, for the expected gold numbers.

Key: council, child and start. R1: of one key in several periods the latest counts. R3: an episode
of a later period that starts within seven days of another one of the child is that one with its
start corrected, and the older is dropped. R4: an episode still open in the last period that holds
it, of a child whom a later return of the council knows, is kept open and marked. R2: an episode
that has no end, or one after the start of the child's next, is cut to that start. In this order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise, product

from lgdp.demo.calendar import SECOND
from lgdp.demo.draft import Draft
from lgdp.demo.truth import GoldNumbers

CORRECTED_WITHIN = timedelta(days=7)


@dataclass(eq=False)
class GoldEpisode:
    """One row being repaired."""

    period: str
    start: date
    end: date | None
    repairs: list[str] = field(default_factory=list)


def repaired(told: Iterable[GoldEpisode], periods: Iterable[str]) -> list[GoldEpisode]:
    """What gold makes of one child's episodes, by start; `periods` are those that know it."""
    latest: dict[date, GoldEpisode] = {}
    for episode in sorted(told, key=lambda episode: episode.period):
        latest[episode.start] = episode  # R1
    kept = [latest[start] for start in sorted(latest)]
    for older, newer in product(list(kept), repeat=2):  # R3
        near = abs(newer.start - older.start) <= CORRECTED_WITHIN
        if near and older.period < newer.period and older in kept:
            kept.remove(older)
            newer.repairs.append("start_corrected")
    last = max(periods, default="")
    for episode in kept:  # R4
        if episode.end is None and episode.period < last:
            episode.repairs.append("not_repeated")
    for episode, following in pairwise(kept):  # R2
        if episode.end is None or episode.end > following.start:
            episode.end = following.start
            episode.repairs.append("end_cut")
    return kept


def gold_numbers(drafts: Iterable[Draft]) -> GoldNumbers:
    """The numbers that published looked-after drafts lead to; rows kept out are not in gold."""
    told: dict[tuple[str, str], list[GoldEpisode]] = defaultdict(list)
    periods: dict[tuple[str, str], set[str]] = defaultdict(set)
    for draft in drafts:
        for record in draft.tables["child"]:
            if not record.kept_out:
                periods[(draft.key.council, record.values["child_id"])].add(draft.key.period)
        for record in draft.tables["episode"]:
            if not record.kept_out:
                values = record.values
                end = date.fromisoformat(values["episode_end"]) if values["episode_end"] else None
                start = date.fromisoformat(values["episode_start"])
                child = (draft.key.council, values["child_id"])
                told[child].append(GoldEpisode(draft.key.period, start, end))
    rows = [episode for child in told for episode in repaired(told[child], periods[child])]
    return GoldNumbers(
        episodes=len(rows),
        children=len(told),
        open_episodes=sum(
            row.start <= SECOND.end and (row.end is None or row.end > SECOND.end) for row in rows
        ),
        repairs=Counter(repair for row in rows for repair in row.repairs),
    )
