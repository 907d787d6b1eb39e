"""Where an inbox is: a folder, or a prefix of a bucket."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lgdp.errors import UsageError
from lgdp.intake.inbox import Delivery, read_inbox
from lgdp.lake.door import Door
from lgdp.lake.s3_door import S3Door
from lgdp.pipeline.bucket_inbox import BucketInbox
from lgdp.pipeline.platform import Platform
from lgdp.scratch import scratch_folder

Place = str | os.PathLike[str]
"""A path, or a URI."""


@contextmanager
def open_inbox(platform: Platform, inbox: Place) -> Iterator[Iterable[Delivery]]:
    """The deliveries of the inbox at a path or at `s3://bucket/prefix`; land them in the block.

    Raises UsageError if it is no inbox.
    """
    text = os.fspath(inbox)
    parts = urlsplit(text)
    match parts.scheme.lower() if "://" in text else "":
        case "s3" | "s3a":
            door = Door.open(text)
            if not isinstance(door, S3Door):
                raise UsageError(f"the inbox {text} is not in a bucket")
            with scratch_folder("inbox") as folder:
                yield BucketInbox(platform, door, folder).deliveries()
        case "" | "file":
            folder = Path(unquote(parts.path) if "://" in text else text)
            yield read_inbox(folder, platform.catalogue, platform.settings.inbox)
        case _:
            raise UsageError(
                f"the inbox {text} can't be read: expected a folder or s3://bucket/prefix"
            )
