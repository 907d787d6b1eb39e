"""The XML of each worksheet in a workbook, streamed."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Collection, Iterator, Mapping

from lxml import etree

from lgdp.errors import FileRejected
from lgdp.intake.refusal import damaged
from lgdp.intake.sent_file import BROKEN_ARCHIVE, SentFile
from lgdp.intake.sheet_scan import SheetScan
from lgdp.intake.sheet_signs import SheetSigns, shown

CHUNK = 1 << 20
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def scan_sheets(sent: SentFile, sheets: Mapping[str, Collection[str]]) -> dict[str, SheetSigns]:
    """Look at these sheets before they are opened; given with the errors that each may hold.

    Raises FileRejected: SHEET_TOO_LARGE, CELL_ERROR and NO_CACHED_VALUE naming cells, UNREADABLE
    when a sheet can't be unpacked or found.
    """
    signs: dict[str, SheetSigns] = {}
    try:
        with zipfile.ZipFile(sent.path) as archive:
            parts = dict(_parts(archive))
            # Programs do not agree with themselves on capitals in names of parts.
            spelled = {part.lower(): part for part in archive.namelist()}
            for name, tolerated in sheets.items():
                scan = SheetScan(tolerated)
                scan.run(_chunks(archive, spelled[parts.get(name, "").lower()]))
                scan.require_readable(name)
                signs[name] = scan.signs
    except (KeyError, *BROKEN_ARCHIVE) as error:
        raise damaged() from error
    _refuse_cells(signs)
    return signs


def _refuse_cells(signs: Mapping[str, SheetSigns]) -> None:
    errors = [f"{name}!{cell}" for name, found in signs.items() for cell in found.errors]
    if errors:
        raise FileRejected(
            "CELL_ERROR",
            f"Cells hold an error such as #REF! instead of a value: {shown(errors)}. Mend the "
            "formulas and send the file again.",
        )
    empty = [f"{name}!{cell}" for name, found in signs.items() for cell in found.empty_formulas]
    if empty:
        raise FileRejected(
            "NO_CACHED_VALUE",
            f"Cells hold a formula without its result: {shown(empty)}. Open the workbook in a "
            "spreadsheet program, save it, and send it again; or paste the values.",
        )


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
