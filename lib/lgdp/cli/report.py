"""`lgdp report`: what is wrong with a submission, as a file for the council."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lgdp.cli.app import Conf, Lake, app, configuration, required_lake

PerRule = Annotated[
    int, typer.Option("--per-rule", min=1, help="How many failures of one rule are listed.")
]


@app.command()
def report(
    submission: Annotated[str, typer.Argument(help="A submission; its id may be cut short.")],
    out: Annotated[Path, typer.Option("--out", help="FILE.xlsx, FILE.csv or FILE.html.")],
    per_rule: PerRule = 1000,
    lake: Lake = None,
    conf: Conf = None,
) -> None:
    """Write the error report of a submission: verdict, what to fix, what to explain."""
    from lgdp.pipeline.platform import open_platform
    from lgdp.pipeline.reporting import report_of_submission
    from lgdp.reports.writing import write_report, writer_for

    writer_for(out)
    location, settings, catalogue = configuration(conf)
    platform = open_platform(location, settings, catalogue, required_lake(lake))
    made = report_of_submission(platform, submission, per_rule)
    write_report(made, out)
    typer.echo(f"{made.verdict}; the report is in {out}")
