"""`lgdp template`: a workbook for a council to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lgdp.cli.app import Conf, app, configuration
from lgdp.errors import UsageError


@app.command()
def template(
    return_name: Annotated[
        str, typer.Argument(metavar="RETURN", help="The return, such as ssda903.")
    ],
    period: Annotated[str, typer.Option(help="The period, such as 2017-18.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="FILE.xlsx; default: named after the return.")
    ] = None,
    conf: Conf = None,
) -> None:
    """Write a workbook to fill in: a sheet per table, codes as drop-downs, guidance."""
    from lgdp.reports.template import make_template, write_template
    from lgdp.reports.writing import replace_file

    _, _, catalogue = configuration(conf, return_name)
    contract = catalogue.contract(return_name)
    made = make_template(contract, contract.read_period(period))
    path = out or Path(f"{return_name}-{made.period}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"a template is a workbook; end the name '{path.name}' in .xlsx")
    if path.exists():
        raise UsageError(f"'{path}' is there already and may be filled in; name another with --out")
    replace_file(path, lambda part: write_template(made, part))
    typer.echo(f"The template is in {path}")
