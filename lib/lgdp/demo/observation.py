"""What the lake holds after the demo, counted from its tables and not from what was reported."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from lgdp.contracts.contract import Contract
from lgdp.demo.truth import (
    CollectionKey,
    FailureKey,
    GoldNumbers,
    Observed,
    RowCounts,
    Status,
    TableKey,
)
from lgdp.lake.query import query
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.tracking import statuses_of

RETURNS = ("looked_after", "pupil_census")
OPEN_AT = date(2025, 7, 31)


def observe(platform: Platform) -> Observed:
    """Count current rows and failures, and read statuses and gold."""
    return Observed(
        rows=_rows(platform),
        failures=_failures(platform),
        statuses=_statuses(platform),
        gold=_gold(platform),
    )


def _ask(platform: Platform, sql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = query(platform.door, sql, platform.ledger.current()).to_pylist()
    return rows


def _rows(platform: Platform) -> dict[TableKey, RowCounts]:
    found: dict[TableKey, RowCounts] = {}
    for name in RETURNS:
        contract = platform.catalogue.contract(name)
        for table in contract.table_names:
            counts = {
                layer: _count(platform, contract, layer, table)
                for layer in ("bronze", "silver", "quarantine")
            }
            for key in set().union(*counts.values()):
                found[TableKey(CollectionKey(name, *key), table)] = RowCounts(
                    *(counts[layer].get(key, 0) for layer in ("bronze", "silver", "quarantine"))
                )
    return found


def _count(
    platform: Platform, contract: Contract, layer: str, table: str
) -> dict[tuple[str, str], int]:
    """Current rows by period and council; none where no row was ever written."""
    if not platform.door.exists(f"{layer}/{contract.name}/{table}"):
        return {}
    sql = (
        f"SELECT period, _council, count(*) AS n FROM {layer}.{contract.name}.{table} GROUP BY ALL"
    )
    return {(row["period"], row["_council"]): row["n"] for row in _ask(platform, sql)}


def _failures(platform: Platform) -> dict[FailureKey, int]:
    standings = platform.ledger.state().standings
    found: Counter[FailureKey] = Counter()
    rows = _ask(
        platform,
        'SELECT submission, "table", code, consequence_of IS NOT NULL AS follows, count(*) AS n '
        'FROM quality.failures WHERE "row" IS NOT NULL GROUP BY ALL',
    )
    for row in rows:
        standing = standings[row["submission"]]
        key = CollectionKey(standing.return_, standing.period, standing.council)
        found[FailureKey(key, row["table"], row["code"], row["follows"])] += row["n"]
    return dict(found)


def _statuses(platform: Platform) -> dict[CollectionKey, Status]:
    return {
        CollectionKey(item.return_, item.period, item.council): Status(
            item.state, None if item.nil else item.verdict, bool(item.on_time)
        )
        for item in statuses_of(platform)
        if item.return_ in RETURNS
    }


def _gold(platform: Platform) -> GoldNumbers:
    numbers = _ask(
        platform,
        "SELECT count(*) AS episodes, count(DISTINCT (council, child_id)) AS children, "
        f"count(*) FILTER (episode_start <= DATE '{OPEN_AT}' AND "
        f"(episode_end IS NULL OR episode_end > DATE '{OPEN_AT}')) AS open_episodes "
        "FROM gold.looked_after_episodes",
    )[0]
    repairs: Counter[str] = Counter()
    for row in _ask(
        platform,
        "SELECT repair, count(*) AS n FROM gold.looked_after_episodes "
        "WHERE repair IS NOT NULL GROUP BY ALL",
    ):
        for name in row["repair"].split(","):
            repairs[name] += row["n"]
    return GoldNumbers(
        numbers["episodes"], numbers["children"], numbers["open_episodes"], dict(repairs)
    )
