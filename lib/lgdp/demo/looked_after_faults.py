"""Faults of the Children Looked After return."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from lgdp.demo.child_life import FOSTERED
from lgdp.demo.draft import Draft, Record
from lgdp.demo.family import (
    episode_of,
    has_scn,
    is_brief,
    is_last_of_closed,
    is_later_reason,
    lose_episode,
    lose_placement,
    lose_spells,
    moved,
    one_of_several,
    spells_of,
    year_of,
)
from lgdp.demo.fault import Register

REGISTER = Register("looked_after")
NBSP = "\N{NO-BREAK SPACE}"


@REGISTER.add("placement", "FORMAT")
def wrong_date_format(draft: Draft, rng: Random) -> bool:
    """A date written 17-Sep-24."""
    record = draft.pick(rng, "placement", one_of_several(draft))
    if record is not None:
        lose_placement(draft, record, "FORMAT", seen=False)
        start = date.fromisoformat(record.values["placement_start"])
        record.values["placement_start"] = f"{start:%d-%b-%y}"
    return record is not None


@REGISTER.add("placement", "CODE_LIST")
def unknown_code(draft: Draft, rng: Random) -> bool:
    """A placement type that no list holds."""
    several, first_day = one_of_several(draft), year_of(draft).start.isoformat()

    def fits(record: Record) -> bool:
        # Last year's return knows no placement of this year, so it can't differ from that.
        is_new = record.values["placement_start"] >= first_day
        return several(record) and is_new and not record.values["foster_type"]

    record = draft.pick(rng, "placement", fits)
    if record is not None:
        record.values["placement_type"] = "Z9"
        lose_placement(draft, record, "CODE_LIST", seen=True)
    return record is not None


@REGISTER.add("child", "REQUIRED")
def missing_mandatory(draft: Draft, rng: Random) -> bool:
    """A blank gender; all that is sent of the child is kept out."""
    record = draft.pick(rng, "child", is_brief(draft))
    if record is not None:
        record.values["gender"] = ""
        draft.keep_out("child", record, "REQUIRED")
        for episode in draft.group(draft.name_of(record))["episode"]:
            draft.keep_out("episode", episode, "LAC202", consequence=True)
            lose_spells(draft, episode)
    return record is not None


@REGISTER.add("legal_reason", "LAC401")
def duplicate_key(draft: Draft, rng: Random) -> bool:
    """The same legal reason twice; both are kept out."""
    record = draft.pick(rng, "legal_reason", is_later_reason)
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
    record = draft.pick(rng, "episode", is_brief(draft))
    if record is not None:
        record.values["episode_end"] = moved(record.values["episode_start"], -10)
        lose_episode(draft, record, "LAC203")
    return record is not None


@REGISTER.add("episode", "LAC207")
def born_after_start(draft: Draft, rng: Random) -> bool:
    """A date of birth after the child was taken in."""
    brief = is_brief(draft)
    record = draft.pick(rng, "episode", lambda record: brief(record) and has_scn(draft, record))
    if record is not None:
        child = draft.group(draft.name_of(record))["child"][0]
        child.values["date_of_birth"] = moved(record.values["episode_start"], 30)
        lose_episode(draft, record, "LAC207")
    return record is not None


@REGISTER.add("placement", "LAC305")
def placement_outside_episode(draft: Draft, rng: Random) -> bool:
    """A placement that lasts longer than its episode."""
    record = draft.pick(rng, "placement", is_last_of_closed(draft))
    if record is not None:
        record.values["placement_end"] = moved(record.values["placement_end"], 10)
        draft.keep_out("placement", record, "LAC305")
    return record is not None


@REGISTER.add("placement", "LAC307")
def overlapping_placements(draft: Draft, rng: Random) -> bool:
    """A placement that starts before the one before it ended."""
    several = one_of_several(draft)
    record = draft.pick(
        rng,
        "placement",
        lambda record: (
            several(record) and record.values["placement_start"] != record.values["episode_start"]
        ),
    )
    if record is not None:
        lose_placement(draft, record, "LAC307", seen=True)
        record.values["placement_start"] = moved(record.values["placement_start"], -5)
    return record is not None


@REGISTER.add("legal_reason", "LAC406")
def future_date(draft: Draft, rng: Random) -> bool:
    """A legal reason that ends in the future."""

    def fits(record: Record) -> bool:
        is_open = not episode_of(draft, record).values["episode_end"]
        return is_later_reason(record) and is_open

    record = draft.pick(rng, "legal_reason", fits)
    if record is not None:
        end = year_of(draft).end + timedelta(days=90)
        record.values["reason_end"] = end.isoformat()
        draft.keep_out("legal_reason", record, "LAC406")
    return record is not None


@REGISTER.add("placement", "TOO_FEW_FIELDS")
def short_row(draft: Draft, rng: Random) -> bool:
    """A record that lost a field."""
    record = draft.pick(rng, "placement", one_of_several(draft))
    if record is not None:
        record.damage = "short"
        lose_placement(draft, record, "TOO_FEW_FIELDS", seen=False)
    return record is not None


@REGISTER.add("legal_reason", "CODE_LIST", only_second=True)
def retired_code(draft: Draft, rng: Random) -> bool:
    """A code that ended with the year before."""
    record = draft.pick(rng, "legal_reason", is_later_reason)
    if record is not None:
        record.values["legal_reason"] = "09"
        draft.keep_out("legal_reason", record, "CODE_LIST")
    return record is not None


@REGISTER.add("episode", "LAC211")
def no_legal_reason(draft: Draft, rng: Random) -> bool:
    """No legal reason for the child to be looked after (a query)."""
    record = draft.pick(rng, "episode", lambda record: True)
    if record is not None:
        for reason in spells_of(draft, record, "legal_reason"):
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
