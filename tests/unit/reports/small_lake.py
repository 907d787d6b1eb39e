"""A lake of the small contract, made here and now, without Spark."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from lgdp.config import PROJECT, load_settings
from lgdp.contracts.catalogue import load_catalogue
from lgdp.intake.sent_file import look_at
from lgdp.intake.submission import make_submission
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.landing import land_all
from lgdp.pipeline.platform import Platform, open_platform
from lgdp.pipeline.scheduler import InlineScheduler
from tests.unit.contracts.small_conf import write_conf
from tests.unit.reports.checked_files import SUITES

AT = datetime(2021, 4, 20, 12, tzinfo=UTC)


def open_small(folder: Path, at: datetime = AT) -> Platform:
    """The lake `folder`/lake with the configuration `folder`/project."""
    location = write_conf(folder / "project", suites=SUITES)
    shutil.copy(PROJECT / "conf/platform.yaml", location.conf)
    settings = load_settings(location.conf / "platform.yaml")
    lake = str(folder / "lake")
    return open_platform(location, settings, load_catalogue(location), lake, lambda: at)


def send(platform: Platform, folder: Path, files: Mapping[str, str], check: bool = True) -> str:
    """Land (and check) files as Fife's delivery for 2020-21; the submission's id."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    sent = [look_at(folder / name) for name in files]
    submission = make_submission(
        platform.catalogue, "care", "2020-21", "Fife", sent, "inbox/care", actor="returns officer"
    )
    report = land_all(platform, [submission], InlineScheduler())
    assert (report.landed, report.failed) == ([submission.id], {})
    if check:
        checked = check_all(platform, InlineScheduler(), only=[submission.id])
        assert (checked.checked, checked.failed) == ([submission.id], {})
    return submission.id
