"""The door to a lake in a local (or mounted) folder."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.fs as pafs

from lgdp.errors import LakeError
from lgdp.lake.door import Door, Staged

# What link() answers on filesystems that have no hard links.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS}


class LocalDoor(Door):
    """Files appear by a hard link from a hidden temporary name, which never overwrites."""

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().resolve()
        super().__init__(str(self.root), str(self.root), pafs.LocalFileSystem())

    def local_copy(self, path: str, scratch: Path) -> Path:
        """The file itself; LakeError when there is none."""
        self.size(path)
        return self.root / path

    @contextmanager
    def staging(self, path: str, scratch: Path | None = None) -> Iterator[Staged]:
        """See `Door.staging`; the place is a hidden name beside the destination."""
        destination = Path(self._full(path))
        temporary = destination.with_name(f".part-{uuid.uuid4().hex}")
        try:
            destination.parent.mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise LakeError(f"cannot write {path} in the lake {self.uri}: {cause}") from cause
        staged = Staged(temporary)
        try:
            yield staged
            if not temporary.is_file():
                raise LakeError(f"nothing was written for {path} in the lake {self.uri}")
            staged.fresh = self._publish(temporary, destination)
            staged.size = destination.stat().st_size
        finally:
            temporary.unlink(missing_ok=True)

    def put(self, source: Path, path: str, sure: Callable[[], None] | None = None) -> int:
        """See `Door.put`; the source is copied, never linked: its owner may write to it later."""
        destination = Path(self._full(path))
        if destination.is_file():
            return destination.stat().st_size
        try:
            with self.staging(path) as staged:
                shutil.copyfile(source, staged.local)
                if sure is not None:
                    sure()
        except OSError as cause:
            raise LakeError(f"cannot write {path} in the lake {self.uri}: {cause}") from cause
        return staged.size

    def move(self, source: Path, path: str) -> int:
        """See `Door.move`; on the same disk the file only gets another name."""
        destination = Path(self._full(path))
        try:
            destination.parent.mkdir(parents=True, exist_ok=True)
            os.link(source, destination)
            size = destination.stat().st_size
        except OSError as cause:
            if cause.errno not in (errno.EEXIST, errno.EXDEV, *_NO_LINKS):
                raise LakeError(f"cannot write {path} in the lake {self.uri}: {cause}") from cause
            size = self.put(source, path)
        source.unlink()
        return size

    def put_bytes(self, data: bytes, path: str) -> int:
        """See `Door.put_bytes`."""
        with self.staging(path) as staged:
            staged.local.write_bytes(data)
        return staged.size

    def delete(self, path: str) -> None:
        """See `Door.delete`."""
        Path(self._full(path)).unlink(missing_ok=True)

    def table_uri(self, path: str) -> str:
        """See `Door.table_uri`."""
        return Path(self._full(path)).as_uri()

    def spark_uri(self, path: str) -> str:
        """See `Door.spark_uri`; Hadoop takes names as they are, not as in a URL."""
        return f"file://{self._full(path)}"

    def storage_options(self) -> dict[str, str]:
        """Nothing is needed."""
        return {}

    @staticmethod
    def _publish(temporary: Path, destination: Path) -> bool:
        """Give the file its name unless that is taken; whether it was ours that got it."""
        try:
            os.link(temporary, destination)
        except FileExistsError:
            return False
        except OSError as cause:
            if cause.errno not in _NO_LINKS:
                raise
            # Two writers may both pass here; names are derived from content, so either will do.
            if destination.exists():
                return False
            temporary.rename(destination)
        return True
