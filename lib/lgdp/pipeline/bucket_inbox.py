"""An inbox in an S3 bucket: the deliveries below a prefix, of which only what is new is fetched."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from lgdp.errors import LgdpError, StillArriving, UsageError
from lgdp.intake.arriving import unfinished
from lgdp.intake.inbox import Arriving, Delivery, Unplaced
from lgdp.intake.manifest import MANIFEST_NAMES, Manifest, read_manifest
from lgdp.intake.placing import place
from lgdp.intake.sent_file import SentFile, look_at
from lgdp.intake.submission import Submission
from lgdp.lake.s3_client import StoredObject
from lgdp.lake.s3_door import S3Door
from lgdp.lake.sightings import Sighting, Sightings
from lgdp.ledger.state import State
from lgdp.pipeline.landing import landing_path
from lgdp.pipeline.platform import Platform

CHUNK = 1 << 20
Folder = dict[str, StoredObject]


class BucketInbox:
    """Reads the inbox at a prefix. What is fetched is put into `scratch`, for as long as landing
    takes; objects whose tag, size and time are known from an earlier time are not fetched again.
    """

    def __init__(self, platform: Platform, inbox: S3Door, scratch: Path) -> None:
        self._platform, self._inbox, self._scratch = platform, inbox, scratch
        self._patience = platform.settings.inbox
        self._sightings = Sightings(platform.door)
        self._standings = platform.ledger.state().standings
        self._seen = self._sightings.below(f"{inbox.uri}/")
        self._new: list[Sighting] = []
        self._fetched = 0

    def deliveries(self) -> Iterator[Delivery]:
        """Every delivery, in the order of its prefix."""
        began = time.monotonic()
        folders = self._folders()
        read = {prefix: self._delivery(prefix, found) for prefix, found in folders.items()}
        if any(map(self._is_recent, folders.values())):
            time.sleep(max(0.0, began + self._patience.wait_seconds - time.monotonic()))
        after = self._folders()
        changed = {prefix for prefix in read if after.get(prefix) != folders[prefix]}
        for prefix, delivery in read.items():
            if prefix in changed:
                yield Arriving(prefix, "its objects changed while they were looked at")
            else:
                yield delivery
        self._sightings.record([each for each in self._new if self._prefix(each) not in changed])

    def _folders(self) -> dict[str, Folder]:
        """The objects of each prefix by name. Markers of folders and hidden ones are no objects."""
        folders: dict[str, Folder] = {}
        for found in self._inbox.objects():
            prefix, _, name = found.key.rpartition("/")
            hidden = any(part.startswith(".") for part in prefix.split("/") if prefix)
            if name and not hidden and (not name.startswith(".") or unfinished(name)):
                folders.setdefault(prefix or ".", {})[name] = found
        return folders

    def _is_recent(self, folder: Folder) -> bool:
        now = datetime.now(UTC)
        since = self._patience.recent_seconds
        return any((now - found.modified).total_seconds() < since for found in folder.values())

    def _delivery(self, prefix: str, folder: Folder) -> Delivery:
        parts = () if prefix == "." else tuple(prefix.split("/"))
        try:
            self._require_readable(folder)
            name = next((name for name in MANIFEST_NAMES if name in folder), None)
            manifest = self._manifest(folder[name]) if name else None
            sent = [self._sent(found) for file, found in folder.items() if file != name]
            origin = f"{self._inbox.uri}/{prefix}"
            submission = place(self._platform.catalogue, parts, manifest, sent, origin)
            self._have_bytes(submission, folder)
            return submission
        except StillArriving as error:
            return Arriving(prefix, str(error))
        except LgdpError as error:
            return Unplaced(prefix, str(error))

    def _require_readable(self, folder: Folder) -> None:
        for name, found in folder.items():
            if any(part in ("", ".", "..") for part in found.key.split("/")):
                raise UsageError(f"'{found.key}' is no name of a file; name the object otherwise")
            if what := unfinished(name):
                raise StillArriving(f"{name} is {what}")
            if found.size > self._patience.fetch_bytes:
                raise UsageError(
                    f"{name} has {found.size:,} bytes, and at most {self._patience.fetch_bytes:,} "
                    "are fetched (inbox.fetch_bytes in conf/platform.yaml)"
                )

    def _manifest(self, found: StoredObject) -> Manifest:
        """The manifest, whose bytes are kept like those of any file: they say what was sent."""
        sent = self._sent(found)
        kept = landing_path(sent.digest)
        if sent.path.is_file():
            self._platform.door.put(sent.path, kept)
        elif self._platform.door.exists(kept):
            sent.path.write_bytes(self._platform.door.read_bytes(kept))
        else:
            self._fetch(found, sent.path)
        return read_manifest(sent.path, sent.name)

    def _sent(self, found: StoredObject) -> SentFile:
        """The file, fetched unless it was seen before; then its bytes are perhaps not here yet."""
        name = found.key.rpartition("/")[2]
        uri = f"{self._inbox.uri}/{found.key}"
        path = self._scratch / str(self._fetched)
        self._fetched += 1
        seen = self._seen.get(uri)
        if seen is not None and seen.stamp == found.stamp:
            return SentFile(name, path, seen.digest, seen.bytes, seen.media_type)
        self._fetch(found, path)
        sent = look_at(path, name)
        at = self._platform.clock()
        self._new.append(Sighting(uri, found.stamp, sent.digest, sent.size, sent.media_type, at))
        return sent

    def _have_bytes(self, submission: Submission, folder: Folder) -> None:
        """Fetch what was seen before and yet is not in the lake: its landing had failed."""
        standing = self._standings.get(submission.id)
        if standing is not None and standing.state is not State.RECEIVED:
            return
        for file in submission.files:
            kept = landing_path(file.digest)
            if not file.path.is_file() and not self._platform.door.exists(kept):
                self._fetch(folder[file.name], file.path)

    def _fetch(self, found: StoredObject, path: Path) -> None:
        left = self._patience.fetch_bytes
        with self._inbox.open_input(found.key) as source, path.open("wb") as target:
            while chunk := source.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise StillArriving(f"{found.key} grew while it was fetched")
                target.write(chunk)

    def _prefix(self, sighting: Sighting) -> str:
        key = sighting.place.removeprefix(f"{self._inbox.uri}/")
        return key.rpartition("/")[0] or "."
