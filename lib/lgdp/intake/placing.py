"""Placing a delivery: whose it is and what for, by where it lies and by its manifest."""

from __future__ import annotations

from collections.abc import Sequence

from lgdp.contracts.catalogue import Catalogue
from lgdp.errors import UsageError
from lgdp.intake.manifest import Manifest
from lgdp.intake.sent_file import SentFile, as_text
from lgdp.intake.submission import Submission, make_submission

DEPTH = 3
"""An inbox path is `<return>/<period>/<council>/`, or `<council>/<return>/<period>/`."""


def place(
    catalogue: Catalogue,
    parts: Sequence[str],
    manifest: Manifest | None,
    sent: Sequence[SentFile],
    origin: str | None = None,
) -> Submission:
    """The submission that files make, by the parts of their path in the inbox and the manifest.

    `sent` is without the manifest, `origin` is the path unless said otherwise. UsageError says what
    is not known or does not fit.
    """
    origin = origin or as_text("/".join(parts))
    if manifest is None:
        if len(parts) != DEPTH:
            raise UsageError(
                "files lie where no return, period and council are said; put them in "
                "<return>/<period>/<council>/ or add a manifest.yaml"
            )
        return make_submission(catalogue, *_in_order(catalogue, parts), sent, origin)
    _check_files(manifest, {file.name: file for file in sent})
    said = make_submission(
        catalogue,
        manifest.return_,
        manifest.period,
        manifest.council,
        sent,
        origin,
        manifest.nil,
        manifest.by,
        manifest.version,
        manifest.totals,
    )
    if len(parts) == DEPTH:
        placed = make_submission(catalogue, *_in_order(catalogue, parts), sent, origin)
        if _whose(placed) != _whose(said):
            raise UsageError(
                f"the manifest says {', '.join(_whose(said))}, but the folder is that of "
                f"{', '.join(_whose(placed))}"
            )
    return said


def _whose(submission: Submission) -> tuple[str, str, str]:
    return (submission.return_name, submission.period, submission.council)


def _in_order(catalogue: Catalogue, parts: Sequence[str]) -> tuple[str, str, str]:
    """Return, period and council; a sender that has a folder of its own begins with the council."""
    first, second, third = parts
    if first not in catalogue.contracts and second in catalogue.contracts:
        return second, third, first
    return first, second, third


def _check_files(manifest: Manifest, by_name: dict[str, SentFile]) -> None:
    for expected in manifest.files:
        file = by_name.get(expected.name)
        if file is None:
            raise UsageError(f"the manifest names {expected.name}, which is not there")
        if expected.bytes is not None and expected.bytes != file.size:
            raise UsageError(
                f"{expected.name} has {file.size:,} bytes, the manifest says {expected.bytes:,}"
            )
        if expected.sha256 and expected.sha256.lower() != file.digest:
            raise UsageError(
                f"{expected.name} is not the file of the manifest: its SHA-256 differs"
            )
    if manifest.nil and by_name:
        raise UsageError("the manifest says nil, but there are files beside it")
    more = sorted(set(by_name) - {expected.name for expected in manifest.files})
    if manifest.files and more:
        raise UsageError(f"{', '.join(more)} is there, but not in the manifest")
    if not manifest.nil and not by_name:
        raise UsageError("the manifest has no file beside it and does not say nil")
