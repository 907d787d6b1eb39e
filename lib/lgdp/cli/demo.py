"""`lgdp demo`: generate two years of returns from 32 councils, run the whole job, check it."""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lgdp.cli.app import Conf, app, configuration
from lgdp.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from lgdp.demo.truth import Observed, Truth
    from lgdp.pipeline.platform import Platform
    from lgdp.pipeline.reports import RunReport

MARKER = ".lgdp-demo"
COMMONEST = 10
Folder = Annotated[Path, typer.Option(help="Where inbox, lake and pages go; made anew.")]


@app.command()
def demo(
    folder: Folder = Path("demo"),
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.")] = 2025,
    conf: Conf = None,
) -> None:
    """Generate returns with known faults, run everything, and check the result."""
    from lgdp.cli.show import console, heading
    from lgdp.cli.show_run import show_run
    from lgdp.demo.comparison import compare
    from lgdp.demo.generator import generate
    from lgdp.demo.observation import observe

    started = time.monotonic()
    screen = console()
    _make_room(folder)
    truth = generate(folder / "inbox", seed)
    sent = sum(1 for path in (folder / "inbox").rglob("*") if path.is_file())
    screen.print(
        f"Generated {sum(item.rows for item in truth.rows.values()):,} rows in {sent} files "
        f"from 32 councils, with {len(truth.seeded)} kinds of fault."
    )
    platform = None
    runner = _Runner(folder, conf)
    for wave in truth.waves:
        screen.print()
        heading(screen, f"Inbox of {wave.at:%d %B %Y}")
        platform, report = runner.run(wave.inbox, wave.at)
        show_run(platform, report, folder / "data-docs")
    if platform is None:
        raise UsageError("the demo has no wave to run")
    observed = observe(platform)
    runner.stop()
    _show(platform, truth, observed)
    differences = compare(truth, observed)
    _conclude(folder, differences, time.monotonic() - started)
    sys.exit(3 if differences else 0)


class _Runner:
    """One Spark session for all waves; each wave has its own clock."""

    def __init__(self, folder: Path, conf: Path | None) -> None:
        from lgdp.pipeline.spark_session import SessionInBackground

        self._folder = folder
        self._location, self._settings, self._catalogue = configuration(conf)
        self._session = SessionInBackground(self._settings.spark)
        self._session.start()

    def run(self, inbox: Path, at: datetime) -> tuple[Platform, RunReport]:
        from lgdp.cli.progress import stage_progress
        from lgdp.pipeline.platform import open_platform
        from lgdp.pipeline.run import Engine, run
        from lgdp.pipeline.scheduler import ProcessScheduler

        platform = open_platform(
            self._location,
            self._settings,
            self._catalogue,
            str(self._folder / "lake"),
            lambda: at,
        )
        scheduler = ProcessScheduler(self._settings.workers)
        docs = self._folder / "data-docs"
        engine = Engine(scheduler, self._session, docs, stage_progress)
        return platform, run(platform, inbox, engine)

    def stop(self) -> None:
        self._session.stop()


def _make_room(folder: Path) -> None:
    """An empty folder of the demo's own; one that it did not make is never removed."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).is_file():
            raise UsageError(f"{folder} holds something else; name another with --folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()


def _show(platform: Platform, truth: Truth, observed: Observed) -> None:
    from lgdp.cli.show import console, heading, table_of
    from lgdp.cli.show_status import show_status
    from lgdp.pipeline.tracking import statuses_of

    screen = console()
    screen.print()
    heading(screen, "Who owes what")
    show_status(statuses_of(platform), platform.catalogue.councils)
    screen.print()
    heading(screen, "The commonest failures")
    counted: Counter[tuple[str, str, str]] = Counter()
    for key, count in observed.failures.items():
        counted[(key.collection.return_name, key.table, key.code)] += count
    screen.print(
        table_of(
            ["return", "table", "code", "rows"],
            [[*key, count] for key, count in counted.most_common(COMMONEST)],
        )
    )
    gold = observed.gold
    screen.print()
    heading(screen, "Three gold numbers")
    screen.print(f"{gold.episodes:,} episodes of being looked after, once repaired")
    screen.print(f"{gold.children:,} children who were looked after")
    screen.print(f"{gold.open_episodes:,} looked after on 31 July 2025")


def _conclude(folder: Path, differences: list[str], seconds: float) -> None:
    from lgdp.cli.show import console, heading, safe

    screen = console()
    screen.print()
    heading(screen, "Checked against what was generated")
    if differences:
        screen.print(f"[red]{len(differences):,} differences:[/]")
        for difference in differences[:20]:
            screen.print(f"  {safe(difference)}")
    else:
        screen.print(
            "[green]Everything agrees[/]: rows, failures, statuses and gold are as generated."
        )
    screen.print(f"Done in {seconds:.0f} s. Look at:")
    screen.print(f"  {folder}/data-docs/index.html   what the audit judged, in a browser")
    screen.print(f"  lgdp status --lake {folder}/lake")
    screen.print(
        f'  lgdp sql "select * from gold.looked_after_episodes limit 10" --lake {folder}/lake'
    )
