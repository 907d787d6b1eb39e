"""An inbox folder: the deliveries in it, each with what it is or why it can't be told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lgdp.config import InboxSettings
from lgdp.contracts.catalogue import Catalogue
from lgdp.errors import LgdpError, StillArriving, UsageError
from lgdp.intake.arriving import (
    Listing,
    difference,
    is_recent,
    is_stalled,
    list_folder,
    require_finished,
)
from lgdp.intake.manifest import MANIFEST_NAMES, Manifest, read_manifest
from lgdp.intake.placing import place
from lgdp.intake.sent_file import as_text, look_at
from lgdp.intake.submission import Submission

AT_ONCE = InboxSettings(recent_seconds=0, wait_seconds=0, stalled_hours=24, fetch_bytes=1 << 40)
"""For an inbox that nobody copies into: no second look after a moment."""


@dataclass(frozen=True)
class Unplaced:
    """A folder of the inbox that is nobody's delivery, and what to do about it."""

    folder: str
    reason: str


@dataclass(frozen=True)
class Arriving:
    """A folder into which somebody is still copying. The next run takes it."""

    folder: str
    reason: str


Delivery = Submission | Unplaced | Arriving


@dataclass(frozen=True)
class _Look:
    folder: Path
    shown: str
    listing: Listing
    delivery: Delivery


def read_inbox(
    inbox: Path, catalogue: Catalogue, patience: InboxSettings = AT_ONCE
) -> Iterator[Delivery]:
    """Every delivery in the inbox, in path order.

    A delivery is a folder with files at `<return>/<period>/<council>/`, or anywhere with a
    manifest. Hidden files and folders are ignored. Where something was written lately, all such
    folders are looked at again after one wait. Raises UsageError if the inbox is no folder.
    """
    if not inbox.is_dir():
        raise UsageError(f"the inbox {inbox} is not a folder")
    began = time.monotonic()
    looks = list(_looks(inbox, catalogue, patience))
    if any(is_recent(look.listing, patience) for look in looks):
        # Reading the files has taken its time as well.
        time.sleep(max(0.0, began + patience.wait_seconds - time.monotonic()))
    for look in looks:
        changed = difference(look.listing, list_folder(look.folder))
        yield Arriving(look.shown, changed) if changed else look.delivery


def _looks(inbox: Path, catalogue: Catalogue, patience: InboxSettings) -> Iterator[_Look]:
    for folder in sorted(path for path in [inbox, *inbox.rglob("*")] if path.is_dir()):
        parts = folder.relative_to(inbox).parts
        if any(part.startswith(".") for part in parts):
            continue
        listing = list_folder(folder)
        if listing:
            shown = as_text("/".join(parts) or ".")
            delivery = _delivery(folder, parts, listing, catalogue, patience)
            yield _Look(folder, shown, listing, delivery)


def _delivery(
    folder: Path,
    parts: tuple[str, ...],
    listing: Listing,
    catalogue: Catalogue,
    patience: InboxSettings,
) -> Delivery:
    shown = as_text("/".join(parts) or ".")
    try:
        require_finished(folder, listing, patience)
        name = next((name for name in MANIFEST_NAMES if name in listing), None)
        manifest = read_manifest(folder / name) if name else None
        if manifest is not None:
            _require_whole(manifest, listing, patience)
        sent = [look_at(folder / file) for file in listing if file != name]
        return place(catalogue, parts, manifest, sent)
    except StillArriving as error:
        return Arriving(shown, str(error))
    except LgdpError as error:
        return Unplaced(shown, str(error))
    except FileNotFoundError as error:
        vanished = as_text(Path(error.filename).name)
        return Arriving(shown, f"{vanished} vanished while it was looked at")
    except OSError as error:
        return Unplaced(shown, f"a file can't be read: {error.strerror}; try again later")


def _require_whole(manifest: Manifest, listing: Listing, patience: InboxSettings) -> None:
    """StillArriving for a file that has fewer bytes than the manifest says, if it is young."""
    by_name = {as_text(name): stamp for name, stamp in listing.items()}
    for expected in manifest.files:
        stamp = by_name.get(expected.name)
        if stamp is None or expected.bytes is None or is_stalled(stamp, patience):
            continue
        if stamp.size < expected.bytes:
            raise StillArriving(
                f"{expected.name} has {stamp.size:,} of the {expected.bytes:,} bytes that the "
                "manifest says"
            )
