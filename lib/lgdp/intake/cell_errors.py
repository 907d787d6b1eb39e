"""Cells of a workbook that hold an error (#REF!, #DIV/0!): read as a blank, they would be lost."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator

from lxml import etree

from lgdp.errors import FileRejected
from lgdp.intake.sent_file import SentFile

CHUNK = 1 << 20
LONGEST_TAG = 512
MOST_NAMED = 5
ERROR_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*\bt="e"[^>]*>')
PLACE = re.compile(rb'\br="([A-Z]+[0-9]+)"')
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def refuse_errors(sent: SentFile, sheets: Iterable[str]) -> None:
    """Raise FileRejected CELL_ERROR, naming cells, if one of these sheets holds an error."""
    wanted = set(sheets)
    found = []
    with zipfile.ZipFile(sent.path) as archive:
        for name, part in _parts(archive):
            if name in wanted:
                found += [f"{name}!{cell}" for cell in _error_cells(archive, part)]
    if found:
        more = ", …" if len(found) > MOST_NAMED else ""
        raise FileRejected(
            "CELL_ERROR",
            f"Cells hold an error such as #REF! instead of a value: "
            f"{', '.join(found[:MOST_NAMED])}{more}. Mend the formulas and send the file again.",
        )


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet, and where its cells are in the archive."""
    names = set(archive.namelist())
    targets = {
        item.get("Id"): posixpath.normpath(posixpath.join("xl", item.get("Target") or "")).lstrip(
            "/"
        )
        for item in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    for sheet in _elements(archive, "xl/workbook.xml", "sheet"):
        part = targets.get(sheet.get(RELATION), "")
        if part in names:
            yield str(sheet.get("name")), part


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> list[etree._Element]:
    if part not in archive.namelist():
        return []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(archive.read(part), parser)
    except etree.XMLSyntaxError:
        # The reader of cells says what is wrong with it.
        return []
    return list(root.iter(f"{{*}}{name}"))


def _error_cells(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            text = tail + chunk
            end = 0
            for match in ERROR_CELL.finditer(text):
                end = match.end()
                place = PLACE.search(match[0])
                yield place[1].decode() if place else "?"
            tail = text[max(end, len(text) - LONGEST_TAG) :]
