"""How large an archive is when it is unpacked: measured, because what it says of itself may lie."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import BinaryIO

from lgdp.config import Limits
from lgdp.intake.container import BROKEN_ARCHIVE
from lgdp.intake.refusal import damaged, too_large
from lgdp.intake.sent_file import SentFile

CHUNK = 1 << 20
LOCAL_HEADER = 30
"""Bytes before name and extra field of an entry, whose lengths are the last four of them."""


def check_unpacked(sent: SentFile, limits: Limits, what: str = "workbook") -> None:
    """Raise FileRejected ARCHIVE_TOO_LARGE for more bytes, or times its size, than are read.

    UNREADABLE when an entry can't be unpacked.
    """
    most = min(limits.sheet_bytes, limits.compression_ratio * sent.size)
    unpacked = 0
    try:
        with zipfile.ZipFile(sent.path) as archive, sent.path.open("rb") as stream:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked <= most:
                unpacked = 0
                for entry in entries:
                    unpacked += _size(stream, entry, most - unpacked)
    except BROKEN_ARCHIVE as error:
        raise damaged(what) from error
    if unpacked > most:
        raise too_large(what, most, sent.size)


def _size(stream: BinaryIO, entry: zipfile.ZipInfo, most: int) -> int:
    """Bytes that an entry unpacks to; stops a little above `most`."""
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return entry.compress_size
    stream.seek(entry.header_offset)
    name, extra = struct.unpack("<HH", stream.read(LOCAL_HEADER)[-4:])
    stream.seek(name + extra, 1)
    inflate, left, size = zlib.decompressobj(-zlib.MAX_WBITS), entry.compress_size, 0
    while left > 0 and size <= most and not inflate.eof:
        packed = stream.read(min(CHUNK, left))
        if not packed:
            break
        left -= len(packed)
        while packed and size <= most:
            size += len(inflate.decompress(packed, CHUNK))
            packed = inflate.unconsumed_tail
    return size
