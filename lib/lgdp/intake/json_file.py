"""JSON to bronze rows: an array, lines, an object with a key for each table, or nested objects."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from lgdp.config import Limits
from lgdp.contracts.heading import fold
from lgdp.contracts.ruleset import Ruleset
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.delimited import text_notes
from lgdp.intake.encoding import scan_text
from lgdp.intake.finding import FileRead, Finding
from lgdp.intake.json_flat import FlatRows
from lgdp.intake.json_shape import JsonShape
from lgdp.intake.json_value import defect_of, depth_of
from lgdp.intake.json_walk import JsonWalk, not_an_object
from lgdp.intake.json_window import Decoded, JsonWindow, too_deep
from lgdp.intake.row_collector import RowCollector
from lgdp.intake.sent_file import SentFile
from lgdp.intake.text_stream import Utf8Stream

MOST_NOTED = 20


def read_json(sent: SentFile, ruleset: Ruleset, limits: Limits, sink: BronzeSink) -> FileRead:
    """Write the rows of a JSON file to the sink, a record at a time.

    Records with a doubled key, a word such as NaN or a nested value where a plain one belongs
    become rows with `_defect` set. Raises FileRejected: NOT_WELL_FORMED (with line and column),
    NOT_RECORDS, DUPLICATE_KEY, TOO_DEEP, VALUE_TOO_LONG, and what a header is refused for.
    """
    facts = scan_text(sent.path)
    collector = RowCollector(sent.name, limits, sink)
    with (
        io.BufferedReader(Utf8Stream(sent.path, facts)) as raw,
        io.TextIOWrapper(raw, encoding="utf-8", errors="replace", newline="") as text,
    ):
        reading = _JsonReading(sent.name, ruleset, limits, collector, bool(facts.bad_bytes))
        said = list(reading.run(JsonWindow(text.read)))
    collector.flush()
    return FileRead((*text_notes(sent.name, facts, None), *said), facts.encoding)


@dataclass(frozen=True)
class _JsonReading:
    """`damaged`: bytes of the file are no text, and stand as U+FFFD in what is decoded."""

    file: str
    ruleset: Ruleset
    limits: Limits
    collector: RowCollector
    damaged: bool

    def run(self, window: JsonWindow) -> Iterator[Finding]:
        """Collect the rows; what there is to say of the file comes back."""
        if any(table.json_form for table in self.ruleset.spec.tables):
            yield from self._nested(window)
        else:
            yield from self._flat(window)

    def _flat(self, window: JsonWindow) -> Iterator[Finding]:
        tables = {fold(table.name): table for table in self.ruleset.spec.tables}
        walk = JsonWalk(window, ["", *tables])
        rows: dict[str, FlatRows] = {}
        for path, record in walk.found():
            self._check_depth(record)
            if path not in rows:
                rows[path] = FlatRows(
                    self.file, self.ruleset, tables.get(path), self.collector, self.damaged
                )
            rows[path].add(record)
        for flat in rows.values():
            yield from flat.flush()
        if not rows:
            yield Finding(self.file, "NO_RECORDS", "info", "The document holds no record.")
        yield from _unread(walk, self.file)

    def _nested(self, window: JsonWindow) -> Iterator[Finding]:
        spec = self.ruleset.spec
        units = {table.json_form.unit for table in spec.tables if table.json_form}
        shapes = {unit: JsonShape(spec, unit) for unit in units}
        walk = JsonWalk(window, units)
        for path, unit in walk.found():
            self._check_depth(unit)
            if not isinstance(unit.value, dict):
                raise not_an_object(unit)
            defect, raw = defect_of(unit.value, self.damaged), unit.text
            for table, row in shapes[path].rows(unit.value):
                found = defect or row.get("_defect")
                if found:
                    # The unit's text once, with its first row that has a defect.
                    row |= {"_defect": found, "_raw": raw or None}
                    raw = ""
                self.collector.add(table, row)
        yield from _unread(walk, self.file)

    def _check_depth(self, record: Decoded) -> None:
        if depth_of(record.value) > self.limits.xml_depth:
            raise too_deep(record.line, self.limits.xml_depth)


def _unread(walk: JsonWalk, file: str) -> Iterator[Finding]:
    for path, count in walk.unread.most_common(MOST_NOTED):
        message = f"{path} is not part of the return; it was left out ({count:,} times)."
        yield Finding(file, "UNKNOWN_ELEMENT", "info", message)
