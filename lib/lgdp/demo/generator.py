"""Generate the demo: inboxes of three waves, and the truth about what they hold."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from lgdp.contracts.statutory_return import Verdict
from lgdp.demo.calendar import FIRST, FIRST_YEAR, LATE, ON_TIME
from lgdp.demo.delivery import write_delivery, write_nil
from lgdp.demo.draft import Draft, Record
from lgdp.demo.drafting import Drafts, make_drafts
from lgdp.demo.gold_truth import gold_numbers
from lgdp.demo.sender import SENDERS
from lgdp.demo.story import (
    CORRECTED,
    FOREIGN_ROW,
    MISSING_COLUMN,
    NIL,
    NIL_BY_MANIFEST,
    OPEN_QUOTE,
    REFUSED,
    RESUBMITTED,
    SENT_AGAIN,
    SILENT,
)
from lgdp.demo.story import LATE as SENT_LATE
from lgdp.demo.truth import CollectionKey, FailureKey, RowCounts, Status, TableKey, Truth, Wave

NOTES = frozenset(("LAC104",))
"""Codes of the demo that are notes: they do not change a verdict."""


def generate(inbox_root: Path, seed: int) -> Truth:
    """Write `<inbox_root>/<date>/<return>/<period>/<council>/` for each wave; the truth comes back.

    The same seed gives the same bytes. The waves are to be run in order, each with its own clock:
    the second year is compared with what was published of the first.
    """
    drafts = make_drafts(seed)
    waves = tuple(Wave(at, inbox_root / f"{at:%Y-%m-%d}") for at in (FIRST_YEAR, ON_TIME, LATE))
    inboxes = {wave.at: wave.inbox for wave in waves}
    for key, draft in drafts.final.items():
        for at, sent in _deliveries(key, draft, drafts):
            if sent is None:
                write_nil(inboxes[at], key)
            else:
                write_delivery(inboxes[at], sent, seed)
    return _truth(seed, waves, drafts)


def _deliveries(
    key: CollectionKey, draft: Draft, drafts: Drafts
) -> list[tuple[datetime, Draft | None]]:
    """When the council sends what for a collection; null is a nil return by manifest."""
    if key in SILENT:
        return []
    if key.period == FIRST.text:
        return [(FIRST_YEAR, draft)]
    if key in NIL_BY_MANIFEST:
        return [(ON_TIME, None)]
    if key in SENT_LATE:
        return [(LATE, draft)]
    if key in RESUBMITTED:
        return [(ON_TIME, drafts.spoilt[key]), (LATE, draft)]
    if key in FOREIGN_ROW:
        return [(ON_TIME, _with_foreign_row(draft)), (LATE, draft)]
    if key in SENT_AGAIN:
        return [(ON_TIME, draft), (LATE, draft)]
    if key in MISSING_COLUMN:
        draft.left_out = frozenset((("placement", "placement_type"),))
    if key in OPEN_QUOTE:
        records = draft.tables["pupil"]
        records[len(records) // 3].damage = "open_quote"
    return [(ON_TIME, draft)]


def _with_foreign_row(draft: Draft) -> Draft:
    """The same delivery with a pupil of another council in it, which is a breach, not an error."""
    tables = {table: list(records) for table, records in draft.tables.items()}
    first = tables["pupil"][0]
    other = next(sender.code for sender in SENDERS if sender.code != draft.key.council)
    stray = Record({**first.values, "local_authority": other, "scn": "999000001"})
    tables["pupil"].append(stray)
    return Draft(draft.key, tables)


def _truth(seed: int, waves: tuple[Wave, ...], drafts: Drafts) -> Truth:
    statuses = {key: _status(key, draft) for key, draft in drafts.final.items()}
    current = [draft for key, draft in drafts.final.items() if statuses[key].state == "published"]
    rows: dict[TableKey, RowCounts] = {}
    failures: dict[FailureKey, int] = {}
    for draft in current:
        for table, counts in draft.counts().items():
            rows[TableKey(draft.key, table)] = counts
        for (table, code, consequence), count in draft.failures.items():
            failures[FailureKey(draft.key, table, code, consequence)] = count
    return Truth(
        seed=seed,
        waves=waves,
        rows=rows,
        failures=failures,
        statuses=statuses,
        gold=gold_numbers(draft for draft in current if draft.key.return_name == "looked_after"),
        seeded=drafts.seeded,
    )


def _status(key: CollectionKey, draft: Draft) -> Status:
    if key in SILENT:
        return Status("overdue", None, False)
    if key in REFUSED - CORRECTED:
        return Status("rejected", "rejected", False)
    if key in NIL:
        return Status("nil", None, True)
    late = key in SENT_LATE or key in FOREIGN_ROW
    return Status("published", _verdict(draft), not late)


def _verdict(draft: Draft) -> Verdict:
    if any(record.kept_out for records in draft.tables.values() for record in records):
        return "has errors"
    codes = {code for _, code, _ in draft.failures}
    return "has queries" if codes - NOTES else "clean"
