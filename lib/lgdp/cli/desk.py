"""Commands that need no lake: `precheck` and `returns`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lgdp.cli.app import Conf, Json, app, configuration

if TYPE_CHECKING:
    from lgdp.config import Limits
    from lgdp.contracts.catalogue import Catalogue
    from lgdp.pipeline.precheck import Precheck

MOST_SHOWN = 20


@app.command()
def precheck(
    files: Annotated[
        list[Path], typer.Argument(help="Files of one submission, or a folder of them.")
    ],
    return_name: Annotated[str, typer.Option("--return", help="The return, such as ssda903.")],
    period: Annotated[str, typer.Option(help="The period, such as 2017-18.")],
    council: Annotated[str, typer.Option(help="The council: a code or a name.")],
    spec: Annotated[
        str | None, typer.Option(help="Judge by the rules of this period; dates stay the period's.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Write a report: FILE.xlsx, FILE.csv or FILE.html."),
    ] = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Check files at the desk, before they are sent. Nothing is kept."""
    from lgdp.pipeline.precheck import precheck as run

    if report is not None:
        from lgdp.reports.writing import writer_for

        writer_for(report)
    _, settings, catalogue = configuration(conf, return_name)
    result = run(catalogue, settings.limits, files, return_name, period, council, spec)
    if report is not None:
        _write_report(result, catalogue, settings.limits, report)
    if as_json:
        sys.stdout.write(json.dumps(result.as_json(), ensure_ascii=False) + "\n")
    else:
        from lgdp.cli.show import show_precheck

        show_precheck(result, MOST_SHOWN)
    sys.exit(1 if result.outcome.verdict == "rejected" else 0)


def _write_report(result: Precheck, catalogue: Catalogue, limits: Limits, path: Path) -> None:
    from lgdp.pipeline.platform import system_clock
    from lgdp.pipeline.reporting import report_of_precheck
    from lgdp.reports.writing import write_report

    write_report(report_of_precheck(catalogue, limits, result, system_clock()), path)
    typer.echo(f"The report is in {path}", err=True)


@app.command()
def returns(conf: Conf = None, as_json: Json = False) -> None:
    """List the returns that are configured; every contract and suite is checked."""
    from lgdp.pipeline.validation import validate_rules

    _, _, catalogue = configuration(conf)
    listed = validate_rules(catalogue)
    if as_json:
        sys.stdout.write(json.dumps(listed, ensure_ascii=False, indent=2) + "\n")
        return
    from lgdp.cli.show import show_returns

    show_returns(listed)
