"""Faults of the pupil census."""

from __future__ import annotations

from random import Random

from lgdp.demo.draft import Damage, Draft, Record
from lgdp.demo.fault import Register
from lgdp.demo.pupil_life import STAGES

REGISTER = Register("pupil_census")


def _spoil(draft: Draft, rng: Random, column: str, value: str, code: str) -> bool:
    """Give one pupil a value that must keep it out."""
    record = draft.pick(rng, "pupil", lambda record: True)
    if record is not None:
        record.values[column] = value
        draft.keep_out("pupil", record, code)
    return record is not None


def _damage(draft: Draft, rng: Random, damage: Damage, code: str) -> bool:
    """Damage the line of one pupil, which must be kept out."""
    record = draft.pick(rng, "pupil", lambda record: True)
    if record is not None:
        record.damage = damage
        draft.keep_out("pupil", record, code)
    return record is not None


def _spoil_school(draft: Draft, rng: Random, roll: str, code: str) -> bool:
    """Give one school a roll that must keep it out; its pupils follow."""
    record = draft.pick(rng, "establishment", lambda record: True)
    if record is not None:
        record.values["roll"] = roll
        draft.keep_out("establishment", record, code)
        for pupil in draft.group(draft.name_of(record))["pupil"]:
            draft.keep_out("pupil", pupil, "PUP102", consequence=True)
    return record is not None


@REGISTER.add("pupil", "TOO_MANY_FIELDS")
def long_row(draft: Draft, rng: Random) -> bool:
    """A record with a field too many."""
    return _damage(draft, rng, "long", "TOO_MANY_FIELDS")


@REGISTER.add("pupil", "FORMAT")
def spreadsheet_number(draft: Draft, rng: Random) -> bool:
    """A candidate number that a spreadsheet made 1.23E+08."""
    return _spoil(draft, rng, "scn", "1.23E+08", "FORMAT")


@REGISTER.add("pupil", "FORMAT")
def bad_postcode(draft: Draft, rng: Random) -> bool:
    """Half a postcode, which is then also missing (a query)."""
    found = _spoil(draft, rng, "home_postcode", "EH1 1", "FORMAT")
    draft.query("pupil", "PUP109", int(found))
    return found


@REGISTER.add("pupil", "TYPE")
def wrong_yes_no(draft: Draft, rng: Random) -> bool:
    """A word that is neither yes nor no."""
    return _spoil(draft, rng, "free_school_meal", "applied for", "TYPE")


@REGISTER.add("pupil", "NUL_BYTE")
def nul_byte(draft: Draft, rng: Random) -> bool:
    """A record with a NUL byte."""
    return _damage(draft, rng, "nul", "NUL_BYTE")


@REGISTER.add("pupil", "BAD_ENCODING")
def bad_byte(draft: Draft, rng: Random) -> bool:
    """A byte that is not UTF-8 in a file that is."""
    return _damage(draft, rng, "bad_byte", "BAD_ENCODING")


@REGISTER.add("pupil", "PUP102")
def unknown_school(draft: Draft, rng: Random) -> bool:
    """A pupil of a school that was not sent."""
    return _spoil(draft, rng, "seed_code", "9999999", "PUP102")


@REGISTER.add("pupil", "PUP101")
def pupil_twice(draft: Draft, rng: Random) -> bool:
    """A pupil sent twice; both rows are kept out."""
    record = draft.pick(rng, "pupil", lambda record: True)
    if record is not None:
        twin = Record(dict(record.values))
        draft.tables["pupil"].append(twin)
        draft.keep_out("pupil", record, "PUP101")
        draft.keep_out("pupil", twin, "PUP101")
    return record is not None


@REGISTER.add("establishment", "TYPE")
def decimal_integer(draft: Draft, rng: Random) -> bool:
    """A roll of 41.5; the pupils of the school are kept out too."""
    return _spoil_school(draft, rng, "41.5", "TYPE")


@REGISTER.add("establishment", "PUP202")
def negative_integer(draft: Draft, rng: Random) -> bool:
    """A roll of -12; the pupils of the school are kept out too."""
    return _spoil_school(draft, rng, "-12", "PUP202")


@REGISTER.add("pupil", "PUP103", only_second=True)
def stage_behind(draft: Draft, rng: Random) -> bool:
    """A stage behind last year's (a query)."""
    record = draft.pick(
        rng,
        "pupil",
        lambda record: (
            record.values["stage"] in STAGES[3:7] and record.values["scn"] in draft.seen_before
        ),
    )
    if record is not None:
        step = STAGES.index(record.values["stage"])
        record.values["stage"] = STAGES[step - 2]
        draft.query("pupil", "PUP103")
    return record is not None
