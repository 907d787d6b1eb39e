"""An inbox folder: the deliveries in it, each with what it is or why it can't be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lgdp.contracts.catalogue import Catalogue
from lgdp.errors import LgdpError, UsageError
from lgdp.intake.manifest import Manifest, find_manifest, read_manifest
from lgdp.intake.sent_file import SentFile, as_text, look_at
from lgdp.intake.submission import Submission, make_submission

DEPTH = 3
"""An inbox path is `<return>/<period>/<council>/`."""


@dataclass(frozen=True)
class Unplaced:
    """A folder of the inbox that is nobody's delivery, and what to do about it."""

    folder: str
    reason: str


def read_inbox(inbox: Path, catalogue: Catalogue) -> Iterator[Submission | Unplaced]:
    """Every delivery in the inbox, in path order.

    A delivery is a folder with files at `<return>/<period>/<council>/`, or anywhere with a
    manifest. Hidden files and folders are ignored. Raises UsageError if the inbox is no folder.
    """
    if not inbox.is_dir():
        raise UsageError(f"the inbox {inbox} is not a folder")
    for folder in sorted(path for path in [inbox, *inbox.rglob("*")] if path.is_dir()):
        parts = folder.relative_to(inbox).parts
        files = sorted(path for path in folder.iterdir() if _is_visible_file(path))
        if any(part.startswith(".") for part in parts) or not files:
            continue
        shown = as_text("/".join(parts) or ".")
        try:
            yield _delivery(folder, parts, files, catalogue)
        except LgdpError as error:
            yield Unplaced(shown, str(error))
        except OSError as error:
            yield Unplaced(shown, f"a file can't be read: {error.strerror}; try again later")


def _is_visible_file(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def _delivery(
    folder: Path, parts: tuple[str, ...], files: list[Path], catalogue: Catalogue
) -> Submission:
    manifest_path = find_manifest(folder)
    manifest = read_manifest(manifest_path) if manifest_path else None
    if manifest is None and len(parts) != DEPTH:
        raise UsageError(
            "files lie where no return, period and council are said; put them in "
            "<return>/<period>/<council>/ or add a manifest.yaml"
        )
    sent = tuple(look_at(path) for path in files if path != manifest_path)
    origin = as_text("/".join(parts))
    if manifest is None:
        return make_submission(catalogue, parts[0], parts[1], parts[2], sent, origin)
    _check_files(manifest, sent)
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
    )
    if len(parts) == DEPTH:
        placed = make_submission(catalogue, parts[0], parts[1], parts[2], sent, origin)
        if placed.id != said.id:
            raise UsageError(
                f"the manifest says {said.return_name}, {said.period}, {said.council}, but the "
                f"folder is that of {placed.return_name}, {placed.period}, {placed.council}"
            )
    return said


def _check_files(manifest: Manifest, sent: tuple[SentFile, ...]) -> None:
    by_name = {file.name: file for file in sent}
    for expected in manifest.files:
        file = by_name.get(expected.name)
        if file is None:
            raise UsageError(f"the manifest names {expected.name}, which is not there")
        if expected.sha256 and expected.sha256.lower() != file.digest:
            raise UsageError(
                f"{expected.name} is not the file of the manifest: its SHA-256 differs"
            )
        if expected.bytes is not None and expected.bytes != file.size:
            raise UsageError(
                f"{expected.name} has {file.size:,} bytes, the manifest says {expected.bytes:,}"
            )
    if manifest.nil and sent:
        raise UsageError("the manifest says nil, but there are files beside it")
    more = sorted(set(by_name) - {expected.name for expected in manifest.files})
    if manifest.files and more:
        raise UsageError(f"{', '.join(more)} is there, but not in the manifest")
    if not manifest.nil and not sent:
        raise UsageError("the manifest has no file beside it and does not say nil")
