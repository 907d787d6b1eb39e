"""The demo's waves through intake and kernel alone, without a lake, to hold the truth against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from lgdp.checks.compiled import compile_rules
from lgdp.checks.kernel import check
from lgdp.checks.outcome import Outcome
from lgdp.checks.task import CheckTask
from lgdp.config import Limits, load_settings, locate
from lgdp.contracts.catalogue import Catalogue
from lgdp.demo.truth import CollectionKey, FailureKey, RowCounts, TableKey, Wave
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.inbox import read_inbox
from lgdp.intake.reading import read_files
from lgdp.intake.submission import Submission
from lgdp.pipeline.precheck import file_note
from tests.reference_files import reference_files


@dataclass
class Run:
    """Outcomes in order of delivery, and the rows and failures of those that are current."""

    outcomes: dict[CollectionKey, list[Outcome]] = field(default_factory=dict)
    rows: dict[TableKey, RowCounts] = field(default_factory=dict)
    failures: dict[FailureKey, int] = field(default_factory=dict)
    file_codes: dict[CollectionKey, list[str]] = field(default_factory=dict)


def run_waves(
    catalogue: Catalogue,
    waves: tuple[Wave, ...],
    scratch: Path,
    wanted: Callable[[CollectionKey], bool] = lambda key: True,
) -> Run:
    run = Run()
    limits = load_settings(locate().conf / "platform.yaml").limits
    for wave in waves:
        for delivery in read_inbox(wave.inbox, catalogue):
            assert isinstance(delivery, Submission), delivery
            key = CollectionKey(delivery.return_name, delivery.period, delivery.council)
            if wanted(key):
                folder = scratch / f"{wave.at:%Y%m%d}" / delivery.id
                folder.mkdir(parents=True)
                outcome = _check(catalogue, delivery, limits, run, folder)
                run.outcomes.setdefault(key, []).append(outcome)
                _keep(run, key, outcome)
    return run


def _check(
    catalogue: Catalogue, delivery: Submission, limits: Limits, run: Run, folder: Path
) -> Outcome:
    contract = catalogue.contract(delivery.return_name)
    period = contract.read_period(delivery.period)
    ruleset = contract.ruleset(period)
    collection = contract.collection(period)
    sink = BronzeSink(folder, delivery.id, delivery.council)
    reading = read_files(delivery.files, ruleset, contract.statutory_return.formats, limits, sink)
    before = CollectionKey(delivery.return_name, collection.previous or "", delivery.council)
    previous = run.outcomes[before][-1].silver if before in run.outcomes else {}
    task = CheckTask(
        submission=delivery.id,
        council=delivery.council,
        council_names=catalogue.councils.names_of(delivery.council),
        ruleset=ruleset,
        rules=compile_rules(ruleset),
        collection=collection,
        bronze=reading.paths,
        previous={table: (path,) for table, path in previous.items()},
        reference=reference_files(ruleset, catalogue.references),
        notes=tuple(file_note(finding) for finding in reading.findings),
        nil=delivery.nil,
        nil_allowed=contract.statutory_return.policy.nil == "allowed",
        limits=limits,
    )
    return check(task, folder)


def _keep(run: Run, key: CollectionKey, outcome: Outcome) -> None:
    failures = pq.read_table(outcome.failures).to_pylist()
    run.file_codes[key] = sorted(
        {failure["code"] for failure in failures if failure["severity"] == "critical"}
        if outcome.verdict == "rejected"
        else {failure["code"] for failure in failures if failure["row"] is None}
    )
    if outcome.verdict == "rejected":
        return
    for table in [place for place in run.rows if place.collection == key]:
        del run.rows[table]
    for failure_key in [place for place in run.failures if place.collection == key]:
        del run.failures[failure_key]
    for table_name, counts in outcome.tables.items():
        run.rows[TableKey(key, table_name)] = RowCounts(**counts.model_dump())
    counted = Counter(
        FailureKey(key, row["table"], row["code"], row["consequence_of"] is not None)
        for row in failures
        if row["row"] is not None
    )
    run.failures.update(counted)
