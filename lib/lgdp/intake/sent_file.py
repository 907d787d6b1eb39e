"""A file as it was sent, and what its bytes say it is."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from lgdp.intake.container import kind_of_ole, kind_of_zip

CHUNK = 1 << 17
MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x1f\x8b", "gzip"),
    (b"%PDF", "pdf"),
    (b"PAR1", "parquet"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"{\\rtf", "rtf"),
)
A_FEW = 4
"""Control characters that a text may hold by accident, be it ever so short."""
BLANK = b" \t\r\n\x1a\x00"
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
JSON_START = re.compile(r"[\[{]\s*(?:[\[\]{}\"]|-?[0-9]|true|false|null|$)")
"""How JSON begins, and `[Heading],[Heading]` does not."""
JSON_NAMES = (".json", ".jsonl", ".ndjson", ".geojson")
TAR_AT = 257
TEXTS = (".csv", ".txt", ".tsv", ".psv", ".dat", ".fwf", ".xml", *JSON_NAMES)
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
PACKED_NAMES = (".zip", ".gz", ".gzip", ".tgz")
ARCHIVES = (*PACKED_NAMES, ".bz2", ".xz", ".7z", ".rar", ".tar", ".parquet")
KINDS_OF_NAMES = {
    ".csv": ("csv",),
    ".tsv": ("csv",),
    ".psv": ("csv",),
    ".xml": ("xml",),
    ".xlsx": ("xlsx",),
    ".xlsm": ("xlsx", "macros"),
    ".xls": ("xls",),
    ".ods": ("ods",),
    **dict.fromkeys(JSON_NAMES, ("json",)),
}
"""What a file is by the end of its name, where that says it."""
DATA_SUFFIXES = (*TEXTS, *WORKBOOKS, *ARCHIVES)


class Stamp(NamedTuple):
    """What changes when a file is written to; times are nanoseconds since 1970."""

    size: int
    modified: int
    changed: int
    inode: int

    @staticmethod
    def of(path: Path) -> Stamp:
        """The stamp of a file now; FileNotFoundError when it is gone."""
        found = path.stat()
        return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


@dataclass(frozen=True)
class SentFile:
    """One file of a delivery: its name as sent, and where its bytes can be read here and now.

    `stamp` is what it had before it was read, where somebody else may still write to it.
    """

    name: str
    path: Path
    digest: str
    size: int
    media_type: str
    stamp: Stamp | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether the bytes are still those that were read."""
        try:
            return self.stamp is None or Stamp.of(self.path) == self.stamp
        except FileNotFoundError:
            return False


def media_type_of(path: Path, name: str = "") -> str:
    """What the bytes say a file is; its name decides only between kinds of text.

    One of csv (any delimited or fixed text), json, xml, xlsx, xls, ods, macros (a workbook with),
    encrypted (a workbook), xlsb, office (a text document or presentation), ole (an old one), zip,
    gzip, tar, pdf, parquet, image, rtf, binary and empty.
    """
    head = _head(path)
    if not head:
        return "empty"
    for magic, kind in MAGIC:
        if head.startswith(magic):
            look_inside = {"zip": kind_of_zip, "ole": kind_of_ole}.get(kind)
            return look_inside(path) if look_inside else kind
    if head[TAR_AT : TAR_AT + 5] == b"ustar":
        return "tar"
    return _kind_of_text(head, name)


def _kind_of_text(head: bytes, name: str) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    else:
        start = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    start = start.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return "xml"
    control = sum(character < " " and character not in "\t\r\n\x00\x1a" for character in start)
    if control > A_FEW + len(start) // 50:
        return "binary"
    is_json = JSON_START.match(start) or Path(name).suffix.lower() in JSON_NAMES
    return "json" if is_json else "csv"


def _head(path: Path) -> bytes:
    """The first 4,096 bytes and, if they are blank, those from the first that is not."""
    with path.open("rb") as stream:
        head = stream.read(4096)
        mark = next((mark for mark in MARKS if head.startswith(mark)), b"")
        if head.removeprefix(mark).strip(BLANK):
            return head
        while chunk := stream.read(CHUNK):
            rest = chunk.lstrip(BLANK)
            if rest:
                return mark + rest[:4096]
    return b""


def digest_of(path: Path) -> str:
    """SHA-256 of the bytes, 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def look_at(path: Path, name: str | None = None) -> SentFile:
    """Digest, size and kind of a file on disk."""
    stamp = Stamp.of(path)
    return SentFile(
        name=as_text(name or path.name),
        path=path,
        digest=digest_of(path),
        size=stamp.size,
        media_type=media_type_of(path, name or path.name),
        stamp=stamp,
    )


def as_text(name: str) -> str:
    """A name as text: bytes that are not UTF-8 come from the file system as lone surrogates."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def is_data_name(name: str) -> bool:
    """Whether a name promises data; others (a licence, a note) are left aside unless they are."""
    return Path(name).suffix.lower() in DATA_SUFFIXES


def is_misnamed(sent: SentFile) -> bool:
    """Whether a file's name says that it is something else than its bytes do."""
    kinds = KINDS_OF_NAMES.get(Path(sent.name).suffix.lower())
    return kinds is not None and sent.media_type not in kinds
