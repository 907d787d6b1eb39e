"""What is in the two containers that workbooks come in: ZIP, and the older OLE documents."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path

BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,  # a version, a compression or an encryption that is not known
)
"""What Python raises for archives that are damaged in one way or another."""
CHUNK = 1 << 22
LONGEST_NAME = 64
OLE_NAMES = (
    ("EncryptedPackage", "encrypted"),
    ("_VBA_PROJECT", "macros"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)
"""Parts of an OLE document that say what it is, the more telling first; names are UTF-16."""
PASSWORD = re.compile(
    rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL
)
"""The first record of an XLS workbook, and after it the one that says that it is encrypted."""


def kind_of_zip(path: Path) -> str:
    """xlsx, macros, xlsb, ods, encrypted (an ODS with a password), office, or zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                return _kind_of_open_document(archive)
    except BROKEN_ARCHIVE:
        return "zip"
    if "[Content_Types].xml" not in names:
        return "zip"
    if not any(name.startswith("xl/") for name in names):
        return "office"
    if "xl/vbaProject.bin" in names:
        return "macros"
    return "xlsb" if "xl/workbook.bin" in names else "xlsx"


def _kind_of_open_document(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as stream:
        kind = stream.read(256)
    if not kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "office" if kind.startswith(b"application/vnd.oasis") else "zip"
    try:
        with archive.open("META-INF/manifest.xml") as stream:
            return "encrypted" if b"encryption-data" in stream.read(CHUNK) else "ods"
    except KeyError:
        return "ods"


def kind_of_ole(path: Path) -> str:
    """xls, encrypted, macros, or ole for any other document."""
    found, before = set(), b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            text = before + chunk
            for name, kind in OLE_NAMES:
                # A name in the directory is followed by the NULs that fill its place.
                if name.encode("utf-16-le") + b"\0\0" in text:
                    found.add(kind)
            if PASSWORD.search(text):
                found.add("encrypted")
            before = chunk[-2 * LONGEST_NAME :]
    return next((kind for _, kind in OLE_NAMES if kind in found), "ole")
