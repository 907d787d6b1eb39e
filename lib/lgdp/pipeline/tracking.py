"""Where every collection stands now."""

from __future__ import annotations

from lgdp.ledger.tracking import Status, track
from lgdp.pipeline.calendar import collections_of
from lgdp.pipeline.platform import Platform


def statuses_of(platform: Platform) -> list[Status]:
    """One status per return, period and council that is owed or was sent, as things are now."""
    state, now = platform.ledger.state(), platform.clock()
    return track(collections_of(platform, state, now.date()), state, now)
