"""Commands that carry one submission on: `explain`, `sign-off`, `accept`, `return`, …"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from lgdp.cli.app import Conf, Json, Lake, app
from lgdp.cli.batch import platform_at
from lgdp.cli.send import By, Council, Period, Return, named
from lgdp.cli.show_standing import print_json, show_standing
from lgdp.errors import UsageError

Id = Annotated[str, typer.Argument(help="The submission; its id may be cut short.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept with the submission.")]


@app.command()
def explain(
    submission: Id,
    text: Annotated[str, typer.Option(help="The explanation, for --rule and --failure.")] = "",
    rule: Annotated[
        list[str] | None, typer.Option(help="All queries of a rule: its code, or table:code.")
    ] = None,
    failure: Annotated[
        list[str] | None, typer.Option(help="One query, by its identity in the report.")
    ] = None,
    workbook: Annotated[
        Path | None, typer.Option("--from", help="An error report (.xlsx) with answers filled in.")
    ] = None,
    by: By = None,
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Explain queries: by rule, one by one, or from a report that was filled in."""
    from lgdp.ledger.standing import Explanation
    from lgdp.pipeline.explaining import by_rule
    from lgdp.pipeline.story import explain as keep
    from lgdp.reports.explanations import read_explanations

    if workbook is None and not (text.strip() and (rule or failure)):
        raise UsageError("say --text and at least one --rule or --failure, or --from a report")
    said = by_rule(rule or (), text.strip())
    said += [Explanation(text=text.strip(), failure=each) for each in failure or ()]
    if workbook is not None:
        said += read_explanations(workbook)
    platform = platform_at(conf, lake, judging=False)
    left = keep(platform, submission, said, named(by))
    if as_json:
        print_json({"explained": len(said), "left": [vars(each) for each in left]})
        return
    typer.echo(f"Kept {len(said)} explanation{'s' if len(said) > 1 else ''}.")
    for each in left:
        typer.echo(f"  still to explain: {each.count:,} of rule {each.code} in {each.table}")
    if not left:
        typer.echo("Every query is explained; sign it off with 'lgdp sign-off'.")


@app.command(name="sign-off")
def sign_off(
    submission: Id, by: By = None, lake: Lake = None, conf: Conf = None, as_json: Json = False
) -> None:
    """Stand for a submission in your name."""
    from lgdp.pipeline.story import sign_off as do

    platform = platform_at(conf, lake, judging=False)
    show_standing(do(platform, submission, named(by)), as_json)


@app.command()
def accept(
    submission: Id, by: By = None, lake: Lake = None, conf: Conf = None, as_json: Json = False
) -> None:
    """Take a submission for the requiring body; the next run publishes it."""
    from lgdp.pipeline.story import accept as do

    platform = platform_at(conf, lake, judging=False)
    show_standing(do(platform, submission, named(by)), as_json)


@app.command(name="return")
def send_back(
    submission: Id,
    comments: Annotated[str, typer.Option(help="What the council is to do.")],
    by: By = None,
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Send a submission back to its council, with comments."""
    from lgdp.pipeline.story import send_back as do

    platform = platform_at(conf, lake, judging=False)
    show_standing(do(platform, submission, comments, named(by)), as_json)


@app.command()
def withdraw(
    submission: Id,
    reason: Reason,
    by: By = None,
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Take a submission back; if it was current, nothing is in its place."""
    from lgdp.pipeline.story import withdraw as do

    platform = platform_at(conf, lake, judging=False)
    show_standing(do(platform, submission, reason, named(by)), as_json)


@app.command()
def reopen(
    submission: Id,
    reason: Reason,
    by: By = None,
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Have a submission checked anew by the next run."""
    from lgdp.pipeline.story import reopen as do

    platform = platform_at(conf, lake, judging=False)
    show_standing(do(platform, submission, reason, named(by)), as_json)


@app.command()
def confirm(
    submission: Id,
    reason: Reason,
    by: By = None,
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Say that a held delivery is as it should be."""
    from lgdp.pipeline.story import confirm as do

    platform = platform_at(conf, lake, judging=False)
    show_standing(do(platform, submission, reason, named(by)), as_json)


@app.command(name="exception")
def grant_exception(
    return_name: Return,
    period: Period,
    council: Council,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day of it.")],
    reason: Reason,
    by: By = None,
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Let a council deliver to a collection that is locked."""
    from lgdp.ledger.event import Key
    from lgdp.pipeline.story import grant_exception as do

    platform = platform_at(conf, lake, judging=False)
    contract = platform.catalogue.contract(return_name)
    key = Key(
        return_name,
        contract.read_period(period).text,
        platform.catalogue.councils.resolve(council).code,
    )
    reopened = do(platform, key, until.date(), reason, named(by))
    if as_json:
        print_json(
            {"until": until.date().isoformat(), "reopened": [each.submission for each in reopened]}
        )
        return
    typer.echo(f"{key} may be delivered until the end of {until.date()}.")
    for each in reopened:
        typer.echo(f"{each.submission}, which came before, is checked anew by the next run.")


@app.command()
def history(submission: Id, lake: Lake = None, as_json: Json = False) -> None:
    """Everything that happened to a submission, and who did it."""
    from lgdp.cli.app import required_lake
    from lgdp.cli.show_history import as_records, show_history
    from lgdp.lake.door import Door
    from lgdp.ledger.ledger import Ledger

    ledger = Ledger(Door.open(required_lake(lake)))
    standing = ledger.find(submission)
    events = ledger.history(standing.submission)
    if as_json:
        print_json(as_records(events))
    else:
        show_history(standing, events)
