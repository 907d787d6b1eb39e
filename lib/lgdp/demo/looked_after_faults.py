"""Faults of the Children Looked After return."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from lgdp.demo.calendar import YEARS, Year
from lgdp.demo.child_life import FOSTERED
from lgdp.demo.draft import Draft, Record
from lgdp.demo.fault import Register

REGISTER = Register("looked_after")
NBSP = "\N{NO-BREAK SPACE}"


@REGISTER.add("placement", "FORMAT")
def wrong_date_format(draft: Draft, rng: Random) -> bool:
    """A date written 17-Sep-24."""
    record = draft.pick(rng, "placement", _one_of_several(draft))
    if record is not None:
        start = date.fromisoformat(record.values["placement_start"])
        record.values["placement_start"] = f"{start:%d-%b-%y}"
        draft.keep_out("placement", record, "FORMAT")
    return record is not None


@REGISTER.add("placement", "CODE_LIST")
def unknown_code(draft: Draft, rng: Random) -> bool:
    """A placement type that no list holds."""
    several = _one_of_several(draft)
    record = draft.pick(
        rng, "placement", lambda record: several(record) and not record.values["foster_type"]
    )
    if record is not None:
        record.values["placement_type"] = "Z9"
        draft.keep_out("placement", record, "CODE_LIST")
    return record is not None


@REGISTER.add("child", "REQUIRED")
def missing_mandatory(draft: Draft, rng: Random) -> bool:
    """A blank gender; all that is sent of the child is kept out."""
    record = draft.pick(rng, "child", _brief(draft))
    if record is not None:
        record.values["gender"] = ""
        draft.keep_out("child", record, "REQUIRED")
        for episode in draft.group(draft.name_of(record))["episode"]:
            draft.keep_out("episode", episode, "LAC202", consequence=True)
            _lose_spells(draft, episode)
    return record is not None


@REGISTER.add("legal_reason", "LAC401")
def duplicate_key(draft: Draft, rng: Random) -> bool:
    """The same legal reason twice; both are kept out."""
    record = draft.pick(rng, "legal_reason", _later_reason)
    if record is not None:
        twin = Record(dict(record.values))
        draft.tables["legal_reason"].append(twin)
        draft.keep_out("legal_reason", record, "LAC401")
        draft.keep_out("legal_reason", twin, "LAC401")
    return record is not None


@REGISTER.add("placement", "LAC302")
def orphan_placement(draft: Draft, rng: Random) -> bool:
    """A placement of a child that was not sent."""
    record = draft.pick(rng, "placement", lambda record: True)
    if record is not None:
        orphan = Record({**record.values, "child_id": f"{record.values['child_id']}-A"})
        draft.tables["placement"].append(orphan)
        draft.keep_out("placement", orphan, "LAC302")
    return record is not None


@REGISTER.add("episode", "LAC203")
def end_before_start(draft: Draft, rng: Random) -> bool:
    """An episode that ends before it starts."""
    record = draft.pick(rng, "episode", _brief(draft))
    if record is not None:
        record.values["episode_end"] = _moved(record.values["episode_start"], -10)
        _lose_episode(draft, record, "LAC203")
    return record is not None


@REGISTER.add("episode", "LAC207")
def born_after_start(draft: Draft, rng: Random) -> bool:
    """A date of birth after the child was taken in."""
    brief = _brief(draft)
    record = draft.pick(rng, "episode", lambda record: brief(record) and _has_scn(draft, record))
    if record is not None:
        child = draft.group(draft.name_of(record))["child"][0]
        child.values["date_of_birth"] = _moved(record.values["episode_start"], 30)
        _lose_episode(draft, record, "LAC207")
    return record is not None


@REGISTER.add("placement", "LAC305")
def placement_outside_episode(draft: Draft, rng: Random) -> bool:
    """A placement that lasts longer than its episode."""
    record = draft.pick(rng, "placement", _last_of_closed(draft))
    if record is not None:
        record.values["placement_end"] = _moved(record.values["placement_end"], 10)
        draft.keep_out("placement", record, "LAC305")
    return record is not None


@REGISTER.add("placement", "LAC307")
def overlapping_placements(draft: Draft, rng: Random) -> bool:
    """A placement that starts before the one before it ended."""
    several = _one_of_several(draft)
    record = draft.pick(
        rng,
        "placement",
        lambda record: (
            several(record) and record.values["placement_start"] != record.values["episode_start"]
        ),
    )
    if record is not None:
        record.values["placement_start"] = _moved(record.values["placement_start"], -5)
        draft.keep_out("placement", record, "LAC307")
    return record is not None


@REGISTER.add("legal_reason", "LAC406")
def future_date(draft: Draft, rng: Random) -> bool:
    """A legal reason that ends in the future."""
    record = draft.pick(
        rng,
        "legal_reason",
        lambda record: _later_reason(record) and not _episode(draft, record).values["episode_end"],
    )
    if record is not None:
        end = _year(draft).end + timedelta(days=90)
        record.values["reason_end"] = end.isoformat()
        draft.keep_out("legal_reason", record, "LAC406")
    return record is not None


@REGISTER.add("placement", "TOO_FEW_FIELDS")
def short_row(draft: Draft, rng: Random) -> bool:
    """A record that lost a field."""
    record = draft.pick(rng, "placement", _one_of_several(draft))
    if record is not None:
        record.damage = "short"
        draft.keep_out("placement", record, "TOO_FEW_FIELDS")
    return record is not None


@REGISTER.add("legal_reason", "CODE_LIST", only_second=True)
def retired_code(draft: Draft, rng: Random) -> bool:
    """A code that ended with the year before."""
    record = draft.pick(rng, "legal_reason", _later_reason)
    if record is not None:
        record.values["legal_reason"] = "09"
        draft.keep_out("legal_reason", record, "CODE_LIST")
    return record is not None


@REGISTER.add("episode", "LAC211")
def no_legal_reason(draft: Draft, rng: Random) -> bool:
    """No legal reason for the child to be looked after (a query)."""
    record = draft.pick(rng, "episode", lambda record: True)
    if record is not None:
        for reason in _spells(draft, record, "legal_reason"):
            draft.tables["legal_reason"].remove(reason)
        draft.query("episode", "LAC211")
    return record is not None


@REGISTER.add("placement", "LAC310")
def no_foster_type(draft: Draft, rng: Random) -> bool:
    """A foster placement of no kind (a query)."""
    record = draft.pick(
        rng, "placement", lambda record: record.values["placement_type"] in FOSTERED
    )
    if record is not None:
        record.values["foster_type"] = ""
        draft.query("placement", "LAC310")
    return record is not None


@REGISTER.add("placement", None)
def no_break_space(draft: Draft, rng: Random) -> bool:
    """An id with a no-break space; must be read as if without."""
    record = draft.pick(rng, "placement", lambda record: True)
    if record is not None:
        record.values["child_id"] += NBSP
    return record is not None


@REGISTER.add("placement", None)
def lower_case_code(draft: Draft, rng: Random) -> bool:
    """A code in lower case; must be read as upper case."""
    record = draft.pick(rng, "placement", lambda record: bool(record.values["foster_type"]))
    if record is not None:
        record.values["foster_type"] = record.values["foster_type"].lower()
    return record is not None


def _year(draft: Draft) -> Year:
    return next(year for year in YEARS if year.text == draft.key.period)


def _moved(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _spells(draft: Draft, record: Record, table: str) -> list[Record]:
    """The placements or legal reasons of the record's episode."""
    start = record.values["episode_start"]
    of_child = draft.group(draft.name_of(record))[table]
    return [spell for spell in of_child if spell.values["episode_start"] == start]


