"""A council's pupil census of one year, written down from its pupils and schools."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

from lgdp.demo.calendar import SECOND, YEARS, Year
from lgdp.demo.draft import Draft, Record
from lgdp.demo.pupil_life import Pupil, School
from lgdp.demo.sender import Sender
from lgdp.demo.truth import CollectionKey

MONTHS = frozenset(("date_of_birth",))
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
FIRST_LANGUAGES = (("English", 88), ("Scots", 8), ("Gàidhlig", 4))
OTHER_LANGUAGES = ("Polski", "Français", "Português", "Español", "Arabic", "Urdu", "Punjabi")
ETHNIC = (
    ("01", 74),
    ("02", 7),
    ("04", 4),
    ("06", 3),
    ("07", 2),
    ("08", 3),
    ("09", 3),
    ("13", 3),
    ("98", 1),
)
IDENTITY = (("01", 68), ("05", 18), ("02", 5), ("06", 6), ("98", 3))


@dataclass(frozen=True)
class Roll:
    """All that a council counts: its schools and pupils, both years.

    `traits` holds what chance decides, item by item, in the order of pupils; an empty text is a no.
    """

    schools: list[School]
    pupils: list[Pupil]
    traits: dict[str, list[str]]

    def count(self, later: int) -> Counter[str]:
        """Pupils by school so many years after the first."""
        return Counter(
            pupil.school_in(later).seed_code
            for pupil in self.pupils
            if pupil.stage_in(later) is not None
        )


def draft_pupil_census(sender: Sender, roll: Roll, year: Year, before: Draft | None) -> Draft:
    """The return as it should be; `before` is the draft of the year before, faults included."""
    later = YEARS.index(year)
    seen = frozenset(
        record.values["scn"]
        for record in (before.tables["pupil"] if before else ())
        if not record.kept_out
    )
    tables = {
        "pupil": _pupil_records(sender, roll, year),
        "establishment": _establishments(roll, later),
    }
    return Draft(CollectionKey("pupil_census", year.text, sender.code), tables, seen_before=seen)


def _establishments(roll: Roll, later: int) -> list[Record]:
    rolls = (roll.count(0), roll.count(1))
    return [
        Record(
            {
                "seed_code": school.seed_code,
                "school_name": school.name,
                "sector": school.sector,
                "capacity": str(max(count[school.seed_code] for count in rolls) * 6 // 5),
                "roll": str(rolls[later][school.seed_code]),
            }
        )
        for school in roll.schools
    ]


def _pupil_records(sender: Sender, roll: Roll, year: Year) -> list[Record]:
    later, traits = YEARS.index(year), roll.traits
    authority = sender.called or sender.code
    records: list[Record] = []
    for index, pupil in enumerate(roll.pupils):
        stage = pupil.stage_in(later)
        if stage is None:
            continue
        support = stage == "SP" or traits["support"][index]
        foreign = traits["foreign"][index]
        # The first row always holds a letter outside ASCII, so that the encoding can be told.
        language = traits["other" if foreign else "first"][index] if records else "Gàidhlig"
        values = {
            "local_authority": authority,
            "seed_code": pupil.school_in(later).seed_code,
            "scn": pupil.scn,
            "date_of_birth": pupil.born.isoformat()[:7],
            "gender": pupil.gender,
            "stage": stage,
            "status": traits["status"][index],
            "home_postcode": _postcode(sender, pupil.scn),
            "free_school_meal": traits["meal"][index],
            "looked_after": "Y" if pupil.looked_after else "N",
            "additional_support": "Y" if support else "N",
            "support_plan": traits["plan"][index] if support else "",
            "eal_level": traits["level"][index] if foreign else "EN",
            "home_language": language,
            "ethnic_background": traits["ethnic"][index],
            "national_identity": traits["identity"][index],
        }
        if year == SECOND:
            values["young_carer"] = traits["carer"][index]
        records.append(Record(values))
    return records


def draw_traits(rng: Random, count: int) -> dict[str, list[str]]:
    """The traits of so many pupils."""

    def draw(weighted: tuple[tuple[str, int], ...]) -> list[str]:
        codes, weights = zip(*weighted, strict=True)
        return rng.choices(codes, weights, k=count)

    return {
        "support": draw((("x", 37), ("", 63))),
        "plan": draw((("", 70), ("CSP", 2), ("IEP", 14), ("CHP", 12), ("OTH", 2))),
        "status": draw((("01", 96), ("02", 2), ("03", 1), ("04", 1))),
        "meal": draw((("Y", 30), ("N", 70))),
        "carer": draw((("Y", 2), ("N", 98))),
        "foreign": draw((("", 88), ("x", 12))),
        "level": draw((("1", 2), ("2", 3), ("3", 3), ("4", 2), ("5", 2))),
        "first": draw(FIRST_LANGUAGES),
        "other": rng.choices(OTHER_LANGUAGES, k=count),
        "ethnic": draw(ETHNIC),
        "identity": draw(IDENTITY),
    }


def _postcode(sender: Sender, scn: str) -> str:
    """A postcode in the council's areas that stays with the pupil."""
    number = int(scn[2:]) * 7919
    area = sender.areas[number % len(sender.areas)]
    inward = f"{number % 9 + 1}{LETTERS[number // 9 % 20]}{LETTERS[number // 180 % 20]}"
    return f"{area}{number // 7 % 9 + 1} {inward}"
