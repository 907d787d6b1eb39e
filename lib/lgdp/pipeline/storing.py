"""Adding what workers wrote to the tables of a return: one commit per table and batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from lgdp.checks.cast import arrow_type
from lgdp.contracts.contract import Contract
from lgdp.lake.data_file import DataFile
from lgdp.lake.schemas import (
    FAILURES,
    FAILURES_SCHEMA,
    QUALITY_PARTITION,
    RETURN_PARTITION,
    bronze_schema,
    quarantine_schema,
    silver_schema,
)
from lgdp.lake.table import LakeTable
from lgdp.pipeline.assignment import Written
from lgdp.pipeline.platform import Platform


@dataclass(frozen=True)
class Addition:
    """A written file and the table that it is to be added to (its path in the lake)."""

    table: str
    written: Written
    period: str
    submission: str
    council: str


def ensure_table(platform: Platform, contract: Contract, layer: str, table: str) -> LakeTable:
    """The Delta table of one layer, made or widened to the columns of every year."""
    types = contract.all_columns(table)
    target = LakeTable(platform.door, f"{layer}/{contract.name}/{table}")
    if layer == "silver":
        schema = silver_schema({name: arrow_type(kind) for name, kind in types.items()})
    elif layer == "bronze":
        schema = bronze_schema(types)
    else:
        schema = quarantine_schema(types)
    target.ensure(schema, RETURN_PARTITION)
    return target


def add_files(platform: Platform, contract: Contract, additions: Iterable[Addition]) -> None:
    """Add files of one return to its tables. A file that is there already is not added twice."""
    grouped: dict[str, list[Addition]] = defaultdict(list)
    for addition in additions:
        grouped[addition.table].append(addition)
    for name, items in sorted(grouped.items()):
        layer, _, rest = name.partition("/")
        if name == FAILURES:
            table = LakeTable(platform.door, FAILURES)
            table.ensure(FAILURES_SCHEMA, QUALITY_PARTITION)
        else:
            table = ensure_table(platform, contract, layer, rest.partition("/")[2])
        table.append_files([_data_file(item, contract.name) for item in items])


def _data_file(item: Addition, return_name: str) -> DataFile:
    partition = {"period": item.period}
    bounds = {
        "_submission": (item.submission, item.submission),
        "_council": (item.council, item.council),
    }
    if item.table == FAILURES:
        partition = {"return": return_name, "period": item.period}
        bounds = {"submission": (item.submission, item.submission)}
    return DataFile(item.written.path, item.written.size, item.written.rows, partition, bounds)
