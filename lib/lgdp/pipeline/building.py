"""Stage four: gold supersets from what is current, one release at a time."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 (its usual name)

from lgdp.audit.session import settings_for
from lgdp.contracts.contract import Contract
from lgdp.gold.collection_status import PARTITION_BY as STATUS_BY
from lgdp.gold.collection_status import collection_status
from lgdp.gold.looked_after_episodes import PARTITION_BY as EPISODES_BY
from lgdp.gold.looked_after_episodes import looked_after_episodes
from lgdp.gold.reporting_measures import PARTITION_BY as MEASURES_BY
from lgdp.gold.reporting_measures import reporting_measures
from lgdp.gold.writer import write_superset
from lgdp.lake.holder import Holder
from lgdp.lake.lease import hold
from lgdp.lake.schemas import RELEASES, RELEASES_SCHEMA
from lgdp.lake.table import LakeTable
from lgdp.ledger.ledger_state import LedgerState
from lgdp.ledger.tracking import track
from lgdp.pipeline.calendar import collections_of
from lgdp.pipeline.pairs import frame_of
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.reports import GoldReport
from lgdp.pipeline.storing import ensure_table

LEASE = "gold"
LOOKED_AFTER = "looked_after"
COLLECTIONS = pa.schema(
    [
        ("return", pa.string()),
        ("period", pa.string()),
        ("council", pa.string()),
        ("council_name", pa.string()),
        ("due", pa.date32()),
        ("closes", pa.date32()),
        ("locked", pa.date32()),
        ("owed", pa.bool_()),
    ]
)
STANDINGS = pa.schema(
    [
        ("return", pa.string()),
        ("period", pa.string()),
        ("council", pa.string()),
        ("submission", pa.string()),
        ("state", pa.string()),
        ("verdict", pa.string()),
        ("received", pa.timestamp("us", "UTC")),
        ("rows", pa.int64()),
        ("errors", pa.int64()),
        ("queries", pa.int64()),
    ]
)
Pair = tuple[str, str]


@dataclass(frozen=True)
class Release:
    """The newest release: the ledger version and time it was made at, and what from, sorted."""

    ledger: int
    at: datetime
    made_from: tuple[Pair, ...]


def made_from(state: LedgerState) -> list[Pair]:
    """Current (submission, ruleset) pairs, sorted."""
    return sorted(state.current.values())


def is_gold_stale(platform: Platform) -> bool:
    """Whether anything happened since the last release: an event, or the turn of a day."""
    state = platform.ledger.state()
    if state.version < 0:
        return False
    last = _last_release(platform)
    if last is None:
        return True
    return last.ledger < state.version or last.at.date() < platform.clock().date()


def build_gold(
    platform: Platform, spark: SparkSession, on_wait: Callable[[str], None] | None = None
) -> GoldReport:
    """Bring every superset up to date under the gold lease, and record a release.

    Raises LeaseHeld when another process holds the lease longer than the settings say to wait.
    """
    settings = platform.settings.lease
    holder = Holder.here(platform.actor, "building gold")
    with hold(
        platform.door,
        LEASE,
        holder,
        ttl=settings.seconds,
        wait=settings.wait_seconds,
        on_wait=on_wait,
    ) as lease:
        state = platform.ledger.state()
        last = _last_release(platform)
        report = GoldReport()
        with settings_for(spark, _rows(state)):
            for name, frame, partition_by, touched in _supersets(platform, spark, state, last):
                lease.check()
                table = LakeTable(platform.door, f"gold/{name}")
                written = write_superset(spark, frame, table, partition_by, touched)
                report.versions[name] = written.version
                if written.rewritten:
                    report.rewritten[name] = len(written.rewritten)
        if last is None or report.rewritten or list(last.made_from) != made_from(state):
            lease.check()
            report.release = _record_release(platform, state, report)
        else:
            report.versions = {}
        return report


def _rows(state: LedgerState) -> int:
    """Rows of silver that count."""
    return sum(state.standings[submission].silver for submission, _ in state.current.values())


def _supersets(
    platform: Platform, spark: SparkSession, state: LedgerState, last: Release | None
) -> Iterable[tuple[str, DataFrame, Sequence[str], Mapping[str, Collection[str]] | None]]:
    contract = platform.catalogue.contracts.get(LOOKED_AFTER)
    pairs = made_from(state)
    own = [pair for pair in pairs if state.standings[pair[0]].return_ == LOOKED_AFTER]
    changed = set(pairs) ^ set(last.made_from if last else ())
    touched = frozenset(
        state.standings[submission].council
        for submission, _ in changed
        if state.standings[submission].return_ == LOOKED_AFTER
    )
    if contract is not None and (own or touched):
        tables = {
            name: _current_rows(platform, spark, contract, name, own)
            for name in ("child", "episode", "placement", "legal_reason")
        }
        yield (
            "looked_after_episodes",
            looked_after_episodes(**tables),
            EPISODES_BY,
            None if last is None else {"council": touched},
        )
    status = _status(platform, spark, state)
    yield "collection_status", status, STATUS_BY, None
    yield "reporting_measures", reporting_measures(status), MEASURES_BY, None


def _current_rows(
    platform: Platform, spark: SparkSession, contract: Contract, table: str, pairs: list[Pair]
) -> DataFrame:
    target = ensure_table(platform, contract, "silver", table)
    rows = spark.read.format("delta").load(platform.door.spark_uri(target.name))
    return rows.join(
        F.broadcast(frame_of(spark, pairs)), on=["_submission", "_ruleset"], how="left_semi"
    )


def _status(platform: Platform, spark: SparkSession, state: LedgerState) -> DataFrame:
    now = platform.clock()
    councils = platform.catalogue.councils
    collections = collections_of(platform, state, now.date())
    owed = [
        {
            "return": item.return_,
            "period": item.period,
            "council": item.council,
            "council_name": councils.by_code(item.council).name,
            "due": item.due,
            "closes": item.closes,
            "locked": item.locked,
            "owed": item.owed,
        }
        for item in collections
    ]
    sent = [
        {
            "return": item.return_,
            "period": item.period,
            "council": item.council,
            "submission": item.submission,
            "state": item.state,
            "verdict": item.verdict,
            "received": item.received,
            "rows": item.rows,
            "errors": item.errors,
            "queries": item.queries,
        }
        for item in track(collections, state, now)
        if item.submission is not None
    ]
    return collection_status(
        spark.createDataFrame(pa.Table.from_pylist(owed, COLLECTIONS)),
        spark.createDataFrame(pa.Table.from_pylist(sent, STANDINGS)),
        now.date(),
    )


def _last_release(platform: Platform) -> Release | None:
    rows = LakeTable(platform.door, RELEASES, RELEASES_SCHEMA).read().to_pylist()
    newest = max(rows, key=lambda row: (row["ledger"], row["at"]), default=None)
    if newest is None:
        return None
    pairs = [(pair["submission"], pair["ruleset"]) for pair in newest["made_from"]]
    return Release(newest["ledger"], newest["at"], tuple(pairs))


def _record_release(platform: Platform, state: LedgerState, report: GoldReport) -> str:
    release = uuid.uuid4().hex
    pairs = [{"submission": item, "ruleset": rules} for item, rules in made_from(state)]
    rows = [
        {
            "release": release,
            "table": f"gold/{name}",
            "version": version,
            "made_from": pairs,
            "ledger": state.version,
            "at": platform.clock(),
            "actor": platform.actor,
        }
        for name, version in sorted(report.versions.items())
    ]
    table = LakeTable(platform.door, RELEASES)
    table.ensure(RELEASES_SCHEMA)
    table.append_rows(pa.Table.from_pylist(rows, RELEASES_SCHEMA))
    return release
