"""What the events of a ledger add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lgdp.ledger.event import Event, Key
from lgdp.ledger.standing import Exemption, Standing


@dataclass(frozen=True)
class Refusal:
    """An event that changed nothing, and why."""

    event: Event
    reason: str


@dataclass(frozen=True)
class LedgerState:
    """What the events up to `version` of the log add up to.

    `standings` are in the order in which submissions were first heard of. `current` has for each
    return, period and council the (submission, ruleset) that counts; just these submissions are
    in the state `published`. `exemptions` are the exceptions granted from locks, the latest of
    each return, period and council. `turns` counts the events that changed something.
    """

    standings: Mapping[str, Standing] = field(default_factory=lambda: MappingProxyType({}))
    current: Mapping[Key, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    exemptions: Mapping[Key, Exemption] = field(default_factory=lambda: MappingProxyType({}))
    refused: tuple[Refusal, ...] = ()
    seen: frozenset[str] = frozenset()
    turns: int = 0
    version: int = -1


EMPTY = LedgerState()
