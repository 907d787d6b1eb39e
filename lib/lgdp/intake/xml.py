"""XML returns to bronze rows, streamed a unit at a time. DTDs and entities are refused."""

from __future__ import annotations

from lxml import etree

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.table import TableSpec
from lgdp.errors import FileRejected
from lgdp.intake.bronze import BronzeSink, row_batch
from lgdp.intake.finding import FileRead
from lgdp.intake.sent_file import SentFile
from lgdp.intake.xml_unit import Row, UnitShape, local_name

ROWS_AT_ONCE = 20_000


class _Collector:
    """Numbers rows within their table and hands them to the sink in batches."""

    def __init__(self, file: str, sink: BronzeSink) -> None:
        self._file, self._sink = file, sink
        self._rows: dict[str, list[Row]] = {}
        self._tables: dict[str, TableSpec] = {}
        self._count: dict[str, int] = {}

    def add(self, table: TableSpec, row: Row) -> None:
        self._tables[table.name] = table
        self._count[table.name] = self._count.get(table.name, 0) + 1
        row["_row"], row["_file"] = self._count[table.name], self._file
        rows = self._rows.setdefault(table.name, [])
        rows.append(row)
        if len(rows) >= ROWS_AT_ONCE:
            self.flush(table.name)

    def flush(self, only: str | None = None) -> None:
        for name in [only] if only else list(self._rows):
            rows = self._rows.pop(name, [])
            if rows:
                self._sink.write(self._tables[name], row_batch(self._tables[name], rows))


def read_xml(sent: SentFile, ruleset: Ruleset, limits: Limits, sink: BronzeSink) -> FileRead:
    """Write the rows of an XML file to the sink.

    Raises FileRejected: NOT_EXPECTED_XML, DTD_FORBIDDEN, WRONG_ROOT, TOO_DEEP, NOT_WELL_FORMED
    (with line and column).
    """
    form = ruleset.spec.xml
    if form is None:
        raise FileRejected("NOT_EXPECTED_XML", f"{ruleset.return_name} is not sent as XML.")
    shapes = {unit: UnitShape(ruleset.spec, unit) for unit in form.units}
    collector = _Collector(sent.name, sink)
    counters: dict[str, int] = {}
    events = etree.iterparse(
        str(sent.path),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    path: list[str] = []
    try:
        for event, element in events:
            if event == "start":
                _enter(element, path, form.root, limits)
                continue
            unit = "/".join(path[1:])
            path.pop()
            if unit in shapes:
                for table, row in shapes[unit].rows(element, counters):
                    collector.add(table, row)
                _forget(element)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        reason = (error.msg or "").split(", line")[0]
        raise FileRejected(
            "NOT_WELL_FORMED",
            f"The file is not well-formed XML at line {line}, column {column}: {reason}.",
        ) from error
    collector.flush()
    return FileRead(encoding=events.root.getroottree().docinfo.encoding)


def _enter(element: etree._Element, path: list[str], root: str, limits: Limits) -> None:
    name = local_name(element)
    path.append(name)
    if len(path) > limits.xml_depth:
        raise FileRejected("TOO_DEEP", f"Elements are nested deeper than {limits.xml_depth}.")
    if len(path) > 1:
        return
    document = element.getroottree().docinfo
    if document.doctype:  # type: ignore[attr-defined]
        raise FileRejected(
            "DTD_FORBIDDEN",
            "The file declares a document type (DOCTYPE), which is never read. Remove it.",
        )
    if name != root:
        raise FileRejected("WRONG_ROOT", f"The root element is {name}; expected {root}.")


def _forget(element: etree._Element) -> None:
    """Free a unit that has been read, and what came before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
