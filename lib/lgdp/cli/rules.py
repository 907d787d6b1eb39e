"""`lgdp rules`: the rule book of a return, and trying a suite while it is written."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lgdp.cli.app import Conf, Json, app, configuration

MOST_SHOWN = 20


class _BookFirst(TyperGroup):
    """`lgdp rules RETURN` is `lgdp rules book RETURN`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help",):
            args = ["book", *args]
        return super().parse_args(ctx, args)


rules = typer.Typer(
    cls=_BookFirst,
    name="rules",
    no_args_is_help=True,
    help="The rule book of a return (lgdp rules RETURN), and trying a suite (lgdp rules try).",
)
app.add_typer(rules)


@rules.command()
def book(
    return_name: Annotated[str, typer.Argument(metavar="RETURN", help="The return.")],
    period: Annotated[
        str | None, typer.Option(help="The rules of this period; default: the latest spec's.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write one page that can be searched.")
    ] = None,
    code: Annotated[str | None, typer.Option(help="Only this rule, with its examples.")] = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Every check of a return: what it looks for, why, how grave it is, and examples."""
    from lgdp.cli.show_rules import show_book
    from lgdp.contracts.case import read_cases
    from lgdp.reports.rule_book import make_book
    from lgdp.reports.rule_page import write_rule_page
    from lgdp.reports.writing import replace_file

    location, _, catalogue = configuration(conf, return_name)
    contract = catalogue.contract(return_name)
    at = contract.read_period(period) if period else contract.milestones()[-1]
    made = make_book(contract, at, read_cases(location, return_name, at.text))
    if html is not None:
        replace_file(html, lambda part: write_rule_page(made, part))
        typer.echo(f"{len(made.rules)} rules of {return_name} in {made.period} are in {html}")
    elif as_json:
        sys.stdout.write(json.dumps(made.as_json(), ensure_ascii=False) + "\n")
    else:
        show_book(made, code)


@rules.command("try")
def try_(
    suite: Annotated[Path, typer.Argument(metavar="SUITE.json", help="The suite of one table.")],
    files: Annotated[list[Path], typer.Argument(help="Files of one submission, or a folder.")],
    return_name: Annotated[str, typer.Option("--return", help="The return, such as ssda903.")],
    period: Annotated[str, typer.Option(help="The period, such as 2017-18.")],
    council: Annotated[str, typer.Option(help="The council: a code or a name.")],
    table: Annotated[
        str | None, typer.Option(help="The suite's table, where its name does not tell.")
    ] = None,
    most: Annotated[int, typer.Option(help="How many rows of a rule to show.")] = MOST_SHOWN,
    conf: Conf = None,
) -> None:
    """Run one suite on files and show the rows that fail, or where a rule is written wrongly."""
    from lgdp.cli.show_rules import show_mistakes, show_trial
    from lgdp.pipeline.trying import try_suite

    _, settings, catalogue = configuration(conf, return_name)
    trial = try_suite(catalogue, settings.limits, suite, files, return_name, period, council, table)
    if trial.mistakes:
        show_mistakes(suite, trial.mistakes)
        sys.exit(2)
    show_trial(trial, most)


@rules.command()
def schema(
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to; default: conf/schemas.")
    ] = None,
    conf: Conf = None,
) -> None:
    """Write the JSON Schemas of contracts, suites and indexes, by which editors complete."""
    from lgdp.config import locate
    from lgdp.contracts.schema import write_schemas

    for path in write_schemas(out or locate(conf).conf / "schemas"):
        typer.echo(str(path))
