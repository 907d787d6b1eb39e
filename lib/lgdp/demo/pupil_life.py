"""The pupils and schools of a council over both years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from lgdp.demo.calendar import FIRST
from lgdp.demo.child_life import Child

STAGES = tuple(f"P{number}" for number in range(1, 8)) + tuple(
    f"S{number}" for number in range(1, 7)
)
PRIMARY_STAGES = 7
PUPILS_PER_SCHOOL = 55
FEWEST_FOR_A_SPECIAL_SCHOOL = 600
SPECIAL_PUPILS = 26
LEAVES_OR_COMES = 0.03
LOOKED_AFTER = 0.015
PLACES = (
    *("Kirkton", "Burnside", "Millbank", "St Thérèse's", "Ardbeg", "Hillhead", "Glenburn"),
    *("St Ninian's", "Whinhill", "Castlepark", "Rowanbank", "St Mary's, Old Town"),
)
KINDS = ("", "North ", "South ", "Upper ", "Nether ", "Bun-sgoil ")


@dataclass(frozen=True)
class School:
    """A school; special schools have no stages."""

    seed_code: str
    name: str
    sector: str


@dataclass(frozen=True)
class Pupil:
    """A pupil. `step` is the place in `STAGES` in the first year; -1 starts school in the second.

    `schools` are the primary and the secondary; a pupil of a special school has it twice.
    """

    scn: str
    born: date
    gender: str
    step: int
    schools: tuple[School, School]
    looked_after: bool
    special: bool = False
    comes: bool = True
    stays: bool = True

    def stage_in(self, later: int) -> str | None:
        """The stage so many years after the first; null when not at school in this council."""
        if (later == 0 and not self.comes) or (later == 1 and not self.stays):
            return None
        if self.special:
            return "SP"
        step = self.step + later
        return STAGES[step] if 0 <= step < len(STAGES) else None

    def school_in(self, later: int) -> School:
        """The school of that year."""
        return self.schools[self.step + later >= PRIMARY_STAGES]


def make_schools(council_index: int, pupils: int) -> list[School]:
    """Schools for so many pupils: primaries, secondaries, and a special one in big councils."""
    primaries = max(1, pupils * 7 // 13 // PUPILS_PER_SCHOOL)
    secondaries = max(1, pupils * 6 // 13 // (2 * PUPILS_PER_SCHOOL))
    names = [f"{kind}{place}" for kind in KINDS for place in PLACES]
    schools = [
        School(f"{council_index:02d}2{number:04d}", f"{names[number]} Primary School", "PRI")
        for number in range(primaries)
    ]
    schools += [
        School(f"{council_index:02d}5{number:04d}", f"{names[number]} High School", "SEC")
        for number in range(secondaries)
    ]
    if pupils >= FEWEST_FOR_A_SPECIAL_SCHOOL:
        schools.append(School(f"{council_index:02d}80001", "Sgoil na Coille", "SPE"))
    return schools


def make_pupils(
    rng: Random, council_index: int, count: int, schools: Sequence[School], known: list[Child]
) -> list[Pupil]:
    """About so many pupils in each year. Some are children of `known`, who are looked after."""
    by_sector = {
        sector: [school for school in schools if school.sector == sector]
        for sector in ("PRI", "SEC", "SPE")
    }
    per_stage = count // len(STAGES)
    pupils: list[Pupil] = []
    children = _by_step(known)
    looked_after_left = round(count * LOOKED_AFTER)
    for step in range(-1, len(STAGES)):
        for place in range(per_stage):
            child = children[step].pop() if looked_after_left and children[step] else None
            looked_after_left -= child is not None
            number = f"{council_index:02d}{len(pupils) + 50_000:05d}"
            born = child.born if child else _born(rng, step)
            pupils.append(
                Pupil(
                    scn=child.scn if child else f"{born.year % 100:02d}{number}",
                    born=born,
                    gender=child.gender if child else rng.choice("FM"),
                    step=step,
                    schools=(_shared(by_sector["PRI"], place), _shared(by_sector["SEC"], place)),
                    looked_after=child is not None,
                    comes=rng.random() >= LEAVES_OR_COMES,
                    stays=rng.random() >= LEAVES_OR_COMES,
                )
            )
    return pupils + [
        _special_pupil(rng, f"{council_index:02d}{number + 90_000:05d}", by_sector["SPE"][0])
        for number in range(SPECIAL_PUPILS if by_sector["SPE"] else 0)
    ]


def _special_pupil(rng: Random, number: str, school: School) -> Pupil:
    born = _born(rng, rng.randrange(len(STAGES)))
    scn = f"{born.year % 100:02d}{number}"
    return Pupil(scn, born, rng.choice("FM"), 0, (school, school), False, special=True)


def _shared(schools: list[School], place: int) -> School:
    return schools[place % len(schools)]


def _born(rng: Random, step: int) -> date:
    """P1 in August 2023 is for those born from March 2018 to February 2019, and so on."""
    month = rng.randint(0, 11) + 2
    return date(FIRST.start.year - 5 - step + month // 12, month % 12 + 1, 1)


def _by_step(children: list[Child]) -> dict[int, list[Child]]:
    """Children that can be pupils of the first year, by the step their birth puts them on."""
    steps: dict[int, list[Child]] = {step: [] for step in range(-1, len(STAGES))}
    for child in children:
        year = child.born.year - (child.born.month < 3)
        step = FIRST.start.year - 5 - year
        if child.scn and step in steps:
            steps[step].append(child)
    return steps
