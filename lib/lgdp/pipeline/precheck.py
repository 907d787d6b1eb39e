"""Check files at the desk: no lake, no Spark, an answer at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lgdp.checks.kernel import check
from lgdp.checks.outcome import FAILURE_COLUMNS, Outcome
from lgdp.checks.task import CheckTask, FileNote
from lgdp.config import Limits
from lgdp.contracts.catalogue import Catalogue
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import UsageError
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.finding import Finding
from lgdp.intake.reading import read_files
from lgdp.intake.sent_file import look_at
from lgdp.intake.submission import Submission, make_submission
from lgdp.pipeline.rule_cache import ready_reference, ready_rules
from lgdp.scratch import scratch_folder


@dataclass(frozen=True)
class Precheck:
    """The verdict on files, and every failure (`FAILURE_COLUMNS`, by table, file, row, code).

    `submission` is what the files would be if they were sent, `ruleset` what they were judged by.
    """

    outcome: Outcome
    failures: pa.Table
    submission: Submission
    ruleset: Ruleset

    def as_json(self) -> dict[str, Any]:
        """What `lgdp precheck --json` prints."""
        return {
            "verdict": self.outcome.verdict,
            "tables": {name: item.model_dump() for name, item in self.outcome.tables.items()},
            "failures": self.failures.to_pylist(),
        }


def file_note(finding: Finding) -> FileNote:
    """A finding of intake as the check repeats it."""
    return FileNote.model_validate(vars(finding))


def list_files(paths: Sequence[Path]) -> list[Path]:
    """The files meant by paths; a folder means the visible files in it. UsageError if missing."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                item for item in path.iterdir() if item.is_file() and item.name[0] != "."
            )
            if not inside:
                # Nothing at all is a mistake of the path, and no nil return.
                raise UsageError(f"there is no file in {path}")
            files += inside
        elif path.is_file():
            files.append(path)
        else:
            raise UsageError(f"there is no file {path}")
    return files


def precheck(
    catalogue: Catalogue,
    limits: Limits,
    paths: Sequence[Path],
    return_name: str,
    period: str,
    council: str,
    spec: str | None = None,
) -> Precheck:
    """Check files as a submission; nothing is kept. `spec` judges them by another year's rules.

    Raises UnknownReturn, UnknownPeriod, UnknownCouncil or UsageError.
    """
    contract = catalogue.contract(return_name)
    sent = [look_at(path) for path in list_files(paths)]
    submission = make_submission(catalogue, return_name, period, council, sent, "precheck")
    judged_as = contract.read_period(spec) if spec else None
    ruleset = contract.ruleset(contract.read_period(period), judged_as)
    collection = contract.collection(contract.read_period(period))
    with scratch_folder("precheck") as scratch:
        sink = BronzeSink(scratch, submission.id, submission.council)
        reading = read_files(sent, ruleset, contract.statutory_return.formats, limits, sink)
        task = CheckTask(
            submission=submission.id,
            council=submission.council,
            council_names=catalogue.councils.names_of(submission.council),
            ruleset=ruleset,
            rules=ready_rules(ruleset, collection),
            collection=collection,
            bronze=reading.paths,
            reference={
                name: ready_reference(catalogue.references[name], scratch)
                for name in ruleset.reference
            },
            notes=tuple(file_note(finding) for finding in reading.findings),
            nil_allowed=contract.statutory_return.policy.nil == "allowed",
            limits=limits,
        )
        outcome = check(task, scratch, files_wanted=False)
        # `pq.read_table` would import pandas, a fifth of this command's time.
        with pq.ParquetFile(outcome.failures) as failures:
            return Precheck(
                outcome, failures.read(columns=list(FAILURE_COLUMNS)), submission, ruleset
            )
