"""The platform itself: its stages land and check, on a real lake in a local folder."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from contender import Counts, Job
from visits import COUNCIL, PERIOD, RETURN, TABLE

from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.errors import LgdpError
from lgdp.intake.sent_file import look_at
from lgdp.intake.submission import make_submission
from lgdp.lake.schemas import FAILURES
from lgdp.lake.table import LakeTable
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.landing import land_all
from lgdp.pipeline.platform import Platform, open_platform
from lgdp.pipeline.scheduler import ProcessScheduler


class NotDone(LgdpError):
    """A stage of the platform failed at the benchmark's submission."""


def run(job: Job) -> Counts:
    """Land and check the file of a job; a lake is left in its folder."""
    location = locate(job.conf)
    settings = load_settings(location.conf / "platform.yaml")
    catalogue = load_catalogue(location)
    platform = open_platform(location, settings, catalogue, str(job.folder))
    scheduler = ProcessScheduler(settings.workers)
    sent = look_at(job.file, f"{TABLE}.csv")
    submission = make_submission(catalogue, RETURN, PERIOD, COUNCIL, [sent], "benchmark")
    for report in (land_all(platform, [submission], scheduler), check_all(platform, scheduler)):
        if report.failed:
            raise NotDone(str(report.failed))
    return _counts(platform)


def _counts(platform: Platform) -> Counts:
    """What is in the tables, read through their Delta logs."""
    rows = {
        layer: LakeTable(platform.door, f"{layer}/{RETURN}/{TABLE}").dataset().count_rows()
        for layer in ("bronze", "silver", "quarantine")
    }
    failures = LakeTable(platform.door, FAILURES).read(["code", "column"])
    columns = pc.fill_null(failures["column"], "")
    broken = pc.binary_join_element_wise(failures["code"], columns, ":")
    counted = pa.table({"broken": broken}).group_by("broken").aggregate([([], "count_all")])
    found = dict(zip(*(counted[name].to_pylist() for name in ("broken", "count_all")), strict=True))
    return Counts(rows["bronze"], rows["silver"], rows["quarantine"], found)
