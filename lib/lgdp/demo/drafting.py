"""All drafts of the demo: honest returns of every council, then the faults of the story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from lgdp.demo import looked_after_faults, pupil_faults
from lgdp.demo.calendar import SECOND, YEARS, Year
from lgdp.demo.child_histories import make_children
from lgdp.demo.draft import Draft
from lgdp.demo.fault import Fault
from lgdp.demo.looked_after import draft_looked_after
from lgdp.demo.pupil_census import Roll, draft_pupil_census, draw_traits
from lgdp.demo.pupil_life import make_pupils, make_schools
from lgdp.demo.sender import INDEX, PEOPLE, SENDERS, Sender
from lgdp.demo.story import EACH_FAULT_GOES_TO, NIL, RESUBMITTED, SPOILT
from lgdp.demo.truth import CollectionKey, Seeded

CHILDREN = 4_000
PUPILS = 26_000
"""Of all councils together: a quarter of the children looked after, one in thirty pupils."""

FAULTS = (*looked_after_faults.REGISTER.faults, *pupil_faults.REGISTER.faults)


@dataclass
class Planted:
    """Where a kind of fault was put, and the rows it costs."""

    times: int = 0
    kept_out: int = 0
    where: list[CollectionKey] = field(default_factory=list)


@dataclass(frozen=True)
class Drafts:
    """What is in the end to be current (`final`), and what was sent before a correction (`spoilt`).

    Nil and silent collections have drafts too; the story says that they are not sent.
    """

    final: dict[CollectionKey, Draft]
    spoilt: dict[CollectionKey, Draft]
    seeded: tuple[Seeded, ...]


def make_drafts(seed: int) -> Drafts:
    """The same drafts for the same seed, on any machine."""
    final: dict[CollectionKey, Draft] = {}
    spoilt: dict[CollectionKey, Draft] = {}
    planted = {fault.name: Planted() for fault in FAULTS}
    for sender in SENDERS:
        maker = _Maker(seed, sender)
        for year in YEARS:
            for return_name in ("looked_after", "pupil_census"):
                key = CollectionKey(return_name, year.text, sender.code)
                draft = maker.draft(return_name, year, final)
                _plant(seed, draft, planted)
                final[key] = draft
                if key in RESUBMITTED:
                    spoilt[key] = _with_every_fault(seed, maker.draft(return_name, year, final))
    return Drafts(final, spoilt, tuple(_seeded(planted)))


class _Maker:
    """The people of one council, from whom any of its returns can be written again."""

    def __init__(self, seed: int, sender: Sender) -> None:
        self.sender = sender
        rng = Random(f"{seed}/{sender.code}/people")  # noqa: S311 (made-up people, no secrets)
        index, share = INDEX[sender.code], sender.people / PEOPLE
        self.children = make_children(rng, index, round(CHILDREN * share))
        schools = make_schools(index, round(PUPILS * share))
        pupils = make_pupils(rng, index, round(PUPILS * share), schools, self.children)
        self.roll = Roll(schools, pupils, draw_traits(rng, len(pupils)))

    def draft(self, return_name: str, year: Year, final: dict[CollectionKey, Draft]) -> Draft:
        before = None
        if year == SECOND:
            before = final[CollectionKey(return_name, YEARS[0].text, self.sender.code)]
        if return_name == "pupil_census":
            return draft_pupil_census(self.sender, self.roll, year, before)
        if CollectionKey(return_name, year.text, self.sender.code) in NIL:
            return draft_looked_after(self.sender, [], year, None)
        return draft_looked_after(self.sender, self.children, year, before)


def planned(fault: Fault) -> Iterator[tuple[CollectionKey, int]]:
    """The deliveries that get a fault, and how often; kinds are spread over councils and years."""
    number = FAULTS.index(fault)
    for turn in range(EACH_FAULT_GOES_TO):
        council = SPOILT[(number + 3 * turn) % len(SPOILT)]
        period = fault.periods[(number + turn) % len(fault.periods)]
        yield CollectionKey(fault.return_name, period, council), 1 + (number + turn) % 2


def _plant(seed: int, draft: Draft, planted: dict[str, Planted]) -> None:
    for fault in FAULTS:
        for key, times in planned(fault):
            if key != draft.key:
                continue
            rng = Random(f"{seed}/{key}/{fault.name}")  # noqa: S311 (faults, no secrets)
            before = _kept_out(draft)
            done = sum(fault.plant(draft, rng) for _ in range(times))
            planted[fault.name].times += done
            planted[fault.name].kept_out += _kept_out(draft) - before
            planted[fault.name].where.append(key)


def _with_every_fault(seed: int, draft: Draft) -> Draft:
    for fault in FAULTS:
        if fault.return_name == draft.key.return_name and draft.key.period in fault.periods:
            fault.plant(draft, Random(f"{seed}/every/{fault.name}"))  # noqa: S311
    return draft


def _kept_out(draft: Draft) -> int:
    return sum(record.kept_out for records in draft.tables.values() for record in records)


def _seeded(planted: dict[str, Planted]) -> Iterator[Seeded]:
    for fault in FAULTS:
        done = planted[fault.name]
        yield Seeded(
            fault=fault.name,
            return_name=fault.return_name,
            table=fault.table,
            code=fault.code,
            explanation=fault.explanation,
            times=done.times,
            kept_out=done.kept_out,
            where=tuple(sorted(done.where)),
        )
