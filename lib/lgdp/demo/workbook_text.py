"""A draft as a minimal XLSX workbook: one sheet for each table, every cell text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from lgdp.demo.draft import Draft

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Fixed, so that the same draft gives the same bytes."""


def workbook_text(draft: Draft, headings: Mapping[str, Sequence[str]]) -> bytes:
    """The bytes of the workbook; sheets are in the order of `headings`."""
    numbered = list(enumerate(headings, start=1))
    parts = {
        "[Content_Types].xml": _content_types(len(numbered)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered]
        ),
    }
    for number, table in numbered:
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(draft, table, headings[table])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return stream.getvalue()


def _content_types(sheets: int) -> str:
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
        f'ContentType="{TYPE}.worksheet+xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f"{overrides}</Types>"
    )


def _relations(targets: list[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def _sheet(draft: Draft, table: str, columns: Sequence[str]) -> str:
    rows = [list(columns)]
    rows += [[record.values[name] for name in columns] for record in draft.tables[table]]
    body = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{_letters(place)}{number}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
            for place, value in enumerate(row)
            if value
        )
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


def _letters(place: int) -> str:
    """A column's name: A to Z, as no table of the demo is wider."""
    return chr(ord("A") + place)