def _episode(draft: Draft, record: Record) -> Record:
    return _spells(draft, record, "episode")[0]


def _one_of_several(draft: Draft) -> Callable[[Record], bool]:
    """Placements whose loss leaves their episode another one."""
    return lambda record: len(_spells(draft, record, "placement")) > 1


def _later_reason(record: Record) -> bool:
    """A legal reason that is not the one that covers the episode's start."""
    return record.values["reason_start"] != record.values["episode_start"]


def _brief(draft: Draft) -> Callable[[Record], bool]:
    """Records of children with one episode, all of it in this year: no other year knows them."""
    first_day = _year(draft).start.isoformat()

    def fits(record: Record) -> bool:
        episodes = draft.group(draft.name_of(record))["episode"]
        values = episodes[0].values
        within = values["episode_start"] > first_day and values["episode_end"] != ""
        return len(episodes) == 1 and within

    return fits


def _last_of_closed(draft: Draft) -> Callable[[Record], bool]:
    """The last placement of an ended episode, if the child has others, and no other episode.

    Ten days more are still within the year.
    """
    last = _year(draft).day(350).isoformat()

    def fits(record: Record) -> bool:
        family = draft.group(draft.name_of(record))
        end = family["episode"][0].values["episode_end"]
        alone = len(family["episode"]) == 1 and len(family["placement"]) > 1
        return alone and "" < end < last and record.values["placement_end"] == end

    return fits


def _has_scn(draft: Draft, record: Record) -> bool:
    """A child without one is noted by its age, which a fault must not change."""
    return draft.group(draft.name_of(record))["child"][0].values["scn"] != ""


def _lose_episode(draft: Draft, episode: Record, code: str) -> None:
    """Keep out a child's only episode; what hangs on it follows, and the child is queried."""
    draft.keep_out("episode", episode, code)
    _lose_spells(draft, episode)
    draft.query("child", "LAC107", consequence=True)


def _lose_spells(draft: Draft, episode: Record) -> None:
    for table, code in (("placement", "LAC302"), ("legal_reason", "LAC402")):
        for spell in _spells(draft, episode, table):
            draft.keep_out(table, spell, code, consequence=True)
