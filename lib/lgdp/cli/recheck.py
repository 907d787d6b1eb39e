"""`recheck`: old submissions under today's rules."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lgdp.cli.app import Conf, Json, Lake, app, required_lake
from lgdp.cli.batch import Docs, engine_for, platform_at

if TYPE_CHECKING:
    from lgdp.pipeline.rechecking import Rechecked, RecheckReport

MOST_SHOWN = 20


@app.command()
def recheck(
    return_name: Annotated[str, typer.Option("--return", help="The return to check again.")],
    period: Annotated[str | None, typer.Option(help="Only this period.")] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Make it so: audit, and publish under these rules.")
    ] = False,
    lake: Lake = None,
    conf: Conf = None,
    docs: Docs = None,
    as_json: Json = False,
) -> None:
    """Check old submissions under today's rules and say what would change."""
    from lgdp.pipeline.rechecking import publish_rechecked
    from lgdp.pipeline.rechecking import recheck as check_again

    platform = platform_at(conf, lake)
    engine = engine_for(platform, docs, required_lake(lake))
    report = check_again(
        platform, engine.scheduler, return_name, period, engine.progress("checking")
    )
    if publish:
        publish_rechecked(platform, report, engine.session.get, engine.docs)
    if as_json:
        sys.stdout.write(json.dumps(_as_json(report), ensure_ascii=False) + "\n")
    else:
        _show(report, publish)
    engine.session.stop()
    sys.exit(3 if report.failed else 1 if report.held or report.left else 0)


def _as_json(report: RecheckReport) -> dict[str, Any]:
    return {
        "up_to_date": report.up_to_date,
        "rechecked": [
            {
                "submission": item.submission,
                "period": item.period,
                "council": item.council,
                "current": item.is_current,
                "ruleset": item.ruleset,
                "differs": item.differs,
                "verdict": [item.before and item.before.verdict, item.after.verdict],
                "kept": [item.before and item.before.silver, item.after.silver],
                "rules": [vars(change) for change in item.changes],
            }
            for item in report.rechecked
        ],
        "published": report.published,
        "left": report.left,
        "held": {name: list(reasons) for name, reasons in report.held.items()},
        "failed": report.failed,
    }


def _show(report: RecheckReport, published: bool) -> None:
    from lgdp.cli.show import console, safe, table_of

    screen = console()
    changed = [item for item in report.rechecked if item.differs]
    screen.print(
        f"{len(report.rechecked):,} checked under today's rules, {len(changed):,} with another "
        f"result; {report.up_to_date:,} were judged by them before."
    )
    if changed:
        headings = ["submission", "period", "council", "verdict", "now", "kept", "now", "rules"]
        screen.print(table_of(headings, [_row(item) for item in changed[:MOST_SHOWN]]))
    if len(changed) > MOST_SHOWN:
        screen.print(f"… and {len(changed) - MOST_SHOWN:,} more; --json has them all.")
    for submission, reason in report.failed.items():
        screen.print(f"[red]failed[/] {submission}: {safe(reason)}")
    for batch, reasons in report.held.items():
        screen.print(f"[red]held[/] {safe(batch)}: {safe('; '.join(reasons))}")
    if not published:
        screen.print("Nothing that is current was touched; --publish makes it so.")
        return
    screen.print(f"{len(report.published):,} published under today's rules.")
    for submission in report.left:
        screen.print(
            f"left as it was: {submission}, which would be worse than its return publishes; "
            "'lgdp publish' does it by hand."
        )


def _row(item: Rechecked) -> list[object]:
    before = item.before
    rules = ", ".join(f"{each.code} {each.before}→{each.after}" for each in item.changes[:4])
    more = ", …" if len(item.changes) > 4 else ""
    return [
        item.submission[:8],
        item.period,
        item.council,
        before.verdict if before else "",
        item.after.verdict,
        before.silver if before else 0,
        item.after.silver,
        rules + more,
    ]
