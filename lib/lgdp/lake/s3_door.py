"""The door to a lake in an S3 bucket."""

from __future__ import annotations

import hashlib
import ipaddress
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyarrow.fs as pafs

from lgdp.errors import LakeError, UsageError
from lgdp.lake.door import Door, Staged
from lgdp.lake.s3_client import S3Client, StoredObject
from lgdp.lake.s3_upload import Uploader
from lgdp.scratch import scratch_folder

DEFAULT_REGION = "us-east-1"
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


class S3Door(Door):
    """Files appear by conditional upload (`If-None-Match: *`), which never overwrites."""

    def __init__(self, location: str, environ: Mapping[str, str]) -> None:
        bucket, _, prefix = location.partition("/")
        if not bucket:
            raise UsageError("an S3 lake location needs a bucket: s3://bucket/prefix")
        prefix = prefix.strip("/")
        root = self.join(bucket, prefix)
        self._bucket = bucket
        self._options = _storage_options(environ)
        self._client = S3Client(self._options)
        self._uploader = Uploader(bucket, self._client)
        super().__init__(f"s3://{root}", root, _filesystem(self._options))

    def objects(self) -> Iterator[StoredObject]:
        """Every object below the root, by key, with what changes when it is written anew."""
        return self._client.objects(self._bucket, self._root.partition("/")[2])

    def local_copy(self, path: str, scratch: Path) -> Path:
        """See `Door.local_copy`; a copy of the same size that is there already is taken."""
        copy = scratch / hashlib.sha256(f"{self.uri}/{path}".encode()).hexdigest()
        if copy.is_file() and copy.stat().st_size == self.size(path):
            return copy
        scratch.mkdir(parents=True, exist_ok=True)
        temporary = copy.with_name(f".part-{uuid.uuid4().hex}")
        try:
            with self.open_input(path) as source, temporary.open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            temporary.rename(copy)
        finally:
            temporary.unlink(missing_ok=True)
        return copy

    @contextmanager
    def staging(self, path: str, scratch: Path | None = None) -> Iterator[Staged]:
        """See `Door.staging`; the place is in `scratch`, and the end of the block uploads it."""
        key = self._key(path)
        if scratch is not None:
            scratch.mkdir(parents=True, exist_ok=True)
        with scratch_folder("staged", scratch) as folder:
            staged = Staged(folder / "part")
            yield staged
            if not staged.local.is_file():
                raise LakeError(f"nothing was written for {path} in the lake {self.uri}")
            staged.fresh = self._uploader.file(staged.local, key)
            staged.size = staged.local.stat().st_size if staged.fresh else self.size(path)

    def put(self, source: Path, path: str, sure: Callable[[], None] | None = None) -> int:
        """See `Door.put`; what has to be made sure of is copied to the local disk first."""
        if self.exists(path):
            return self.size(path)
        if sure is None:
            fresh = self._uploader.file(source, self._key(path))
            return source.stat().st_size if fresh else self.size(path)
        try:
            with self.staging(path) as staged:
                shutil.copyfile(source, staged.local)
                sure()
        except OSError as cause:
            raise LakeError(f"cannot write {path} in the lake {self.uri}: {cause}") from cause
        return staged.size

    def move(self, source: Path, path: str) -> int:
        """See `Door.move`."""
        size = self.put(source, path)
        source.unlink()
        return size

    def put_bytes(self, data: bytes, path: str) -> int:
        """See `Door.put_bytes`."""
        if self._uploader.data(data, self._key(path)):
            return len(data)
        return self.size(path)

    def delete(self, path: str) -> None:
        """See `Door.delete`."""
        try:
            self._filesystem.delete_file(self._full(path))
        except FileNotFoundError:
            return
        except OSError as cause:
            raise LakeError(f"cannot delete {path} in the lake {self.uri}: {cause}") from cause

    def table_uri(self, path: str) -> str:
        """See `Door.table_uri`."""
        return f"s3://{self._bucket}/{quote(self._key(path))}"

    def spark_uri(self, path: str) -> str:
        """See `Door.spark_uri`; Hadoop's S3 connector takes names as they are."""
        return f"s3a://{self._bucket}/{self._key(path)}"

    def storage_options(self) -> dict[str, str]:
        """See `Door.storage_options`."""
        return dict(self._options)

    def _key(self, path: str) -> str:
        return self._full(path).partition("/")[2]


def region_of(environ: Mapping[str, str]) -> str:
    """The region that an environment names, in either of the two ways that are usual."""
    return environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION


def endpoint_of(environ: Mapping[str, str]) -> str:
    """The endpoint that an environment names, that of S3 before that of all; else no text."""
    endpoint = environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL") or ""
    return endpoint.rstrip("/")


def _storage_options(environ: Mapping[str, str]) -> dict[str, str]:
    """What delta-rs wants, from the environment; without keys it finds a role's by itself."""
    options = {"AWS_REGION": region_of(environ)}
    options.update({name: environ[name] for name in _KEYS if environ.get(name)})
    endpoint = endpoint_of(environ)
    if endpoint:
        options["AWS_ENDPOINT_URL"] = endpoint
        if urlsplit(endpoint).scheme == "http":
            _refuse_plain_http(endpoint, environ)
            options["AWS_ALLOW_HTTP"] = "true"
    return options


def _refuse_plain_http(endpoint: str, environ: Mapping[str, str]) -> None:
    host = urlsplit(endpoint).hostname or ""
    if host == "localhost" or environ.get("AWS_ALLOW_HTTP", "").lower() == "true":
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise UsageError(
        f"the S3 endpoint {endpoint} is not encrypted: use https, or set AWS_ALLOW_HTTP=true if "
        "the network between is trusted"
    )


def _filesystem(options: Mapping[str, str]) -> pafs.FileSystem:
    endpoint = urlsplit(options.get("AWS_ENDPOINT_URL", "https://"))
    return pafs.S3FileSystem(
        access_key=options.get("AWS_ACCESS_KEY_ID"),
        secret_key=options.get("AWS_SECRET_ACCESS_KEY"),
        session_token=options.get("AWS_SESSION_TOKEN"),
        region=options["AWS_REGION"],
        scheme=endpoint.scheme,
        endpoint_override=endpoint.netloc or None,
    )
