"""A file as it was sent, and what its bytes say it is."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 22
MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x1f\x8b", "gzip"),
    (b"%PDF", "pdf"),
    (b"PAR1", "parquet"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
)
XML_STARTS = ("<?xml", "<")
DATA_SUFFIXES = (".csv", ".txt", ".tsv", ".psv", ".dat", ".xml", ".xlsx", ".xlsm", ".xls", ".zip")


@dataclass(frozen=True)
class SentFile:
    """One file of a delivery. `name` is as sent; `path` is where its bytes can be read here and now."""

    name: str
    path: Path
    digest: str
    size: int
    media_type: str


def media_type_of(path: Path) -> str:
    """What the first bytes say: csv, xml, xlsx, zip, ole, gzip, pdf, parquet, image, binary or empty."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip(b" \t\r\n\x1a\x00\xef\xbb\xbf\xff\xfe"):
        return "empty"
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return _kind_of_zip(path) if kind == "zip" else kind
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    else:
        start = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    start = start.lstrip("\ufeff \t\r\n")
    if start.startswith(XML_STARTS):
        return "xml"
    control = sum(character < " " and character not in "\t\r\n\x00\x1a" for character in start)
    return "binary" if control > len(start) // 50 else "csv"


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return "zip"
    return (
        "xlsx" if "[Content_Types].xml" in names and any("xl/" in name for name in names) else "zip"
    )


def digest_of(path: Path) -> str:
    """SHA-256 of the bytes, 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def look_at(path: Path, name: str | None = None) -> SentFile:
    """Digest, size and kind of a file on disk."""
    return SentFile(
        name=name or path.name,
        path=path,
        digest=digest_of(path),
        size=path.stat().st_size,
        media_type=media_type_of(path),
    )


def is_data_name(name: str) -> bool:
    """Whether a name promises data; other files in a delivery (a licence, a note) are left aside."""
    return Path(name).suffix.lower() in DATA_SUFFIXES
