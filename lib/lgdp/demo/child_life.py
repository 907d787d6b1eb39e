"""The children of a council: their true histories, and what the council says of them each year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from lgdp.demo.calendar import FIRST, SECOND

SHORTEST_SPELL = 15
"""Days; longer than the seven by which a start may be corrected."""
PLACEMENTS = (
    ("01", 22),
    ("02", 33),
    ("03", 20),
    ("04", 12),
    ("05", 2),
    ("06", 1),
    ("07", 8),
    ("08", 2),
)
FOSTERED = ("03", "04")
REASONS = (
    ("01", 18),
    ("02", 22),
    ("03", 30),
    ("04", 14),
    ("05", 4),
    ("06", 9),
    ("07", 2),
    ("10", 1),
)
ETHNIC = (("01", 80), ("02", 5), ("04", 3), ("06", 2), ("07", 2), ("08", 3), ("13", 3), ("99", 2))
DISABILITY = (("0", 84), ("3", 6), ("4", 3), ("5", 3), ("1", 2), ("9", 2))
RELIGION = (("00", 45), ("01", 14), ("02", 16), ("04", 4), ("99", 21))
DESTINATIONS = (("01", 55), ("02", 18), ("03", 6), ("04", 7), ("05", 2), ("06", 9), ("99", 3))


@dataclass(frozen=True)
class Spell:
    """A placement or a legal reason: from, to (null while it lasts) and its codes."""

    start: date
    end: date | None
    code: str
    foster_type: str = ""


@dataclass(frozen=True)
class Episode:
    """One time of being looked after. `pathway` is what a leaver's plan is said to be."""

    start: date
    end: date | None
    placements: tuple[Spell, ...]
    reasons: tuple[Spell, ...]
    care_plan: str
    destination: str
    pathway: tuple[str, str]
    permanence: date | None

    def seen_on(self, day: date) -> Episode | None:
        """The episode as a council could know it that day: nothing later is in it."""
        if self.start > day:
            return None
        return replace(
            self,
            end=_seen(self.end, day),
            placements=_spells_seen(self.placements, day),
            reasons=_spells_seen(self.reasons, day),
            permanence=_seen(self.permanence, day),
        )


@dataclass(frozen=True)
class Child:
    """A child with what is said of it in each period; a period that is not there says nothing.

    `brief` marks a child who comes and goes within one year, so that no other year knows it.
    """

    child_id: str
    scn: str
    born: date
    gender: str
    ethnic_group: str
    disability: str
    religion: str
    unaccompanied: str
    told: Mapping[str, tuple[Episode, ...]]
    brief: bool = False


def _seen(moment: date | None, day: date) -> date | None:
    return moment if moment is not None and moment <= day else None


def _spells_seen(spells: tuple[Spell, ...], day: date) -> tuple[Spell, ...]:
    return tuple(
        spell if spell.end is None or spell.end <= day else replace(spell, end=None)
        for spell in spells
        if spell.start <= day
    )


def pick(rng: Random, weighted: tuple[tuple[str, int], ...]) -> str:
    """One of the weighted codes."""
    codes, weights = zip(*weighted, strict=True)
    return str(rng.choices(codes, weights)[0])


def make_episode(rng: Random, start: date, end: date | None) -> Episode:
    """An episode with placements that follow each other and legal reasons that may overlap."""
    last = end or SECOND.end
    starts = _starts(rng, start, last, most=4)
    placements = []
    for begin, stop in zip(starts, [*starts[1:], end], strict=True):
        code = pick(rng, PLACEMENTS)
        foster_type = rng.choice("PLIE") if code in FOSTERED else ""
        placements.append(Spell(begin, stop, code, foster_type))
    plan = rng.choice(("Yes", "Yes", "No"))
    known = rng.random() < 0.2
    return Episode(
        start=start,
        end=end,
        placements=tuple(placements),
        reasons=tuple(_reasons(rng, _starts(rng, start, last, most=5), last, end)),
        care_plan="Yes" if rng.random() < 0.94 else "No",
        destination=pick(rng, DESTINATIONS),
        pathway=(plan, rng.choice(("Yes", "No")) if plan == "Yes" else ""),
        permanence=_day_between(rng, start, last) if known else None,
    )


def _starts(rng: Random, first: date, last: date, most: int) -> list[date]:
    """Starts of spells, the first on the first day, none too close to another or to the end."""
    steps = range(1, max((last - first).days // SHORTEST_SPELL, 1))
    chosen = rng.sample(steps, min(rng.randint(0, most - 1), len(steps)))
    return [first, *(first + timedelta(days=step * SHORTEST_SPELL) for step in sorted(chosen))]


def _reasons(rng: Random, starts: list[date], last: date, end: date | None) -> list[Spell]:
    reasons = []
    for start in starts:
        lasts = end is None and (start == starts[-1] or rng.random() < 0.3)
        stop = None if lasts else end if start == starts[-1] else _day_between(rng, start, last)
        reasons.append(Spell(start, stop, pick(rng, REASONS)))
    return reasons


def _day_between(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, max((last - first).days, 0)))


def cut(episode: Episode, day: date) -> Episode:
    """The episode as if it had ended that day."""

    def cut_all(spells: tuple[Spell, ...]) -> tuple[Spell, ...]:
        return tuple(
            replace(spell, end=day if spell.end is None else min(spell.end, day))
            for spell in spells
            if spell.start <= day
        )

    return replace(
        episode,
        end=day,
        placements=cut_all(episode.placements),
        reasons=cut_all(episode.reasons),
    )


def shifted(episode: Episode, days: int) -> Episode:
    """The episode with its start corrected by so many days, fewer than a spell lasts."""
    start = episode.start + timedelta(days=days)

    def shift(spells: tuple[Spell, ...]) -> tuple[Spell, ...]:
        end = spells[0].end
        first = replace(spells[0], start=start, end=max(end, start) if end else None)
        return (first, *spells[1:])

    return replace(
        episode,
        start=start,
        placements=shift(episode.placements),
        reasons=shift(episode.reasons),
        permanence=max(episode.permanence, start) if episode.permanence else None,
    )


def told_in_both(episode: Episode) -> dict[str, tuple[Episode, ...]]:
    """The episode in the return of every year that it overlaps, as known at that year's end."""
    told: dict[str, tuple[Episode, ...]] = {}
    for year in (FIRST, SECOND):
        seen = episode.seen_on(year.end)
        if seen is not None and (seen.end is None or seen.end >= year.start):
            told[year.text] = (seen,)
    return told
