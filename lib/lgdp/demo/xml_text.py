"""A looked-after draft as XML: records side by side below their child (illustrative, ours)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from lgdp.demo.draft import Draft, Record

BELOW = ("episode", "placement", "legal_reason")


def xml_text(draft: Draft, headings: Mapping[str, Sequence[str]]) -> bytes:
    """The whole return as one document in UTF-8; blank values have no element."""
    of_child: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for table in BELOW:
        for record in draft.tables[table]:
            of_child[record.values["child_id"]][table].append(record)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<looked_after>"]
    for child in draft.tables["child"]:
        lines.append("  <child>")
        lines.extend(_elements(child, headings["child"], "    "))
        below = of_child[child.values["child_id"]]
        for table in BELOW:
            own = [name for name in headings[table] if name != "child_id"]
            for record in below[table]:
                lines.append(f"    <{table}>")
                lines.extend(_elements(record, own, "      "))
                lines.append(f"    </{table}>")
        lines.append("  </child>")
    lines.append("</looked_after>")
    return ("\n".join(lines) + "\n").encode()


def _elements(record: Record, columns: Sequence[str], indent: str) -> Iterator[str]:
    for name in columns:
        if value := record.values[name]:
            yield f"{indent}<{name}>{escape(value)}</{name}>"
