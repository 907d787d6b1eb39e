"""`lgdp receipt` and `lgdp verify`: proof of what was received and what became of it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lgdp.cli.app import Conf, Json, Lake, app, configuration, required_lake
from lgdp.errors import UsageError

if TYPE_CHECKING:
    from lgdp.reports.seal import Sealed
    from lgdp.reports.verifying import Finding

MARKS = {True: "agrees", False: "DIFFERS", None: "-"}


@app.command()
def receipt(
    submission: Annotated[str, typer.Argument(help="A submission; its id may be cut short.")],
    at: Annotated[
        int | None, typer.Option("--at", help="As of this version of the ledger; default: now.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page for paper: FILE.html.")
    ] = None,
    lake: Lake = None,
    conf: Conf = None,
    as_json: Json = False,
) -> None:
    """The receipt of a submission: what was received, when, verdict, counts, state."""
    from lgdp.lake.door import Door
    from lgdp.ledger.ledger import Ledger
    from lgdp.reports.receipt import make_receipt
    from lgdp.reports.seal import as_text, seal, sealing_key

    door = Door.open(required_lake(lake))
    sealed = seal(make_receipt(door, Ledger(door), submission, at), sealing_key())
    if html is not None:
        _write_page(sealed, html, conf)
    if as_json:
        sys.stdout.write(as_text(sealed))
    elif html is None:
        _show(sealed)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="RECEIPT", help="The receipt, in JSON.")],
    lake: Lake = None,
    as_json: Json = False,
) -> None:
    """Whether a receipt is as it was written, and agrees with the lake, if one is named."""
    from lgdp.lake.door import Door
    from lgdp.reports.seal import from_text, sealing_key
    from lgdp.reports.verifying import verify_alone, verify_in_lake

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"'{file}' can't be read as a receipt") from error
    sealed = from_text(text, file.name)
    found = list(verify_alone(sealed, sealing_key()))
    if lake:
        found += verify_in_lake(sealed.receipt, Door.open(lake))
    agrees = all(finding.agrees is not False for finding in found)
    if as_json:
        said = {"agrees": agrees, "findings": [vars(finding) for finding in found]}
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    else:
        _show_findings(found, agrees, bool(lake))
    sys.exit(0 if agrees else 1)


def _write_page(sealed: Sealed, path: Path, conf: Path | None) -> None:
    from lgdp.reports.receipt_page import write_receipt_page
    from lgdp.reports.writing import replace_file

    made = sealed.receipt
    _, _, catalogue = configuration(conf, made.return_name)
    title = catalogue.contract(made.return_name).statutory_return.title
    council = f"{catalogue.councils.by_code(made.council).name} ({made.council})"
    replace_file(path, lambda part: write_receipt_page(sealed, title, council, part))
    typer.echo(f"The receipt is in {path}", err=True)


def _show(sealed: Sealed) -> None:
    from lgdp.cli.show import coloured, console, safe, table_of

    screen, made = console(), sealed.receipt
    screen.print(f"Receipt {made.reference}")
    screen.print(f"{made.return_name} {made.period}, council {made.council}, number {made.number}")
    came = f"received {made.received_at} from {made.received_by} ({made.origin})"
    screen.print(safe(came))
    screen.print(
        table_of(
            ["file", "bytes", "SHA-256"],
            [[file.name, file.bytes, file.sha256] for file in made.files],
        )
    )
    if made.findings is not None:
        found = made.findings
        screen.print(
            f"Verdict: {coloured(found.verdict)} ({found.must_fix:,} to fix, "
            f"{found.to_explain:,} to explain, {found.notes:,} notes)"
        )
    screen.print(f"State: {made.state}{' and current' if made.current else ''}")
    screen.print(f"Version {made.ledger_version} of the ledger, digest {sealed.digest}")
    if sealed.signature:
        screen.print(f"Signed {sealed.signature}")


def _show_findings(found: list[Finding], agrees: bool, with_lake: bool) -> None:
    from lgdp.cli.show import console, table_of

    screen = console()
    screen.print(
        table_of(["", "what", ""], [[MARKS[each.agrees], each.what, each.detail] for each in found])
    )
    if not agrees:
        screen.print("The receipt does not agree.")
    elif with_lake:
        screen.print("The receipt agrees with itself and with the lake.")
    else:
        screen.print("The receipt agrees with itself; name a --lake to compare it with that.")
