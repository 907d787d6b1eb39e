"""XML returns to bronze rows, streamed a unit at a time. DTDs and entities are refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.spec import XmlForm
from lgdp.errors import FileRejected
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.finding import FileRead, Finding
from lgdp.intake.refusal import dtd_forbidden
from lgdp.intake.row_collector import RowCollector
from lgdp.intake.sent_file import SentFile
from lgdp.intake.xml_rest import local_name
from lgdp.intake.xml_unit import UnitShape

MOST_ELEMENTS = 1_000_000
"""Elements of one unit; a unit is read whole."""
MOST_NOTED = 20


def read_xml(sent: SentFile, ruleset: Ruleset, limits: Limits, sink: BronzeSink) -> FileRead:
    """Write the rows of an XML file to the sink; notes on what belongs to no row come back.

    Raises FileRejected: NOT_EXPECTED_XML, DTD_FORBIDDEN, WRONG_ROOT, WRONG_NAMESPACE, TOO_DEEP,
    UNIT_TOO_LARGE, VALUE_TOO_LONG, NOT_WELL_FORMED (with line and column).
    """
    form = ruleset.spec.xml
    if form is None:
        raise FileRejected("NOT_EXPECTED_XML", f"{ruleset.return_name} is not sent as XML.")
    shapes = {unit: UnitShape(ruleset.spec, unit) for unit in form.units}
    collector = RowCollector(sent.name, limits, sink)
    reading = _XmlReading(form, shapes, limits, collector)
    events = _events(sent)
    try:
        for event, element in events:
            if event == "start":
                reading.enter(element)
            else:
                reading.leave(element)
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error, events) from error
    collector.flush()
    encoding = events.root.getroottree().docinfo.encoding
    return FileRead(tuple(reading.notes(sent.name)), encoding)


def require_well_formed(sent: SentFile) -> None:
    """Raise FileRejected NOT_WELL_FORMED for a file that is no XML, whatever its elements are."""
    events = _events(sent)
    try:
        for event, element in events:
            if event == "end":
                _forget(element)
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error, events) from error


def _events(sent: SentFile) -> Any:
    return etree.iterparse(
        str(sent.path),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _not_well_formed(error: etree.XMLSyntaxError, events: Any) -> FileRejected:
    """Where and why; the parser's log knows better when it gave up without a place."""
    (line, column), reason = error.position, error.msg or ""
    if not line and len(events.error_log):
        last = events.error_log.last_error
        line, column, reason = last.line, last.column, last.message
    reason = " ".join(reason.removesuffix(f", line {line}, column {column}").split())
    return FileRejected(
        "NOT_WELL_FORMED",
        f"The file is not well-formed XML at line {line}, column {column}: {reason}.",
    )


class _XmlReading:
    """Follows the parser: where in the document it is, and which unit is being read."""

    def __init__(
        self, form: XmlForm, shapes: dict[str, UnitShape], limits: Limits, collector: RowCollector
    ) -> None:
        self._form, self._shapes = form, shapes
        self._namespace = ""
        self._limits, self._collector = limits, collector
        self._path: list[str] = []
        self._unit_depth = 0
        self._elements = 0
        self._counters: dict[str, int] = {}
        self._unread: Counter[str] = Counter()

    def enter(self, element: etree._Element) -> None:
        """An element begins."""
        self._path.append(local_name(element))
        depth = len(self._path)
        if depth > self._limits.xml_depth:
            raise FileRejected(
                "TOO_DEEP", f"Elements are nested deeper than {self._limits.xml_depth}."
            )
        if depth == 1:
            self._check_root(element)
        elif self._unit_depth:
            self._elements += 1
            if self._elements > MOST_ELEMENTS:
                raise FileRejected(
                    "UNIT_TOO_LARGE",
                    f"One {self._path[self._unit_depth - 1]} holds more than {MOST_ELEMENTS:,} "
                    "elements; most likely it is not closed where it should be.",
                )
        elif self._place in self._shapes:
            self._unit_depth, self._elements = depth, 0

    def leave(self, element: etree._Element) -> None:
        """An element is complete."""
        place, depth = self._place, len(self._path)
        self._path.pop()
        if depth == self._unit_depth:
            rows, unowned = self._shapes[place].rows(element, self._counters)
            for table, row in rows:
                self._collector.add(table, row)
            self._unread.update(f"{place}/{key}" for key in unowned)
            self._unit_depth = 0
            _forget(element)
        elif not self._unit_depth:
            if depth > 1 and len(element) == 0 and element.text and element.text.strip():
                self._unread[place] += 1
            _forget(element)

    def notes(self, file: str) -> list[Finding]:
        """What is in the document and belongs to no row, and whose names it uses."""
        return [*self._namespace_notes(file), *self._unread_notes(file)]

    def _namespace_notes(self, file: str) -> Iterator[Finding]:
        if self._namespace and self._form.namespace is None:
            message = f"The elements are in the namespace '{self._namespace}'; any is read."
            yield Finding(file, "NAMESPACE", "info", message)

    def _unread_notes(self, file: str) -> list[Finding]:
        return [
            Finding(
                file,
                "UNKNOWN_ELEMENT",
                "info",
                f"{path} is not part of the return; it was left out ({count:,} times).",
            )
            for path, count in self._unread.most_common(MOST_NOTED)
        ]

    @property
    def _place(self) -> str:
        return "/".join(self._path[1:])

    def _check_root(self, element: etree._Element) -> None:
        document = element.getroottree().docinfo
        if document.doctype:  # type: ignore[attr-defined]
            raise dtd_forbidden()
        root, line = self._form.root, element.sourceline
        if self._path[0] != root:
            raise FileRejected(
                "WRONG_ROOT",
                f"The root element, at line {line}, is {self._path[0]}; expected {root}.",
            )
        self._namespace = str(element.tag).rpartition("}")[0].removeprefix("{")
        wanted = self._form.namespace
        if wanted is not None and self._namespace != wanted:
            raise FileRejected(
                "WRONG_NAMESPACE",
                f"The root element, at line {line}, is in "
                f"{_namespace_words(self._namespace)}; expected {_namespace_words(wanted)}.",
            )


def _namespace_words(namespace: str) -> str:
    return f"the namespace '{namespace}'" if namespace else "no namespace"


def _forget(element: etree._Element) -> None:
    """Free an element that has been read, and what came before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
