"""Receipts: what they say, that they come again, and that a false one is found out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from lgdp.cli import main
from lgdp.errors import UnknownSubmission, UsageError
from lgdp.intake.sent_file import digest_of as file_digest
from lgdp.intake.submission import submission_id
from lgdp.ledger.event import Event, EventKind
from lgdp.pipeline.platform import Platform
from lgdp.reports.receipt import Receipt, make_receipt
from lgdp.reports.seal import Sealed, as_text, digest_of, from_text, seal
from lgdp.reports.verifying import Finding, verify_alone, verify_in_lake
from tests.unit.reports.checked_files import CHILD
from tests.unit.reports.small_lake import open_small, send
from tests.unit.reports.test_error_report import FILES


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return open_small(tmp_path)


@pytest.fixture
def submission(platform: Platform, tmp_path: Path) -> str:
    return send(platform, tmp_path / "sent", FILES)


def receipt_of(platform: Platform, submission: str, version: int | None = None) -> Receipt:
    return make_receipt(platform.door, platform.ledger, submission, version)


def happens(platform: Platform, submission: str, kind: EventKind, **detail: Any) -> None:
    standing = platform.ledger.find(submission)
    event = Event.of(kind, submission, standing.key, "anna", detail=detail, at=platform.clock())
    assert platform.ledger.record([event]).refused == ()


def changed(receipt: Receipt, **what: Any) -> Sealed:
    """A receipt that somebody changed, with a digest computed anew."""
    return seal(receipt.model_copy(update=what), None)


def disagreements(findings: list[Finding]) -> list[str]:
    return [finding.what for finding in findings if finding.agrees is False]


def test_a_receipt_says_what_came_when_and_what_was_found(
    platform: Platform, submission: str, tmp_path: Path
) -> None:
    said = receipt_of(platform, submission[:8]).model_dump(mode="json")
    events = said.pop("events")
    version = said.pop("ledger_version")
    assert said == {
        "form": "lgdp receipt 1",
        "reference": f"CARE-2020-21-S12000047-{submission[:8].upper()}",
        "submission": submission,
        "return_name": "care",
        "period": "2020-21",
        "council": "S12000047",
        "number": 1,
        "received_at": "2021-04-20T12:00:00Z",
        "received_by": "returns officer",
        "origin": "inbox/care",
        "nil": False,
        "files": [
            {
                "name": name,
                "bytes": len(text.encode()),
                "sha256": file_digest(tmp_path / "sent" / name),
                "media_type": "csv",
            }
            for name, text in FILES.items()
        ],
        "state": "checked",
        "current": False,
        "supersedes": None,
        "superseded_by": None,
        "findings": {
            "verdict": "has errors",
            "ruleset": platform.ledger.find(submission).ruleset,
            "tables": {
                "child": {"rows": 2, "silver": 0, "quarantine": 2},
                "visit": {"rows": 3, "silver": 0, "quarantine": 3},
            },
            "must_fix": 6,
            "to_explain": 3,
            "notes": 1,
        },
        "explanations": 0,
    }
    assert [event["event"] for event in events] == ["received", "landed", "checked"]
    assert version == platform.ledger.state().version


def test_no_value_of_a_record_is_in_it(platform: Platform, submission: str) -> None:
    text = as_text(seal(receipt_of(platform, submission), "k"))
    assert not [value for value in ("A1", "PINK", "31/02", "Maybe") if value in text]


def test_the_same_version_gives_the_same_bytes_whatever_happened_since(
    platform: Platform, submission: str, tmp_path: Path
) -> None:
    before = receipt_of(platform, submission)
    happens(platform, submission, EventKind.WITHDRAWN, reason="sent too early")
    send(platform, tmp_path / "again", {"child.csv": CHILD + "A1,01/02/2010,,\n"})
    again = receipt_of(open_small(tmp_path), submission, before.ledger_version)
    assert as_text(seal(again, None)) == as_text(seal(before, None))
    now = receipt_of(platform, submission)
    assert (now.state, now.events[-1].event, now.events[-1].by) == (
        "withdrawn",
        "withdrawn",
        "anna",
    )
    assert digest_of(now) != digest_of(before)


def test_what_was_not_there_yet_has_no_receipt(
    platform: Platform, submission: str, tmp_path: Path
) -> None:
    version = platform.ledger.state().version
    later = send(platform, tmp_path / "later", {"child.csv": CHILD + "A1,01/02/2010,,\n"})
    with pytest.raises(UnknownSubmission, match=f"was not there at version {version}"):
        receipt_of(platform, later, version)
    with pytest.raises(UsageError, match="the ledger has no version 9999"):
        receipt_of(platform, submission, 9999)


def test_files_are_told_once_they_have_landed(platform: Platform, submission: str) -> None:
    received = receipt_of(platform, submission).events[0].ledger[0]
    first = receipt_of(platform, submission, received)
    assert (first.state, first.files, first.findings) == ("received", (), None)


def test_a_true_receipt_agrees_with_itself_and_the_lake(
    platform: Platform, submission: str
) -> None:
    sealed = from_text(as_text(seal(receipt_of(platform, submission), None)), "r.json")
    found = [*verify_alone(sealed, None), *verify_in_lake(sealed.receipt, platform.door)]
    assert [(each.what, each.agrees) for each in found] == [
        ("digest", True),
        ("signature", None),
        ("submission id", True),
        ("file child.csv", True),
        ("file visit.csv", True),
        ("events", True),
        ("list of files", True),
        ("verdict and counts", True),
        ("rows of child", True),
        ("rows of visit", True),
    ]


def test_what_happened_since_is_told_and_is_no_disagreement(
    platform: Platform, submission: str
) -> None:
    before = receipt_of(platform, submission)
    happens(platform, submission, EventKind.WITHDRAWN, reason="sent too early")
    found = list(verify_in_lake(before, platform.door))
    assert disagreements(found) == []
    assert found[-1] == Finding("since then", None, "withdrawn at 2021-04-20T12:00:00Z by anna")


def test_an_altered_receipt_does_not_agree_with_its_digest(
    platform: Platform, submission: str
) -> None:
    sealed = seal(receipt_of(platform, submission), None)
    text = as_text(sealed).replace('"verdict": "has errors"', '"verdict": "clean"')
    found = list(verify_alone(from_text(text, "r.json"), None))
    assert disagreements(found) == ["digest"]


FALSE: list[tuple[dict[str, Any], list[str]]] = [
    ({"council": "S12000005"}, ["submission id", "council"]),
    ({"received_at": "2021-04-01T12:00:00Z"}, ["received at"]),
    ({"state": "published", "current": True}, ["state", "current"]),
    ({"explanations": 3}, ["explanations"]),
    ({"submission": "0" * 32}, ["submission id", "ledger"]),
    ({"ledger_version": 9999}, ["ledger"]),
]


@pytest.mark.parametrize(("what", "differs"), FALSE, ids=lambda each: str(each)[:30])
def test_one_with_a_new_digest_does_not_agree_with_the_lake(
    what: dict[str, Any], differs: list[str], platform: Platform, submission: str
) -> None:
    sealed = changed(receipt_of(platform, submission), **what)
    found = [*verify_alone(sealed, None), *verify_in_lake(sealed.receipt, platform.door)]
    assert disagreements(found) == differs


def test_a_false_verdict_or_count_differs_from_the_ledger(
    platform: Platform, submission: str
) -> None:
    receipt = receipt_of(platform, submission)
    assert receipt.findings is not None
    findings = receipt.findings.model_copy(update={"verdict": "clean", "must_fix": 0})
    found = list(verify_in_lake(changed(receipt, findings=findings).receipt, platform.door))
    (differs,) = [each for each in found if each.agrees is False]
    assert differs.detail == (
        "the ledger says has errors, 5 rows, 6/3/1 to fix/explain/note, "
        "the receipt clean, 5 rows, 0/3/1 to fix/explain/note"
    )


def test_an_invented_event_is_not_in_the_ledger(platform: Platform, submission: str) -> None:
    receipt = receipt_of(platform, submission)
    forged = receipt.events[0].model_copy(update={"event": "published", "ledger": (7, 0)})
    found = list(
        verify_in_lake(changed(receipt, events=(*receipt.events, forged)).receipt, platform.door)
    )
    assert [each.detail for each in found if each.agrees is False] == [
        "not in the ledger as written: published at 2021-04-20T12:00:00Z"
    ]


def test_a_file_that_was_never_sent_is_found_out(platform: Platform, submission: str) -> None:
    receipt = receipt_of(platform, submission)
    file = receipt.files[0].model_copy(update={"sha256": "a" * 64})
    digests = [file.sha256, receipt.files[1].sha256]
    forged = changed(
        receipt,
        files=(file, receipt.files[1]),
        submission=submission_id("care", "2020-21", "S12000047", digests),
    )
    assert disagreements(list(verify_alone(forged, None))) == []
    found = list(verify_in_lake(forged.receipt, platform.door))
    assert disagreements(found) == ["file child.csv", "ledger"]


def test_bytes_that_were_changed_in_the_lake_are_found_out(
    platform: Platform, submission: str, tmp_path: Path
) -> None:
    receipt = receipt_of(platform, submission)
    digest = receipt.files[0].sha256
    kept = tmp_path / "lake" / "landing" / digest[:2] / digest
    kept.chmod(0o644)
    kept.write_bytes(kept.read_bytes().replace(b"PINK", b"BLUE"))
    found = list(verify_in_lake(receipt, platform.door))
    assert disagreements(found) == ["file child.csv"]
    kept.unlink()
    (gone,) = [each for each in verify_in_lake(receipt, platform.door) if each.agrees is False]
    assert gone.detail == "its bytes are not in the lake"


@pytest.mark.parametrize(
    ("made_with", "key", "agrees"),
    [("k1", "k1", True), ("k1", "k2", False), ("k1", None, None), (None, "k1", False)],
)
def test_a_signature_needs_the_key(
    made_with: str | None, key: str | None, agrees: bool | None, platform: Platform, submission: str
) -> None:
    sealed = seal(receipt_of(platform, submission), made_with)
    found = {each.what: each.agrees for each in verify_alone(sealed, key)}
    assert (found["digest"], found["signature"]) == (True, agrees)


def test_a_signed_receipt_that_was_altered_is_found_out_without_the_lake(
    platform: Platform, submission: str
) -> None:
    sealed = seal(receipt_of(platform, submission), "k")
    forged = sealed.receipt.model_copy(update={"received_by": "someone else"})
    again = replace(sealed, receipt=forged, digest=digest_of(forged))
    assert disagreements(list(verify_alone(again, "k"))) == ["signature"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: "{", "'r.json' is not a receipt of this platform in JSON"),
        (lambda text: "[]", "'r.json' is not a receipt of this platform in JSON"),
        (lambda text: text.replace('"digest"', '"x"'), "is not a receipt of this platform"),
        (lambda text: text.replace('"number": 1', '"number": "many"'), "as written: number: "),
        (lambda text: text.replace("lgdp receipt 1", "lgdp receipt 2"), "as written: form: "),
    ],
)
def test_what_is_no_receipt_is_refused(
    change: Callable[[str], str], words: str, platform: Platform, submission: str
) -> None:
    text = as_text(seal(receipt_of(platform, submission), None))
    with pytest.raises(UsageError, match=words):
        from_text(change(text), "r.json")


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["lgdp", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_commands_write_a_receipt_and_verify_it(
    submission: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LGDP_CONF", str(tmp_path / "project/conf"))
    monkeypatch.setenv("LGDP_RECEIPT_KEY", "secret")
    lake = tmp_path / "lake"
    page = tmp_path / "r.html"
    words = ["receipt", submission[:8], "--lake", lake, "--json", "--html", page]
    assert run(monkeypatch, *words) == 0
    text = capsys.readouterr().out
    assert "secret" not in text
    path = tmp_path / "r.json"
    path.write_text(text, encoding="utf-8")
    tree = html.fromstring(page.read_text(encoding="utf-8"))
    shown = tree.text_content()
    assert "Receipt: Visits to children in care, 2020-21" in shown
    assert "Fife (S12000047)" in shown
    assert json.loads(text)["digest"] in shown
    assert json.loads(text)["signature"] in shown
    assert run(monkeypatch, "verify", path, "--lake", lake) == 0
    assert "The receipt agrees with itself and with the lake." in capsys.readouterr().out
    assert run(monkeypatch, "verify", path) == 0
    assert "agrees with itself; name a --lake" in capsys.readouterr().out
    path.write_text(text.replace("returns officer", "nobody"), encoding="utf-8")
    assert run(monkeypatch, "verify", path, "--lake", lake, "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert said["agrees"] is False
    assert [each["what"] for each in said["findings"] if each["agrees"] is False] == [
        "digest", "signature", "events", "received by",
    ]  # fmt: skip
    assert run(monkeypatch, "verify", tmp_path / "none.json") == 2
    assert run(monkeypatch, "receipt", submission, "--lake", lake, "--at", 9999) == 2
