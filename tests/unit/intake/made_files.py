"""Files that tests make byte by byte, where no library at hand writes them: XLS, ODS, ZIP."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

SECTOR = 512
END, FAT_SECTOR, FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
Rows = Sequence[Sequence[object]]


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE document with those streams, each of at least 4,096 bytes when padded."""
    fat, body, entries = [FAT_SECTOR, END], b"", []
    for name, content in streams.items():
        padded = content.ljust(max(4096, -(-len(content) // SECTOR) * SECTOR), b"\0")
        start, count = len(fat), len(padded) // SECTOR
        fat += [*range(start + 1, start + count), END]
        entries.append(_entry(name, 2, start, len(padded)))
        body += padded
    directory = [_entry("Root Entry", 5, END, 0, child=1), *entries]
    directory += [_entry("", 0, 0, 0)] * (4 - len(directory))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", 0, *[FREE] * 108)
    fat += [FREE] * (SECTOR // 4 - len(fat))
    return header + struct.pack(f"<{len(fat)}I", *fat) + b"".join(directory) + body


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    encoded = name.encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded) + 2 if name else 0, kind, 1, FREE, FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _name(text: str, size: str) -> bytes:
    return struct.pack(f"<{size}B", len(text), 1) + text.encode("utf-16-le")


def xls(
    sheets: Mapping[str, Rows], *, first_day_1904: bool = False, password: bool = False
) -> bytes:
    """A workbook as Excel 97 writes it: texts, numbers, and dates as `("date", serial)`."""
    bodies = [_sheet(rows) for rows in sheets.values()]
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if password:
        start += _record(0x002F, struct.pack("<HHH", 1, 1, 1))
    start += _record(0x0042, struct.pack("<H", 1200))
    start += _record(0x0022, struct.pack("<H", first_day_1904))
    for format_number in (0, 14):
        start += _record(0x00E0, struct.pack("<HH16x", 0, format_number))
    names = [_name(name, "B") for name in sheets]
    size = len(start) + sum(4 + 6 + len(name) for name in names) + 4
    at = [size + sum(map(len, bodies[:index])) for index in range(len(bodies))]
    for place, name in zip(at, names, strict=True):
        start += _record(0x0085, struct.pack("<IBB", place, 0, 0) + name)
    return ole({"Workbook": start + _record(0x000A, b"") + b"".join(bodies)})


def _sheet(rows: Rows) -> bytes:
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for index, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                place = struct.pack("<HHH", index, column, 0)
                body += _record(0x0204, place + _name(cell, "H"))
            elif isinstance(cell, tuple):
                body += _record(0x0203, struct.pack("<HHHd", index, column, 1, cell[1]))
            elif cell is not None:
                body += _record(0x0203, struct.pack("<HHHd", index, column, 0, cell))
    return body + _record(0x000A, b"")


NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
KIND = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/>'
    "%s</manifest:manifest>"
)


def ods(sheets: Mapping[str, str], encryption: str = "") -> bytes:
    """An OpenDocument workbook of sheets given as the XML of their rows."""
    tables = "".join(
        f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items()
    )
    content = (
        f"<office:document-content {NAMESPACES} {CALC}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return packed(
        {"mimetype": KIND, "content.xml": content, "META-INF/manifest.xml": MANIFEST % encryption}
    )


def ods_rows(rows: Rows) -> str:
    """Rows of texts and numbers as XML, with the blank ones that LibreOffice puts below."""
    cells = "".join(
        "<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>" for row in rows
    )
    return cells + (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )


def _ods_cell(cell: object) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, str):
        return (
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
        )
    return (
        f'<table:table-cell office:value-type="float" office:value="{cell}">'
        f"<text:p>{cell}</text:p></table:table-cell>"
    )


def packed(files: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of those files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()
