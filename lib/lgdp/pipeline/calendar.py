"""Which collections there are at a date, for whom, and when each is due."""

from __future__ import annotations

from datetime import date, timedelta

from lgdp.contracts.contract import Contract
from lgdp.contracts.period import Period, read_period
from lgdp.contracts.window import deadlines_of
from lgdp.ledger.collection import Collection
from lgdp.ledger.event import Key
from lgdp.ledger.ledger_state import LedgerState
from lgdp.pipeline.platform import Platform

STEP = timedelta(days=1)


def collections_of(platform: Platform, state: LedgerState, as_at: date) -> list[Collection]:
    """One row per return, period and council: those that owe it, and those that sent it anyway.

    A return is tracked from `tracked_from` of its contract, or from the first period that anyone
    sent, to the last period that has opened by `as_at`. Ordered by return, period and council.
    """
    rows = []
    for name, contract in sorted(platform.catalogue.contracts.items()):
        sent = {
            (standing.period, standing.council)
            for standing in state.standings.values()
            if standing.return_ == name
        }
        owing = {
            council.code
            for council in platform.catalogue.councils.owing(contract.statutory_return.owed_by)
        }
        for period in _periods(contract, {period for period, _ in sent}, as_at):
            dates = deadlines_of(contract.statutory_return.window, period)
            senders = {council for sent_period, council in sent if sent_period == period.text}
            for council in sorted(owing | senders):
                rows.append(
                    Collection(
                        name,
                        period.text,
                        council,
                        dates.due,
                        dates.closes,
                        dates.locked,
                        council in owing,
                        dates.opens,
                    )
                )
    return rows


def binding_collection(platform: Platform, key: Key) -> Collection | None:
    """The collection with dates that bind a submission; None if it is not owed or not tracked.

    What nobody owes, and periods from before the return was tracked, may be sent at any time.
    """
    contract = platform.catalogue.contract(key.return_)
    about = contract.statutory_return
    owing = {council.code for council in platform.catalogue.councils.owing(about.owed_by)}
    period = contract.read_period(key.period)
    if about.tracked_from is None or period < contract.read_period(about.tracked_from):
        return None
    if key.council not in owing:
        return None
    dates = deadlines_of(about.window, period)
    return Collection(*key, dates.due, dates.closes, dates.locked, True, dates.opens)


def _periods(contract: Contract, sent: set[str], as_at: date) -> list[Period]:
    about = contract.statutory_return
    periods = {text: contract.read_period(text) for text in sent}
    if about.tracked_from is not None:
        periods |= {
            period.text: period
            for period in _opened(contract, contract.read_period(about.tracked_from), as_at)
        }
    return sorted(periods.values())


def _opened(contract: Contract, first: Period, as_at: date) -> list[Period]:
    """Periods from one on whose collection has opened; a census has no next one."""
    about = contract.statutory_return
    found, period = [], first
    while deadlines_of(about.window, period).opens <= as_at:
        found.append(period)
        if about.frequency == "census":
            break
        period = _period_of(contract, period.end + STEP)
    return found


def _period_of(contract: Contract, day: date) -> Period:
    about = contract.statutory_return
    year = day.year
    text = {
        "annual": f"{year}-{(year + 1) % 100:02d}",
        "monthly": f"{year}-{day.month:02d}",
    }.get(about.frequency)
    if about.frequency == "quarterly":
        months = (day.month - about.first_day[0]) % 12
        start_year = year if day.month >= about.first_day[0] else year - 1
        text = f"{start_year}-Q{months // 3 + 1}"
    if about.frequency == "termly":
        term = "spring" if day.month <= 3 else "summer" if day.month <= 7 else "autumn"
        text = f"{year}-{term}"
    return read_period(text or "", about.frequency, about.first_day)
