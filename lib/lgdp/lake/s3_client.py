"""The S3 client for what pyarrow has not: conditional writes, and lists with entity tags."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lgdp.errors import LakeError


@dataclass(frozen=True)
class StoredObject:
    """An object of a bucket: its key below the listed prefix, and what changes when it does."""

    key: str
    size: int
    modified: datetime
    etag: str

    @property
    def stamp(self) -> str:
        """One text for all that changes when the object is written anew."""
        return f"{self.etag} {self.size} {self.modified:%Y-%m-%dT%H:%M:%SZ}"


class S3Client:
    """Makes the client when it is first needed; safe to share between threads."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._made: Any = None

    def get(self) -> Any:
        """The boto3 client."""
        with self._lock:
            if self._made is None:
                import boto3

                self._made = boto3.session.Session().client(
                    "s3",
                    endpoint_url=self._options.get("AWS_ENDPOINT_URL"),
                    region_name=self._options["AWS_REGION"],
                    aws_access_key_id=self._options.get("AWS_ACCESS_KEY_ID"),
                    aws_secret_access_key=self._options.get("AWS_SECRET_ACCESS_KEY"),
                    aws_session_token=self._options.get("AWS_SESSION_TOKEN"),
                )
            return self._made

    def objects(self, bucket: str, prefix: str) -> Iterator[StoredObject]:
        """Every object below a prefix, in the order of keys; LakeError if it can't be listed."""
        from botocore.exceptions import BotoCoreError, ClientError

        start = f"{prefix}/" if prefix else ""
        pages = self.get().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=start)
        try:
            for page in pages:
                for found in page.get("Contents", ()):
                    key = found["Key"].removeprefix(start)
                    yield StoredObject(key, found["Size"], found["LastModified"], found["ETag"])
        except (BotoCoreError, ClientError) as cause:
            raise LakeError(f"cannot list s3://{bucket}/{prefix}: {cause}") from cause
