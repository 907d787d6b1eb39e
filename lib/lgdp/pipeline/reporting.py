"""The error report of a submission in the lake, and of files that were checked at a desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lgdp.checks.outcome import FAILURE_COLUMNS
from lgdp.config import Limits
from lgdp.contracts.catalogue import Catalogue
from lgdp.contracts.window import deadlines_of
from lgdp.errors import UsageError
from lgdp.intake.sent_file import SentFile
from lgdp.lake.current import Current
from lgdp.lake.schemas import FAILURES, FAILURES_SCHEMA, FILES, FILES_SCHEMA
from lgdp.lake.table import LakeTable
from lgdp.ledger.collection import LONDON
from lgdp.ledger.standing import Standing, TableCount
from lgdp.pipeline.landing import landing_path
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.precheck import Precheck
from lgdp.reports.building import PER_RULE, build_report
from lgdp.reports.error_report import ErrorReport
from lgdp.reports.subject import Subject
from lgdp.scratch import scratch_folder

ORDER = [(name, "ascending") for name in ("table", "file", "row", "code", "column")]


def report_of_precheck(
    catalogue: Catalogue,
    limits: Limits,
    result: Precheck,
    now: datetime,
    per_rule: int = PER_RULE,
) -> ErrorReport:
    """The report on files that were checked and not sent; they still have to be where they were."""
    submission, outcome = result.submission, result.outcome
    contract = catalogue.contract(submission.return_name)
    about = contract.statutory_return
    subject = Subject(
        return_title=about.title,
        body=about.body,
        council=_council(catalogue, submission.council),
        period=submission.period,
        submission=None,
        today=_day(now),
        deadlines=deadlines_of(about.window, contract.read_period(submission.period)),
        ruleset=result.ruleset,
        verdict=outcome.verdict,
        is_nil=outcome.nil,
        tables={
            name: TableCount.model_validate(counts.model_dump())
            for name, counts in outcome.tables.items()
        },
        errors=outcome.errors,
        queries=outcome.queries,
        notes=outcome.notes,
        files=submission.files,
        failures=result.failures,
    )
    return build_report(subject, limits, per_rule)


def report_of_submission(platform: Platform, prefix: str, per_rule: int = PER_RULE) -> ErrorReport:
    """The report on a submission in the lake, as it was judged last.

    Raises UnknownSubmission, and UsageError for one that was not checked yet.
    """
    standing = platform.ledger.find(prefix)
    if standing.check is None and not standing.nil:
        raise UsageError(
            f"submission {standing.submission} is {standing.state} and was not checked yet; "
            "run 'lgdp check' first"
        )
    with scratch_folder("report") as folder:
        subject = _subject(platform, standing, folder)
        return build_report(subject, platform.settings.limits, per_rule)


def _subject(platform: Platform, standing: Standing, scratch: Path) -> Subject:
    contract = platform.catalogue.contract(standing.return_)
    about, check = contract.statutory_return, standing.check
    period = contract.read_period(standing.period)
    return Subject(
        return_title=about.title,
        body=about.body,
        council=_council(platform.catalogue, standing.council),
        period=standing.period,
        submission=standing.submission,
        today=_day(platform.clock()),
        deadlines=deadlines_of(about.window, period),
        ruleset=contract.ruleset(period),
        verdict=standing.verdict or "clean",
        is_nil=standing.nil,
        tables=check.tables if check else {},
        errors=standing.errors,
        queries=standing.queries,
        notes=check.notes if check else 0,
        files=tuple(_sent_files(platform, standing.submission, scratch)),
        failures=_failures(platform, standing),
    )


def _failures(platform: Platform, standing: Standing) -> pa.Table:
    current = Current([(standing.submission, standing.ruleset or "")])
    table = LakeTable(platform.door, FAILURES, FAILURES_SCHEMA)
    return current.read(table, FAILURE_COLUMNS).sort_by(ORDER)


def _sent_files(platform: Platform, submission: str, scratch: Path) -> Iterable[SentFile]:
    """The files of a submission as they were sent, by name."""
    mine = pc.field("submission") == submission
    rows = LakeTable(platform.door, FILES, FILES_SCHEMA).read(filters=mine).to_pylist()
    # A landing that was repeated may have registered a file twice.
    files = {(row["name"], row["digest"]): row for row in rows}
    for name, digest in sorted(files):
        row = files[(name, digest)]
        path = platform.door.local_copy(landing_path(digest), scratch)
        yield SentFile(name, path, digest, row["bytes"], row["media_type"])


def _council(catalogue: Catalogue, code: str) -> str:
    return f"{catalogue.councils.resolve(code).name} ({code})"


def _day(now: datetime) -> date:
    return now.astimezone(LONDON).date()
