"""The typer application, and how errors become exit codes.

0 done, 1 done but some submissions were rejected or held, 2 wrong use or configuration, 3 the
platform failed. Rooms are imported inside commands, so that each starts no more than it needs.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from lgdp import __version__
from lgdp.config import ConfigLocation, Settings, load_settings, locate
from lgdp.errors import LgdpError, UsageError

if TYPE_CHECKING:
    from lgdp.contracts.catalogue import Catalogue

app = typer.Typer(
    name="lgdp",
    help="Statutory returns: collect, check, track, merge.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Conf = Annotated[
    Path | None,
    typer.Option(
        "--conf", envvar="LGDP_CONF", help="Folder with contracts; default: the project's."
    ),
]
Lake = Annotated[
    str | None,
    typer.Option("--lake", envvar="LGDP_LAKE", help="Where the lake is: a folder or s3://bucket/…"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
SETTINGS_FILE = "LGDP_SETTINGS"


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lgdp {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Statutory returns: collect, check, track, merge."""


def required_lake(lake: str | None) -> str:
    """The lake that was named; UsageError when none was."""
    if lake:
        return lake
    raise UsageError("no lake was named; say --lake URI or set LGDP_LAKE")


def read_settings(location: ConfigLocation) -> Settings:
    """`platform.yaml`, or the file of the configuration that LGDP_SETTINGS names."""
    return load_settings(location.conf / os.environ.get(SETTINGS_FILE, "platform.yaml"))


def configuration(
    conf: Path | None, only: str | None = None
) -> tuple[ConfigLocation, Settings, Catalogue]:
    """Everything that is configured, whole and checked; `only` loads one return."""
    from lgdp.contracts.catalogue import load_catalogue

    location = locate(conf)
    return location, read_settings(location), load_catalogue(location, only)


def fail(error: LgdpError) -> NoReturn:
    """Print an error as one clear text and end with its exit code."""
    typer.echo(f"lgdp: {error}", err=True)
    sys.exit(error.exit_code)


WAITED_FOR = {"precheck": "desk", "submit": "send", "nil": "send"}
"""Commands that somebody waits for at a desk, and their modules: no other is loaded for these."""


def with_commands() -> typer.Typer:
    """The application with the commands of every module, each of which adds its own."""
    from lgdp.cli import (  # noqa: F401
        batch,
        demo,
        desk,
        look,
        pull,
        receipt,
        recheck,
        report,
        rules,
        send,
        story,
        template,
    )

    return app


def main() -> None:
    """Run the command line."""
    waited_for = WAITED_FOR.get(sys.argv[1]) if len(sys.argv) > 1 else None
    try:
        if waited_for is None:
            with_commands()
        else:
            import_module(f"lgdp.cli.{waited_for}")
        app()
    except LgdpError as error:
        fail(error)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        typer.echo("lgdp: interrupted; run the same command again to go on", err=True)
        sys.exit(3)
