"""Commands that look into a lake and change nothing: `status`, `failures`, `sql`."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lgdp.cli.app import Conf, Json, Lake, app, configuration, required_lake

if TYPE_CHECKING:
    import pyarrow as pa

MOST_SHOWN = 100


@app.command()
def status(
    return_name: Annotated[str | None, typer.Option("--return", help="Only this return.")] = None,
    period: Annotated[str | None, typer.Option(help="Only this period.")] = None,
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """Who owes what, and what came: one cell per council and period of each return."""
    from lgdp.cli.show_status import as_records, show_status
    from lgdp.pipeline.platform import open_platform
    from lgdp.pipeline.tracking import statuses_of

    location, settings, catalogue = configuration(conf)
    platform = open_platform(location, settings, catalogue, required_lake(lake))
    found = [
        item
        for item in statuses_of(platform)
        if return_name in (None, item.return_) and period in (None, item.period)
    ]
    if as_json:
        sys.stdout.write(json.dumps(as_records(found, catalogue.councils)) + "\n")
    else:
        show_status(found, catalogue.councils)


@app.command()
def failures(
    submission: Annotated[
        str | None, typer.Argument(help="A submission; its id may be cut short.")
    ] = None,
    return_name: Annotated[str | None, typer.Option("--return", help="Only this return.")] = None,
    code: Annotated[str | None, typer.Option(help="Only this rule.")] = None,
    most: Annotated[int, typer.Option(help="How many to show at the terminal.")] = MOST_SHOWN,
    lake: Lake = None,
    as_json: Json = False,
) -> None:
    """What is wrong: the failures of one submission, or of all that are current."""
    from lgdp.cli.show import console, table_of
    from lgdp.lake.door import Door
    from lgdp.ledger.ledger import Ledger
    from lgdp.pipeline.looking import failures_of

    door = Door.open(required_lake(lake))
    rows = failures_of(door, Ledger(door), submission, return_name, code)
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, default=str) + "\n")
        return
    screen = console()
    if not rows:
        screen.print("No failures.")
        return
    columns = ["submission", "table", "file", "row", "code", "severity", "column", "message"]
    shown = [
        [str(row[name] or "")[: 8 if name == "submission" else None] for name in columns]
        for row in rows[:most]
    ]
    screen.print(table_of(columns, shown))
    if len(rows) > most:
        screen.print(f"… and {len(rows) - most:,} more; --most N or --json shows them.")


@app.command()
def sql(
    statement: Annotated[
        str, typer.Argument(help="A SELECT, such as 'select * from control.events'.")
    ],
    all_submissions: Annotated[
        bool, typer.Option("--all-submissions", help="Rows of superseded submissions too.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    lake: Lake = None,
    as_json: Json = False,
) -> None:
    """Read any table by its name: silver.ssda903.episodes, gold.collection_status, …"""
    from lgdp.cli.show import console, table_of
    from lgdp.lake.door import Door
    from lgdp.lake.query import query
    from lgdp.ledger.ledger import Ledger

    door = Door.open(required_lake(lake))
    result = query(door, statement, Ledger(door).current(), all_submissions=all_submissions)
    if as_json:
        text = json.dumps(result.to_pylist(), ensure_ascii=False, default=_plain)
        sys.stdout.write(text + "\n")
    elif as_csv:
        _write_csv(result)
    else:
        rows = [list(row.values()) for row in result.slice(0, MOST_SHOWN).to_pylist()]
        screen = console()
        screen.print(table_of(result.column_names, rows))
        if result.num_rows > MOST_SHOWN:
            screen.print(f"… {result.num_rows:,} rows; --csv or --json prints all of them.")


def _plain(value: object) -> Any:
    """What JSON has no form for: decimals and dates as text, bytes in hexadecimal."""
    return value.hex() if isinstance(value, bytes) else str(value)


def _write_csv(result: pa.Table) -> None:
    """CSV for a program; a value that a spreadsheet would run as a formula gets a leading quote."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(result.column_names)
    for row in result.to_pylist():
        writer.writerow([_inert(value) for value in row.values()])


def _inert(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        try:
            float(value)
        except ValueError:
            return f"'{value}"
    return value
