"""A child's rows among those of a draft: what a fault looks for, and what follows from a loss."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from lgdp.demo.calendar import YEARS, Year
from lgdp.demo.draft import Draft, Record


def year_of(draft: Draft) -> Year:
    """The year that the draft is of."""
    return next(year for year in YEARS if year.text == draft.key.period)


def moved(day: str, days: int) -> str:
    """An ISO date so many days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def spells_of(draft: Draft, record: Record, table: str) -> list[Record]:
    """The placements or legal reasons of the record's episode."""
    start = record.values["episode_start"]
    of_child = draft.group(draft.name_of(record))[table]
    return [spell for spell in of_child if spell.values["episode_start"] == start]


def episode_of(draft: Draft, record: Record) -> Record:
    """The episode that a placement or legal reason belongs to."""
    return spells_of(draft, record, "episode")[0]


def one_of_several(draft: Draft) -> Callable[[Record], bool]:
    """Placements whose loss leaves their episode another one."""
    return lambda record: len(spells_of(draft, record, "placement")) > 1


def lose_placement(draft: Draft, record: Record, code: str, seen: bool) -> None:
    """Keep out a placement, not yet changed; one between two others leaves a gap in the episode.

    `seen` says that rules see the placement at first, so that the gap follows from its loss.
    """
    starts = [spell.values["placement_start"] for spell in spells_of(draft, record, "placement")]
    draft.keep_out("placement", record, code)
    if min(starts) < record.values["placement_start"] < max(starts):
        draft.query("placement", "LAC312", consequence=seen)


def is_later_reason(record: Record) -> bool:
    """A legal reason that is not the one that covers the episode's start."""
    return record.values["reason_start"] != record.values["episode_start"]


def is_brief(draft: Draft) -> Callable[[Record], bool]:
    """Records of children with one episode, all of it in this year: no other year knows them."""
    first_day = year_of(draft).start.isoformat()

    def fits(record: Record) -> bool:
        episodes = draft.group(draft.name_of(record))["episode"]
        values = episodes[0].values
        within = values["episode_start"] > first_day and values["episode_end"] != ""
        return len(episodes) == 1 and within

    return fits


def is_last_of_closed(draft: Draft) -> Callable[[Record], bool]:
    """The last placement of an ended episode, if the child has others, and no other episode.

    Ten days more are still within the year.
    """
    last = year_of(draft).day(350).isoformat()

    def fits(record: Record) -> bool:
        family = draft.group(draft.name_of(record))
        end = family["episode"][0].values["episode_end"]
        alone = len(family["episode"]) == 1 and len(family["placement"]) > 1
        return alone and "" < end < last and record.values["placement_end"] == end

    return fits


def has_scn(draft: Draft, record: Record) -> bool:
    """A child without one is noted by its age, which a fault must not change."""
    return draft.group(draft.name_of(record))["child"][0].values["scn"] != ""


def lose_episode(draft: Draft, episode: Record, code: str) -> None:
    """Keep out a child's only episode; what hangs on it follows, and the child is queried."""
    draft.keep_out("episode", episode, code)
    lose_spells(draft, episode)
    draft.query("child", "LAC107", consequence=True)


def lose_spells(draft: Draft, episode: Record) -> None:
    """Keep out the placements and legal reasons of an episode that is kept out."""
    for table, code in (("placement", "LAC302"), ("legal_reason", "LAC402")):
        for spell in spells_of(draft, episode, table):
            draft.keep_out(table, spell, code, consequence=True)
