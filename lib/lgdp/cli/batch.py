"""Commands that change a lake: `run`, `land`, `check`, `publish`, `rollback`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lgdp.cli.app import Conf, Json, Lake, app, configuration, required_lake

if TYPE_CHECKING:
    from lgdp.pipeline.platform import Platform
    from lgdp.pipeline.run import Engine

Inbox = Annotated[
    str,
    typer.Option(
        "--inbox", help="Folder, or s3://bucket/prefix, with <return>/<period>/<council>/."
    ),
]
Docs = Annotated[
    Path | None,
    typer.Option(
        "--docs", envvar="LGDP_DOCS", help="Folder for Data Docs; default: in a local lake."
    ),
]


def platform_at(
    conf: Path | None, lake: str | None, only: str | None = None, judging: bool = True
) -> Platform:
    """The lake with everything configured, or with `only` one return.

    Every rule is checked, unless nothing will be judged.
    """
    from lgdp.pipeline.platform import open_platform
    from lgdp.pipeline.validation import validate_rules

    where = required_lake(lake)
    location, settings, catalogue = configuration(conf, only)
    if judging:
        validate_rules(catalogue)
    return open_platform(location, settings, catalogue, where)


def engine_for(platform: Platform, docs: Path | None, lake: str) -> Engine:
    """Processes on this machine or Spark, as the settings say; quiet unless at a terminal."""
    from lgdp.cli.progress import stage_progress
    from lgdp.pipeline.run import Engine
    from lgdp.pipeline.scheduler import ProcessScheduler, Scheduler
    from lgdp.pipeline.spark_session import SessionInBackground

    session = SessionInBackground(platform.settings.spark)
    scheduler: Scheduler = ProcessScheduler(platform.settings.workers)
    if platform.settings.scheduler == "spark":
        from lgdp.pipeline.spark_scheduler import SparkScheduler

        scheduler = SparkScheduler(session.get())
    folder = docs or (Path("data-docs") if "://" in lake else Path(lake) / "quality" / "data-docs")
    return Engine(
        scheduler, session, folder, stage_progress, lambda text: typer.echo(text, err=True)
    )


@app.command()
def run(
    inbox: Inbox, lake: Lake = None, conf: Conf = None, docs: Docs = None, as_json: Json = False
) -> None:
    """Land, check, audit and publish what is in an inbox, and build gold."""
    from lgdp.pipeline.run import run as run_all

    platform = platform_at(conf, lake)
    engine = engine_for(platform, docs, required_lake(lake))
    report = run_all(platform, inbox, engine)
    if as_json:
        sys.stdout.write(json.dumps(report.as_json(), ensure_ascii=False) + "\n")
    else:
        from lgdp.cli.show_run import show_run

        show_run(platform, report, engine.docs)
    engine.session.stop()
    sys.exit(report.exit_code)


@app.command()
def land(inbox: Inbox, lake: Lake = None, conf: Conf = None, as_json: Json = False) -> None:
    """Keep and parse what is in an inbox; nothing is checked yet."""
    from lgdp.pipeline.run import land_inbox

    platform = platform_at(conf, lake)
    report = land_inbox(platform, inbox, engine_for(platform, None, required_lake(lake)))
    _tell(
        report.as_json(),
        as_json,
        f"{len(report.land.landed)} landed, "
        f"{len(report.land.known)} known already, {len(report.unplaced)} not placed, "
        f"{len(report.arriving)} left for the next run",
    )
    for folder, reason in report.arriving.items():
        typer.echo(f"left for the next run: {folder}: {reason}", err=True)
    for folder, reason in report.unplaced.items():
        typer.echo(f"{folder}: {reason}", err=True)
    sys.exit(report.exit_code)


@app.command()
def check(
    submissions: Annotated[
        list[str] | None, typer.Argument(help="Submissions to check again; default: all landed.")
    ] = None,
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Check what is landed into silver, quarantine and failures; nothing is published yet."""
    from lgdp.pipeline.checking import check_all

    platform = platform_at(conf, lake)
    only = [platform.ledger.find(item).submission for item in submissions or ()]
    engine = engine_for(platform, None, required_lake(lake))
    report = check_all(platform, engine.scheduler, engine.progress("checking"), only or None)
    state = platform.ledger.state()
    verdicts = {item: state.standings[item].verdict for item in report.checked}
    _tell(
        {"checked": verdicts, "failed": report.failed},
        as_json,
        f"{len(report.checked)} checked, {len(report.failed)} failed",
    )
    sys.exit(3 if report.failed else 1 if "rejected" in verdicts.values() else 0)


@app.command()
def publish(
    submission: Annotated[
        str | None, typer.Argument(help="A submission to publish by hand; default: all audited.")
    ] = None,
    lake: Lake = None,
    conf: Conf = None,
    docs: Docs = None,
    as_json: Json = False,
) -> None:
    """Audit what is checked and publish it, or publish one submission by hand."""
    from lgdp.pipeline.auditing import publish_one
    from lgdp.pipeline.run import audit_checked

    platform = platform_at(conf, lake)
    engine = engine_for(platform, docs, required_lake(lake))
    if submission is not None:
        standing = publish_one(platform, engine.session.get, engine.docs, submission)
        _tell({"published": [standing.submission]}, as_json, f"{standing.submission} is current")
        return
    report = audit_checked(platform, engine)
    held = [f"held {batch}: {'; '.join(reasons)}" for batch, reasons in report.audit.held.items()]
    _tell(
        report.as_json(),
        as_json,
        "\n".join(
            [f"{len(report.audit.published)} published, {len(report.audit.waiting)} wait", *held]
        ),
    )
    sys.exit(report.exit_code)


@app.command()
def rollback(
    submission: Annotated[str, typer.Argument(help="The current submission to take back.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the ledger.")] = "",
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Take a published submission back; the one before it is current again."""
    from lgdp.pipeline.publishing import roll_back

    platform = platform_at(conf, lake)
    back = roll_back(platform, submission, reason)
    now = back.submission if back else None
    _tell(
        {"rolled_back": submission, "current": now},
        as_json,
        f"{submission} is taken back; current is {now or 'nothing'}. "
        "Gold follows with the next 'lgdp run'.",
    )


def _tell(content: object, as_json: bool, text: str) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False) if as_json else text)
