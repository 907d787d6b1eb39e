"""Commands that deliver: `submit` and `nil`."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lgdp.cli.app import Conf, Json, Lake, app
from lgdp.cli.batch import platform_at
from lgdp.cli.show_standing import show_standing

if TYPE_CHECKING:
    from lgdp.pipeline.submitting import Submitted

By = Annotated[
    str | None, typer.Option("--by", envvar="LGDP_BY", help="Who does it; default: you.")
]
Return = Annotated[str, typer.Option("--return", help="The return, such as looked_after.")]
Period = Annotated[str, typer.Option(help="The period, such as 2024-25.")]
Council = Annotated[str, typer.Option(help="The council: a code or a name.")]


def named(by: str | None) -> str:
    """Who does it: the person named, or who is logged in."""
    return by.strip() if by and by.strip() else getpass.getuser()


@app.command()
def submit(
    files: Annotated[
        list[Path], typer.Argument(help="Files of one submission, or a folder of them.")
    ],
    return_name: Return,
    period: Period,
    council: Council,
    by: By = None,
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Send files: they are kept, read and checked at once."""
    from lgdp.pipeline.submitting import submit as take

    platform = platform_at(conf, lake, return_name)
    _submitted(take(platform, files, return_name, period, council, named(by)), as_json)


@app.command()
def nil(
    return_name: Return,
    period: Period,
    council: Council,
    by: By = None,
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Say that there is nothing to report."""
    from lgdp.pipeline.submitting import submit_nil

    platform = platform_at(conf, lake, return_name)
    _submitted(submit_nil(platform, return_name, period, council, named(by)), as_json)


def _submitted(submitted: Submitted, as_json: bool) -> None:
    standing = submitted.standing
    if not as_json and submitted.is_duplicate:
        typer.echo("The same content was sent before; that submission stands.")
    show_standing(standing, as_json, {"duplicate": submitted.is_duplicate})
    if standing.state in ("rejected", "held"):
        sys.exit(1)
