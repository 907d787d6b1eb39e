"""ZIP and gzip archives, unpacked after they were measured: each file in them is read by itself."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from lgdp.config import Limits
from lgdp.errors import FileRejected
from lgdp.intake.container import BROKEN_ARCHIVE
from lgdp.intake.refusal import damaged, encrypted, too_large
from lgdp.intake.sent_file import SentFile, look_at
from lgdp.intake.unpacking import check_unpacked

ARCHIVES = ("zip", "gzip")
MOST_ENTRIES = 1000
CHUNK = 1 << 20
END, LONGEST_END = 22, 22 + (1 << 16)
"""Bytes of the record at the end, without and with the longest comment."""
REGULAR = 0o100000
KIND = 0o170000


def unpack(sent: SentFile, limits: Limits, folder: Path) -> Iterator[SentFile]:
    """The files in an archive, each put into `folder` under a name of our own.

    They are called `<archive>/<path in it>`. Raises FileRejected: ARCHIVE_TOO_LARGE,
    TOO_MANY_ENTRIES, UNSAFE_PATH, ENCRYPTED, NESTED_ARCHIVE, UNREADABLE. Everything that can be
    known from the archive's directory is, before the first file is given.
    """
    unpacked = _unzip if sent.media_type == "zip" else _gunzip
    for name, path in unpacked(sent, limits, folder):
        inside = look_at(path, f"{sent.name}/{name}")
        if inside.media_type in (*ARCHIVES, "tar"):
            raise FileRejected(
                "NESTED_ARCHIVE",
                f"The archive holds another one, {name}. Pack the files themselves into one.",
            )
        yield inside


def _unzip(sent: SentFile, limits: Limits, folder: Path) -> Iterator[tuple[str, Path]]:
    try:
        with zipfile.ZipFile(sent.path) as archive:
            _check_end(sent, archive)
            entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
            _check_entries(entries)
            check_unpacked(sent, limits, "archive")
            for number, entry in enumerate(entries):
                path = folder / f"{sent.digest[:16]}-{number}"
                with archive.open(entry) as packed:
                    _copy(packed, path, entry.file_size)
                yield entry.filename, path
    except BROKEN_ARCHIVE as error:
        raise damaged("archive", "pack it again") from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise FileRejected(
            "TOO_MANY_ENTRIES",
            f"The archive holds {len(entries):,} files; at most {MOST_ENTRIES:,} are read.",
        )
    unsafe = [entry for entry in entries if not _is_safe(entry)]
    if unsafe:
        shown = ", ".join(repr(entry.filename) for entry in unsafe[:5])
        raise FileRejected(
            "UNSAFE_PATH",
            f"The archive holds names that lead out of it, or links, for example {shown}. "
            "Pack the files anew, without folders.",
        )
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise FileRejected(
            "UNSAFE_PATH", f"The archive holds two files of one name: {', '.join(twice[:5])}."
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise encrypted("archive", "pack the files")
    _check_overlaps(entries)


def _is_safe(entry: zipfile.ZipInfo) -> bool:
    name, raw = entry.filename, entry.orig_filename
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    leads_out = posix.is_absolute() or ".." in posix.parts or ".." in windows.parts
    return bool(name) and not (
        leads_out or windows.drive or windows.root or "\0" in raw or not _is_file(entry)
    )


def _is_file(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is neither link nor device; programs that know no such thing say nothing."""
    return (entry.external_attr >> 16) & KIND in (0, REGULAR)


def _check_end(sent: SentFile, archive: zipfile.ZipFile) -> None:
    """Bytes behind the end of an archive are no part of it; what they are nobody can say."""
    with sent.path.open("rb") as stream:
        stream.seek(max(0, sent.size - LONGEST_END))
        tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if len(tail) - end != END + len(archive.comment):
        raise damaged("archive", "pack it again")


def _check_overlaps(entries: list[zipfile.ZipInfo]) -> None:
    """Entries that share their bytes are how a small archive becomes a large one."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise damaged("archive", "pack it again")
        end = entry.header_offset + entry.compress_size


def _gunzip(sent: SentFile, limits: Limits, folder: Path) -> Iterator[tuple[str, Path]]:
    most = min(limits.sheet_bytes, limits.compression_ratio * sent.size)
    path = folder / f"{sent.digest[:16]}-0"
    try:
        with gzip.open(sent.path) as packed:
            _copy(packed, path, most)  # type: ignore[arg-type]
    except BROKEN_ARCHIVE as error:
        raise damaged("archive", "pack it again") from error
    if path.stat().st_size > most:
        raise too_large("archive", most, sent.size)
    name = Path(sent.name).name
    yield name[:-3] if name.lower().endswith(".gz") else name, path


def _copy(packed: IO[bytes], path: Path, most: int) -> None:
    """Write what is unpacked; stops a little above `most` bytes."""
    size = 0
    with path.open("wb") as stream:
        while size <= most and (chunk := packed.read(CHUNK)):
            size += stream.write(chunk)
