"""A council's Children Looked After return of one year, written down from its children."""

from __future__ import annotations

from datetime import date

from lgdp.demo.calendar import SECOND, Year, birthday
from lgdp.demo.child_life import Child, Episode
from lgdp.demo.draft import Draft, Record
from lgdp.demo.sender import Sender
from lgdp.demo.truth import CollectionKey

TABLES = ("child", "episode", "placement", "legal_reason")
DATES = frozenset(
    (
        *("date_of_birth", "episode_start", "episode_end", "permanence_decision"),
        *("placement_start", "placement_end", "reason_start", "reason_end"),
    )
)


def draft_looked_after(
    sender: Sender, children: list[Child], year: Year, before: Draft | None
) -> Draft:
    """The return as it should be, with the queries that an honest return raises.

    `before` is the council's draft of the year before, faults included.
    """
    tables: dict[str, list[Record]] = {table: [] for table in TABLES}
    seen = frozenset(
        record.values["child_id"]
        for record in (before.tables["child"] if before else ())
        if not record.kept_out
    )
    key = CollectionKey("looked_after", year.text, sender.code)
    draft = Draft(key, tables, seen_before=seen)
    authority = sender.called or sender.code
    for child in children:
        if year.text in child.told:
            tables["child"].append(Record(_child_values(child, authority, year)))
            for episode in child.told[year.text]:
                _add_episode(tables, child, episode, year)
            _expect_queries(draft, child, year)
    return draft


def _child_values(child: Child, authority: str, year: Year) -> dict[str, str]:
    values = {
        "local_authority": authority,
        "child_id": child.child_id,
        "scn": child.scn,
        "date_of_birth": _text(child.born),
        "gender": child.gender,
        "ethnic_group": child.ethnic_group,
        "disability": child.disability,
        "religion": child.religion,
    }
    if year == SECOND:
        values["unaccompanied"] = child.unaccompanied
    return values


def _add_episode(
    tables: dict[str, list[Record]], child: Child, episode: Episode, year: Year
) -> None:
    owner = {"child_id": child.child_id, "episode_start": _text(episode.start)}
    leaver = episode.end is not None and birthday(child.born, 16) <= episode.end
    values = {
        **owner,
        "episode_end": _text(episode.end),
        "current_care_plan": episode.care_plan,
        "destination": episode.destination if episode.end else "",
        "pathway_plan": episode.pathway[0] if leaver else "",
        "pathway_coordinator": episode.pathway[1] if leaver else "",
    }
    if year == SECOND:
        values["permanence_decision"] = _text(episode.permanence)
    tables["episode"].append(Record(values))
    for placement in episode.placements:
        spell = {
            **owner,
            "placement_start": _text(placement.start),
            "placement_end": _text(placement.end),
            "placement_type": placement.code,
            "foster_type": placement.foster_type,
        }
        tables["placement"].append(Record(spell))
    for reason in episode.reasons:
        spell = {
            **owner,
            "reason_start": _text(reason.start),
            "reason_end": _text(reason.end),
            "legal_reason": reason.code,
        }
        tables["legal_reason"].append(Record(spell))


def _expect_queries(draft: Draft, child: Child, year: Year) -> None:
    """What the suite says of true histories: no candidate number, and a story told differently."""
    if not child.scn and birthday(child.born, 5) <= year.start:
        draft.query("child", "LAC104")
    if child.child_id not in draft.seen_before:
        return
    before = next(told for period, told in child.told.items() if period != year.text)
    now = {episode.start: episode for episode in child.told[year.text]}
    if any(episode.end is None and episode.start not in now for episode in before):
        draft.query("child", "LAC109")
    draft.query("episode", "LAC216", sum(_is_reopened(episode, now) for episode in before))
    known = {episode.start for episode in before}
    earlier = sum(start < year.start and start not in known for start in now)
    draft.query("episode", "LAC223", earlier)


def _is_reopened(before: Episode, now: dict[date, Episode]) -> bool:
    again = now.get(before.start)
    return before.end is not None and again is not None and again.end is None


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
