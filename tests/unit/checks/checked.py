"""Checking deliveries written by a test: verdict, failures, silver and quarantine as plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from lgdp.checks.compiled import compile_rules
from lgdp.checks.kernel import check
from lgdp.checks.outcome import Outcome
from lgdp.checks.task import CheckTask, FileNote
from lgdp.checks.workspace import SMALL
from lgdp.contracts.catalogue import Catalogue
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.reading import read_files
from lgdp.intake.sent_file import look_at
from tests.reference_files import reference_files
from tests.unit.contracts.small_conf import load
from tests.unit.intake.sent import COUNCIL, LIMITS, SUBMISSION

CHILD = "ID,BORN,COLOUR,WEIGHT\n"
VISIT = "ID,SEEN,ALONE,MINUTES,NOTE\n"
TYPED = -1
"""No bronze file is as small as this: every table is typed as it is read."""


@dataclass(frozen=True)
class Checked:
    """An outcome with its files read."""

    outcome: Outcome
    failures: list[dict[str, Any]]
    silver: dict[str, list[dict[str, Any]]]
    quarantine: dict[str, list[dict[str, Any]]]

    @property
    def verdict(self) -> str:
        """The verdict."""
        return self.outcome.verdict

    def places(self, *more: str) -> list[tuple[Any, ...]]:
        """Table, row and code of each failure, and more of its columns."""
        return [
            tuple(failure[name] for name in ("table", "row", "code", *more))
            for failure in self.failures
        ]

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Silver rows of a table in order of their numbers."""
        rows = sorted(self.silver.get(table, ()), key=lambda row: (row["_file"], row["_row"]))
        return [tuple(row[name] for name in columns) for row in rows]

    def kept_out(self, table: str) -> list[tuple[int, list[str]]]:
        """Row numbers and codes of quarantined rows."""
        return [(row["_row"], row["_codes"]) for row in self.quarantine.get(table, ())]


def make_task(
    catalogue: Catalogue,
    files: Mapping[str, str | bytes],
    folder: Path,
    period: str = "2020-21",
    **bend: Any,
) -> CheckTask:
    """A task of `care` for those files (`child` stands for `child.csv`); `bend` changes it."""
    contract = catalogue.contract("care")
    ruleset = contract.ruleset(contract.read_period(period))
    out = folder / "bronze"
    out.mkdir(parents=True, exist_ok=True)
    sent = []
    for name, content in files.items():
        path = out / (name if "." in name else f"{name}.csv")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        sent.append(look_at(path))
    sink = BronzeSink(out, SUBMISSION, COUNCIL)
    reading = read_files(sent, ruleset, contract.statutory_return.formats, LIMITS, sink)
    limits = LIMITS.model_copy(update=bend.pop("limits", {}))
    council = bend.pop("council", COUNCIL)
    return CheckTask(
        submission=SUBMISSION,
        council=council,
        council_names=catalogue.councils.names_of(council),
        ruleset=ruleset,
        rules=compile_rules(ruleset),
        collection=contract.collection(contract.read_period(period)),
        bronze=reading.paths,
        reference=reference_files(ruleset, catalogue.references),
        notes=tuple(FileNote.model_validate(vars(finding)) for finding in reading.findings),
        limits=limits,
        **bend,
    )


def run(task: CheckTask, folder: Path, small: int = SMALL) -> Checked:
    """Check a task, and that rows in equal silver plus quarantine."""
    folder.mkdir(parents=True, exist_ok=True)
    outcome = check(task, folder, small)
    checked = Checked(
        outcome,
        pq.read_table(outcome.failures).to_pylist(),
        {name: pq.read_table(path).to_pylist() for name, path in outcome.silver.items()},
        {name: pq.read_table(path).to_pylist() for name, path in outcome.quarantine.items()},
    )
    assert len(checked.failures) == outcome.failure_rows
    for name, counts in outcome.tables.items():
        assert counts.rows == counts.silver + counts.quarantine
        assert counts.silver == len(checked.silver.get(name, ()))
        assert counts.quarantine == len(checked.quarantine.get(name, ()))
    return checked


def check_files(
    folder: Path,
    files: Mapping[str, str | bytes],
    suites: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    *,
    conf: Mapping[str, Any] | None = None,
    **bend: Any,
) -> Checked:
    """Check files by the small contract with those suites.

    The same is done with every table typed as it is read, and the two have to be one.
    """
    catalogue = load(folder / "conf", suites=suites, **(conf or {}))
    task = make_task(catalogue, files, folder, **bend)
    small, large = run(task, folder / "small"), run(task, folder / "large", TYPED)
    assert small.failures == large.failures
    assert (small.silver, small.quarantine) == (large.silver, large.quarantine)
    assert small.outcome.summary() == large.outcome.summary()
    return small
