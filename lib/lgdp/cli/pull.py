"""The command that fetches: `pull`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from lgdp.cli.app import Conf, Json, Lake, app
from lgdp.cli.batch import platform_at
from lgdp.errors import UsageError

if TYPE_CHECKING:
    from lgdp.pipeline.pulling import Pulled


@app.command()
def pull(
    source: Annotated[
        list[str] | None, typer.Option("--source", help="A source of sources.yaml; default: all.")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="The period; default: the newest that has opened.")
    ] = None,
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Fetch deliveries from the addresses of councils; what is new is kept, read and checked."""
    from lgdp.contracts.source import load_sources
    from lgdp.pipeline.pulling import pull as fetch

    platform = platform_at(conf, lake)
    sources = load_sources(platform.location.conf, platform.catalogue)
    for name in source or ():
        if name not in sources:
            known = ", ".join(sources) or "none"
            raise UsageError(f"there is no source '{name}'; known are {known}")
    wanted = [each for name, each in sources.items() if not source or name in source]
    if not wanted:
        raise UsageError("conf/sources.yaml names no source; see docs/routes.md")
    report = fetch(platform, wanted, period, lambda pulled: None if as_json else _tell(pulled))
    if as_json:
        typer.echo(json.dumps([_as_json(each) for each in report], ensure_ascii=False))
    sys.exit(1 if any(_needs_somebody(each) for each in report) else 0)


def _tell(pulled: Pulled) -> None:
    about = f"{pulled.source} {pulled.period}"
    standing = pulled.standing
    if standing is None:
        typer.echo(f"{about}: not fetched: {pulled.failure}", err=True)
    elif not pulled.is_new:
        typer.echo(f"{about}: nothing new")
    else:
        verdict = f", {standing.verdict}" if standing.verdict else ""
        typer.echo(f"{about}: submission {standing.submission}: {standing.state.value}{verdict}")


def _as_json(pulled: Pulled) -> dict[str, object]:
    standing = pulled.standing
    return {
        "source": pulled.source,
        "period": pulled.period,
        "new": pulled.is_new,
        "submission": standing.submission if standing else None,
        "state": standing.state.value if standing else None,
        "verdict": standing.verdict if standing else None,
        "failure": pulled.failure,
    }


def _needs_somebody(pulled: Pulled) -> bool:
    if pulled.standing is None:
        return True
    return pulled.is_new and pulled.standing.state in ("rejected", "held")
