"""Rows given as mappings, judged by the kernel under a return of the project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from lgdp.checks.compiled import compile_rules
from lgdp.checks.kernel import check
from lgdp.checks.outcome import Outcome
from lgdp.checks.task import CheckTask
from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import Catalogue, load_catalogue
from lgdp.intake.bronze import BronzeSink, row_batch
from tests.reference_files import reference_files

COUNCIL = "S12000005"

Rows = Mapping[str, Sequence[Mapping[str, str]]]
"""Rows by table, as sent; a column that is not given is blank."""


@dataclass(frozen=True)
class Judged:
    """A verdict, its failures as dictionaries, and the silver files."""

    outcome: Outcome
    failures: list[dict[str, Any]]

    def failing(self, code: str) -> set[str]:
        """The first part of the key of each row that breaks the rule by itself."""
        return {
            str(failure["key"]).split("|")[0]
            for failure in self.failures
            if failure["code"] == code and failure["consequence_of"] is None
        }


@cache
def catalogue(return_name: str) -> Catalogue:
    return load_catalogue(locate(), only=return_name)


def judge(
    return_name: str, period: str, rows: Rows, scratch: Path, before: Judged | None = None
) -> Judged:
    contract = catalogue(return_name).contract(return_name)
    ruleset = contract.ruleset(contract.read_period(period))
    scratch.mkdir(parents=True)
    sink = BronzeSink(scratch, "0" * 32, COUNCIL)
    for name, records in rows.items():
        table = ruleset.table(name)
        numbered = [
            {**record, "_row": number, "_file": f"{name}.csv"}
            for number, record in enumerate(records, start=1)
        ]
        if numbered:
            sink.write(table, row_batch(table, numbered))
    sent = sink.close()
    silver = before.outcome.silver if before else {}
    task = CheckTask(
        submission="0" * 32,
        council=COUNCIL,
        council_names=catalogue(return_name).councils.names_of(COUNCIL),
        ruleset=ruleset,
        rules=compile_rules(ruleset),
        collection=contract.collection(contract.read_period(period)),
        bronze={name: sink.path(name) for name in sent},
        previous={name: (path,) for name, path in silver.items()},
        reference=reference_files(ruleset, contract.references),
        nil_allowed=contract.statutory_return.policy.nil == "allowed",
        limits=load_settings(locate().conf / "platform.yaml").limits,
    )
    outcome = check(task, scratch)
    return Judged(outcome, pq.read_table(outcome.failures).to_pylist())
