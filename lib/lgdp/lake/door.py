"""The one small door to where a lake is: a local folder or an S3 bucket. Nothing above it knows."""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast
from urllib.parse import unquote, urlsplit

import pyarrow.fs as pafs

from lgdp.errors import LakeError, UsageError

SCHEMES = "a local path, file:///folder or s3://bucket/prefix"
# delta-rs 1.6.6 decodes %XX in a table's location once too often and reads `\` as `/`: its log
# would be written in one folder and looked for in another.
_UNSAFE_ROOT = re.compile(r"%[0-9A-Fa-f]{2}|[\\\x00-\x1f]")


@dataclass(frozen=True, order=True)
class Entry:
    """One thing found in a lake: its path relative to the lake, its bytes (0 for a folder)."""

    path: str
    size: int
    folder: bool

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


@dataclass
class Staged:
    """A file on its way into the lake. Write to `local`; the rest is known after the block."""

    local: Path
    size: int = -1
    fresh: bool = False


class Door(ABC):
    """A lake, and the paths in it: relative to its root, parts joined by `/`, any name allowed.

    A file in a lake is written once and never changed, so every write here is put-if-absent and
    atomic: a reader sees the whole file or none, and the first of two writers wins. Two processes
    may hold a door to one lake; a pickled door opens again by its URI, and takes its keys from the
    environment it arrives in.
    """

    def __init__(self, uri: str, root: str, filesystem: pafs.FileSystem) -> None:
        if unsafe := _UNSAFE_ROOT.search(root):
            raise UsageError(
                f"the lake location {uri!r} has {unsafe.group()!r} in it, and Delta tables "
                "cannot be kept under such a name; choose another folder"
            )
        self.uri = uri
        self._root = root
        self._filesystem = filesystem

    @staticmethod
    def open(uri: str | os.PathLike[str], environ: Mapping[str, str] | None = None) -> Door:
        """The door to the lake at `uri`, which need not exist yet.

        S3 is reached by AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY
        and AWS_SESSION_TOKEN of `environ` (default: the process's own).
        """
        from lgdp.lake.local_door import LocalDoor
        from lgdp.lake.s3_door import S3Door

        text = os.fspath(uri)
        scheme, separator, rest = text.partition("://")
        if not separator:
            return LocalDoor(Path(text))
        match scheme.lower():
            case "file":
                parts = urlsplit(text)
                if parts.netloc in ("", "localhost"):
                    return LocalDoor(Path(unquote(parts.path)))
            case "s3" | "s3a":
                return S3Door(rest, os.environ if environ is None else environ)
        raise UsageError(f"{text!r} is not a lake location: expected {SCHEMES}")

    def __reduce__(self) -> tuple[Callable[[str], Door], tuple[str]]:
        return Door.open, (self.uri,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Door) and other.uri == self.uri

    def __hash__(self) -> int:
        return hash(self.uri)

    def __repr__(self) -> str:
        return f"Door({self.uri!r})"

    @staticmethod
    def join(*parts: str) -> str:
        """A path in a lake from its parts; refuses what would lead out of the lake."""
        path = "/".join(part for part in parts if part)
        if any(name in ("", ".", "..") for name in path.split("/")) or "\0" in path:
            raise LakeError(f"{path!r} is not a path in a lake")
        return path

    def exists(self, path: str) -> bool:
        """Whether there is a file or a folder with something in it."""
        return bool(self._info(path).type != pafs.FileType.NotFound)

    def size(self, path: str) -> int:
        """Bytes of a file; LakeError when there is none."""
        info = self._info(path)
        if info.type != pafs.FileType.File:
            raise LakeError(f"there is no file {path} in the lake {self.uri}")
        return int(info.size)

    def open_input(self, path: str) -> IO[bytes]:
        """The file, opened for reading from any place in it; LakeError when there is none."""
        try:
            return cast("IO[bytes]", self._filesystem.open_input_file(self._full(path)))
        except FileNotFoundError as cause:
            raise LakeError(f"there is no file {path} in the lake {self.uri}") from cause
        except OSError as cause:
            raise LakeError(f"cannot read {path} in the lake {self.uri}: {cause}") from cause

    def read_bytes(self, path: str) -> bytes:
        """The whole content of a file; LakeError when there is none."""
        with self.open_input(path) as source:
            return source.read()

    def list(self, path: str = "", *, recursive: bool = False) -> list[Entry]:
        """What is in a folder, ordered by path; nothing when there is no such folder."""
        full = self._full(path) if path else self._root
        selector = pafs.FileSelector(full, allow_not_found=True, recursive=recursive)
        try:
            found = self._filesystem.get_file_info(selector)
        except OSError as cause:
            raise LakeError(f"cannot list {path or 'the lake'} in {self.uri}: {cause}") from cause
        cut = len(self._root) + 1
        return sorted(
            Entry(info.path[cut:], info.size or 0, info.type == pafs.FileType.Directory)
            for info in found
        )

    def filesystem(self, path: str) -> pafs.FileSystem:
        """A pyarrow filesystem whose root is a folder of the lake."""
        return pafs.SubTreeFileSystem(self._full(path), self._filesystem)

    @abstractmethod
    def local_copy(self, path: str, scratch: Path) -> Path:
        """The file on a local disk: where it is if it is local, else a copy in `scratch`."""

    @abstractmethod
    def staging(self, path: str, scratch: Path | None = None) -> AbstractContextManager[Staged]:
        """A place to write the file for `path`, published when the block ends without error.

        Nothing is published when the block raises or the process dies. If `path` is there
        already, it is kept and ours is dropped; `size` is that of the file in the lake.
        `scratch` is where a lake that is not local stages (default: the temporary folder).
        """

    @abstractmethod
    def put(self, source: Path, path: str, sure: Callable[[], None] | None = None) -> int:
        """Copy a local file into the lake, keeping what is there; bytes of the file there.

        `sure` is called when the bytes are copied and not yet published: if it raises, because
        somebody writes to the source, nothing is.
        """

    @abstractmethod
    def move(self, source: Path, path: str) -> int:
        """Put a local file that nobody needs any more, which saves copying it; bytes there.

        The source is gone afterwards, also when there was a file at `path` that is kept.
        """

    @abstractmethod
    def put_bytes(self, data: bytes, path: str) -> int:
        """Write a small file, keeping what is there; bytes of the file there."""

    @abstractmethod
    def delete(self, path: str) -> None:
        """Remove a file; not an error when it is gone already."""

    @abstractmethod
    def table_uri(self, path: str) -> str:
        """The URI by which delta-rs opens the table in a folder of the lake."""

    @abstractmethod
    def spark_uri(self, path: str) -> str:
        """The URI by which Spark (Hadoop) opens a path of the lake."""

    @abstractmethod
    def storage_options(self) -> dict[str, str]:
        """What delta-rs needs to reach the lake; holds secrets, so never log it."""

    def _full(self, path: str) -> str:
        return f"{self._root}/{self.join(path)}" if self._root else self.join(path)

    def _info(self, path: str) -> pafs.FileInfo:
        try:
            return self._filesystem.get_file_info(self._full(path))
        except OSError as cause:
            raise LakeError(f"cannot read {path} in the lake {self.uri}: {cause}") from cause
