"""The XML of each worksheet in a workbook, streamed."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Collection, Iterator, Mapping

from lxml import etree

from lgdp.intake.container import BROKEN_ARCHIVE
from lgdp.intake.refusal import damaged
from lgdp.intake.sent_file import SentFile
from lgdp.intake.sheet_scan import SheetScan, require_small
from lgdp.intake.sheet_signs import SheetSigns
from lgdp.intake.sheet_texts import require_little_text, text_sizes

CHUNK = 1 << 20
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def scan_sheets(sent: SentFile, sheets: Mapping[str, Collection[str]]) -> dict[str, SheetSigns]:
    """Look at these sheets before they are opened; given with the errors that each may hold.

    Raises FileRejected: SHEET_TOO_LARGE, and UNREADABLE when a sheet can't be unpacked or found.
    """
    signs: dict[str, SheetSigns] = {}
    try:
        with zipfile.ZipFile(sent.path) as archive:
            parts = dict(_parts(archive))
            # Programs do not agree with themselves on capitals in names of parts.
            spelled = {part.lower(): part for part in archive.namelist()}
            sizes = text_sizes(archive, spelled.get("xl/sharedstrings.xml"))
            for name, tolerated in sheets.items():
                part = spelled[parts.get(name, "").lower()]
                scan = SheetScan(tolerated)
                scan.run(_chunks(archive, part))
                require_small(name, scan.rows, scan.columns)
                cells = scan.rows * scan.columns
                require_little_text(name, cells, sizes, _chunks(archive, part))
                signs[name] = scan.signs
    except (KeyError, etree.XMLSyntaxError, *BROKEN_ARCHIVE) as error:
        raise damaged() from error
    return signs


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet, and where its cells are in the archive."""
    targets: dict[str | None, str] = {}
    for item in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship"):
        target = posixpath.normpath(posixpath.join("/xl", item.get("Target") or ""))
        targets[item.get("Id")] = target.lstrip("/")
    for sheet in _elements(archive, "xl/workbook.xml", "sheet"):
        yield str(sheet.get("name")), targets.get(sheet.get(RELATION), "")


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> list[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(archive.read(part), parser)
    except etree.XMLSyntaxError as error:
        raise damaged() from error
    return list(root.iter(f"{{*}}{name}"))


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk
