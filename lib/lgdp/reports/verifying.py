"""Whether a receipt agrees with itself, with its signature, and with a lake."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow.compute as pc

from lgdp.errors import LakeError, UnknownSubmission, UsageError
from lgdp.intake.sent_file import CHUNK
from lgdp.intake.submission import submission_id
from lgdp.lake.door import Door
from lgdp.lake.scan import among
from lgdp.lake.table import LakeTable
from lgdp.ledger.ledger import Ledger
from lgdp.reports.receipt import Findings, Receipt, ReceivedFile, make_receipt
from lgdp.reports.seal import KEY, Sealed, digest_of, signature_of

TOLD_APART = ("events", "files", "findings")
"""Fields of a receipt that are compared piece by piece."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it agrees (null: it could not be told), and how."""

    what: str
    agrees: bool | None
    detail: str


def verify_alone(sealed: Sealed, key: str | None) -> Iterator[Finding]:
    """What can be told without a lake: digest, signature, and whether the id is of these files."""
    receipt = sealed.receipt
    same = hmac.compare_digest(sealed.digest.encode(), digest_of(receipt).encode())
    detail = "as written" if same else "the receipt was altered after it was written"
    yield Finding("digest", same, detail)
    yield _signature(sealed, key)
    if receipt.files:
        digests = [file.sha256 for file in receipt.files]
        of_files = submission_id(receipt.return_name, receipt.period, receipt.council, digests)
        same = of_files == receipt.submission
        detail = "follows from" if same else "does not follow from"
        yield Finding(
            "submission id", same, f"{detail} return, period, council and digests of the files"
        )


def _signature(sealed: Sealed, key: str | None) -> Finding:
    if sealed.signature is None:
        # Where receipts are signed, one without may be one from which it was taken off.
        told = None if key is None else False
        return Finding("signature", told, "the receipt is not signed")
    if key is None:
        return Finding("signature", None, f"not looked at: {KEY} is not set")
    made = signature_of(sealed.receipt, key)
    same = hmac.compare_digest(sealed.signature.encode(), made.encode())
    detail = "made with our key" if same else "not made with our key, or the receipt was altered"
    return Finding("signature", same, detail)


def verify_in_lake(receipt: Receipt, door: Door) -> Iterator[Finding]:
    """What the lake says: the bytes of each file, the events, the story then, the rows now."""
    for file in receipt.files:
        yield _bytes(file, door)
    ledger = Ledger(door)
    try:
        then = make_receipt(door, ledger, receipt.submission, receipt.ledger_version)
    except (UnknownSubmission, UsageError) as error:
        yield Finding("ledger", False, str(error))
        return
    yield from _story(receipt, then)
    if receipt.findings is not None:
        for table in sorted(receipt.findings.tables):
            yield _rows(receipt, receipt.findings, table, door)
    yield from _since(receipt, make_receipt(door, ledger, receipt.submission))


def _bytes(file: ReceivedFile, door: Door) -> Finding:
    """Whether the bytes that are kept are those that were received."""
    what = f"file {file.name}"
    digest, size = hashlib.sha256(), 0
    try:
        with door.open_input(f"landing/{file.sha256[:2]}/{file.sha256}") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except LakeError:
        return Finding(what, False, "its bytes are not in the lake")
    if (digest.hexdigest(), size) != (file.sha256, file.bytes):
        return Finding(what, False, f"the lake holds {size:,} bytes with another digest or size")
    return Finding(what, True, f"{size:,} bytes with this digest are in the lake")


def _story(receipt: Receipt, then: Receipt) -> Iterator[Finding]:
    known = set(then.events)
    lost = [event for event in receipt.events if event not in known]
    if lost:
        names = ", ".join(f"{event.event} at {event.at}" for event in lost)
        yield Finding("events", False, f"not in the ledger as written: {names}")
    else:
        yield Finding("events", True, f"all {len(receipt.events)} are in the ledger")
    same = then.files == receipt.files
    yield Finding("list of files", same, "as registered" if same else "not as registered")
    for part, mine, theirs in (
        ("verdict and counts", receipt.findings, then.findings),
        *(
            (name.replace("_", " "), getattr(receipt, name), getattr(then, name))
            for name in Receipt.model_fields
            if name not in TOLD_APART
        ),
    ):
        if mine != theirs:
            yield Finding(
                part, False, f"the ledger says {_said(theirs)}, the receipt {_said(mine)}"
            )
        elif part == "verdict and counts":
            yield Finding(part, True, f"as in the ledger: {_said(mine)}")


def _said(value: object) -> str:
    if isinstance(value, Findings):
        rows = sum(table.rows for table in value.tables.values())
        numbers = f"{value.must_fix:,}/{value.to_explain:,}/{value.notes:,}"
        return f"{value.verdict}, {rows:,} rows, {numbers} to fix/explain/note"
    return "nothing" if value is None else str(value)


def _rows(receipt: Receipt, findings: Findings, table: str, door: Door) -> Finding:
    """Whether the rows of a table that are in the lake now are as many as the receipt says."""
    counts = findings.tables[table]
    kept = _count(receipt, findings, "silver", table, door)
    kept_out = _count(receipt, findings, "quarantine", table, door)
    same = (kept, kept_out) == (counts.silver, counts.quarantine)
    found = f"{kept:,} kept and {kept_out:,} kept out"
    detail = (
        f"{found}, as said" if same else f"{found}, not {counts.silver:,} and {counts.quarantine:,}"
    )
    return Finding(f"rows of {table}", same, detail)


def _count(receipt: Receipt, findings: Findings, layer: str, table: str, door: Door) -> int:
    stored = LakeTable(door, f"{layer}/{receipt.return_name}/{table}")
    if stored.opened() is None:
        return 0
    rows = stored.dataset("_submission", among([receipt.submission]))
    mine = (pc.field("_submission") == receipt.submission) & (
        pc.field("_ruleset") == findings.ruleset
    )
    return int(rows.count_rows(filter=mine))


def _since(receipt: Receipt, now: Receipt) -> Iterator[Finding]:
    """What happened after the receipt was written; that is no disagreement."""
    later = now.events[len(receipt.events) :]
    for event in later:
        yield Finding("since then", None, f"{event.event} at {event.at} by {event.by}")
    if now.superseded_by and now.superseded_by != receipt.superseded_by:
        yield Finding("since then", None, f"superseded by {now.superseded_by}")
