"""A thousand tiny returns landed, checked, audited and published, as `lgdp run` does it."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bench_conf import write_conf
from big_table import generate
from measurement import Measurement
from visits import PERIOD, RETURN, TABLE

from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.contracts.council import HEADER
from lgdp.errors import LgdpError
from lgdp.pipeline.platform import open_platform
from lgdp.pipeline.run import Engine, check_landed, land_inbox
from lgdp.pipeline.scheduler import ProcessScheduler
from lgdp.pipeline.spark_session import SessionInBackground

SENDERS, ROWS = 1000, 10
SECONDS = 30.0
Result = TypeVar("Result")


class NotPublished(LgdpError):
    """Not every one of the tiny returns was published."""


def measure(folder: Path) -> list[Measurement]:
    """Wall seconds, from an inbox of a thousand senders to a thousand published submissions."""
    folder.mkdir(parents=True)
    conf = write_conf(folder / "configuration")
    senders = [f"EX{number:07}" for number in range(1, SENDERS + 1)]
    _write_senders(conf / "councils.csv", senders)
    inbox = _write_inbox(folder, senders)
    location = locate(conf)
    settings = load_settings(location.conf / "platform.yaml")
    platform = open_platform(location, settings, load_catalogue(location), str(folder / "lake"))
    session = SessionInBackground(settings.spark)
    engine = Engine(ProcessScheduler(settings.workers), session, folder / "docs")
    try:
        landing, _ = _timed(lambda: land_inbox(platform, inbox, engine))
        checking, report = _timed(lambda: check_landed(platform, engine))
    finally:
        session.stop()
    if len(report.audit.published) != SENDERS:
        raise NotPublished(f"{len(report.audit.published)} of {SENDERS} were published")
    note = f"landing {landing:.1f} s; checking, Spark's start, audit, publishing {checking:.1f} s"
    what = f"{SENDERS:,} returns of {ROWS} rows landed, checked, published"
    return [Measurement(what, landing + checking, "s", SECONDS, note=note)]


def _timed(call: Callable[[], Result]) -> tuple[float, Result]:
    started = time.perf_counter()
    result = call()
    return time.perf_counter() - started, result


def _write_senders(path: Path, senders: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, HEADER, restval="")
        writer.writeheader()
        for code in senders:
            writer.writerow({"code": code, "name": code, "official_name": code, "kind": "example"})


def _write_inbox(folder: Path, senders: list[str]) -> Path:
    """One small file for each sender, all different: rows of one table, dealt out."""
    whole = generate(folder / "all.csv", SENDERS * ROWS).path
    header, *lines = whole.read_text(encoding="utf-8").splitlines(keepends=True)
    inbox = folder / "inbox"
    for number, sender in enumerate(senders):
        place = inbox / RETURN / PERIOD / sender
        place.mkdir(parents=True)
        own = lines[number * ROWS : (number + 1) * ROWS]
        (place / f"{TABLE}.csv").write_text("".join([header, *own]), encoding="utf-8")
    return inbox
