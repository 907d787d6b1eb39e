"""Records of one delimited file: parsed by Arrow, numbered, the damaged ones set aside."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from lgdp.config import Limits
from lgdp.contracts.spec import Around
from lgdp.errors import FileRejected
from lgdp.intake.bronze import BronzeSink, row_batch
from lgdp.intake.dialect import Dialect
from lgdp.intake.encoding import TextFacts
from lgdp.intake.finding import Finding
from lgdp.intake.numbering import Numbering
from lgdp.intake.quotation import find_unclosed, swallows
from lgdp.intake.record_rows import RecordRows
from lgdp.intake.refusal import too_long
from lgdp.intake.sent_file import SentFile
from lgdp.intake.text_stream import Utf8Stream, read_lines
from lgdp.intake.totals import TotalsWatch
from lgdp.intake.wide_rows import WideRows, is_wide

BLOCK = 1 << 22
"""Bytes parsed at a time; no record may be longer."""


class RecordReader:
    """Reads one file to the sink.

    A mark of our own is read as the last record: if it does not come back, a quote was never
    closed and has swallowed the rest of the file.
    """

    def __init__(
        self,
        sent: SentFile,
        facts: TextFacts,
        dialect: Dialect,
        limits: Limits,
        sink: BronzeSink,
        block: int = BLOCK,
        around: Around = Around(),  # noqa: B008  (frozen)
    ) -> None:
        self._sent, self._facts, self._dialect = sent, facts, dialect
        self._limits, self._sink, self._block = limits, sink, block
        self._names = [f"c{index}" for index in range(len(dialect.match.headings))]
        self._rows = RecordRows(sent.name, facts, dialect.match)
        self._numbering = Numbering()
        self._invalid: list[pa.csv.InvalidRow] = []
        self._mark = f"lgdp-end-{secrets.token_hex(8)}"
        self._is_multiline = False
        self._wide = WideRows(dialect.match) if is_wide(dialect.match) else None
        self._totals = TotalsWatch(dialect.match, around)
        self._empty = 0

    def notes(self) -> Iterator[Finding]:
        """What is to be said of records that were read."""
        yield from (self._wide or self._totals).notes(self._sent.name)
        if self._empty:
            message = f"Records hold no value at all ({self._empty:,}), only delimiters."
            table = self._dialect.match.table.name
            yield Finding(self._sent.name, "BLANK_ROWS", "info", message, table)

    def run(self) -> None:
        """Read to the end; raises FileRejected when the file cannot be read as a whole."""
        ending = self._mark + self._dialect.delimiter * (len(self._names) - 1) + "\n"
        skip, ended = self._dialect.header_bytes, False
        with Utf8Stream(self._sent.path, self._facts, skip, ending.encode()) as stream:
            batches = self._batches(stream)
            before: tuple[pa.RecordBatch, pa.Array] | None = None
            while (batch := self._next(batches)) is not None:
                ended, batch = self._without_mark(batch)
                numbers = self._numbering.take(len(batch))
                # Whether a batch holds the last record is known when the next one is there.
                if before is not None:
                    self._take(*before, is_last=ended and len(batch) == 0)
                before = batch, numbers
            if before is not None:
                self._take(*before, is_last=True)
        self._emit_invalid()
        if self._is_multiline or not ended:
            self._check_quotes(ended)

    def _next(self, batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
        try:
            return next(batches, None)
        except pa.ArrowInvalid as error:
            raise self._unreadable(error) from error

    def _batches(self, stream: Utf8Stream) -> Iterator[pa.RecordBatch]:
        yield from pa.csv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pa.csv.ReadOptions(
                use_threads=False, block_size=self._block, column_names=self._names
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=self._dialect.delimiter,
                newlines_in_values=True,
                invalid_row_handler=self._keep_invalid,
            ),
            convert_options=pa.csv.ConvertOptions(
                check_utf8=False,
                column_types={name: pa.string() for name in self._names},
                null_values=[""],
                strings_can_be_null=True,
            ),
        )

    def _keep_invalid(self, row: pa.csv.InvalidRow) -> str:
        self._invalid.append(row)
        self._numbering.set_aside(row.number)
        return "skip"

    def _without_mark(self, batch: pa.RecordBatch) -> tuple[bool, pa.RecordBatch]:
        """Whether a batch ends with our mark, and the batch without it."""
        if len(batch) == 0 or batch.column(0)[-1].as_py() != self._mark:
            return False, batch
        return True, batch.slice(0, len(batch) - 1)

    def _take(self, batch: pa.RecordBatch, numbers: pa.Array, is_last: bool) -> None:
        """Look at a batch and keep it."""
        self._emit_invalid()
        if len(batch):
            for heading, column in zip(self._dialect.match.headings, batch.columns, strict=True):
                self._check_size(heading, column, numbers)
                self._check_lines(column, numbers)
            self._write(batch, numbers, is_last)

    def _write(self, batch: pa.RecordBatch, numbers: pa.Array, is_last: bool) -> None:
        """Records as they are, or what is made of them in a wide table."""
        table = self._dialect.match.table
        self._empty += _count_empty(batch)
        if self._wide is None:
            texts = [column[-1].as_py() for column in batch.columns]
            number = numbers[-1].as_py()
            is_total = is_last and number == self._numbering.last and self._totals.is_total(texts)
            if is_total and self._totals.leaves_out(number, texts):
                batch, numbers, is_total = batch.slice(0, len(batch) - 1), numbers[:-1], False
            if len(batch):
                self._sink.write(table, self._rows.good(batch, numbers, is_total))
        elif rows := self._rows.spread(self._wide, batch, numbers):
            self._sink.write(table, row_batch(table, rows))

    def _emit_invalid(self) -> None:
        rows, self._invalid = self._without_footnotes(), []
        for row in rows:
            if "\n" in row.text or "\r" in row.text:
                self._is_multiline = True
                if self._mark in row.text or self._swallows(row.text):
                    raise self._unclosed(row.number)
        if rows:
            self._sink.write(self._dialect.match.table, self._rows.invalid(rows))

    def _without_footnotes(self) -> list[pa.csv.InvalidRow]:
        """Records that do not fit the header, but for lines of text below a wide table."""
        if self._wide is None:
            return self._invalid
        for row in self._invalid:
            if row.actual_columns == 1:
                self._wide.footnote(row.number)
        return [row for row in self._invalid if row.actual_columns != 1]

    def _check_size(self, heading: str, column: pa.Array, numbers: pa.Array) -> None:
        lengths = pc.binary_length(column)
        longest = pc.max(lengths).as_py() or 0
        if longest > self._limits.field_bytes:
            number = numbers[pc.index(lengths, longest).as_py()].as_py()
            raise too_long(heading, longest, self._limits, number)

    def _check_lines(self, column: pa.Array, numbers: pa.Array) -> None:
        """Look at values of several lines, which are rare, for records they have swallowed."""
        data = column.buffers()[2]
        if data is None or not _has_line_end(memoryview(data)):
            return
        self._is_multiline = True
        # A whole record inside has a line end before and after it.
        three_lines = pc.match_substring_regex(column, "(?s)[\r\n].+[\r\n]")
        for at in pc.indices_nonzero(pc.fill_null(three_lines, False)).to_pylist():
            if self._swallows(column[at].as_py()):
                raise self._unclosed(numbers[at].as_py())

    def _swallows(self, text: str) -> bool:
        return swallows(text, self._dialect.delimiter, len(self._names))

    def _check_quotes(self, ended: bool) -> None:
        """Read the file again by the letter of RFC 4180, which costs more than parsing it did."""
        record = self._find_unclosed()
        if record is not None or not ended:
            raise self._unclosed(record or self._numbering.last)

    def _find_unclosed(self) -> int | None:
        lines = read_lines(self._sent.path, self._facts, self._dialect.header_bytes, self._block)
        return find_unclosed(lines, self._dialect.delimiter, self._block)

    def _unclosed(self, record: int) -> FileRejected:
        return FileRejected(
            "UNCLOSED_QUOTE",
            f'A value in record {record:,} opens with a quotation mark (") that is not closed, so '
            "the records after it can't be told apart. Close it, or double it if it is part of "
            "the text, and send the file again.",
            record,
        )

    def _unreadable(self, error: pa.ArrowInvalid) -> FileRejected:
        if "straddling" not in str(error):
            after = f"after record {self._numbering.last:,}"
            return FileRejected("UNREADABLE", f"The file can't be read as delimited text {after}.")
        record = self._find_unclosed()
        if record is not None:
            return self._unclosed(record)
        return FileRejected(
            "RECORD_TOO_LONG",
            f"A record after record {self._numbering.last:,} is longer than {self._block:,} bytes; "
            "no record of a return is.",
            self._numbering.last + 1,
        )


def _has_line_end(data: memoryview) -> bool:
    text = bytes(data)
    return b"\n" in text or b"\r" in text


def _count_empty(batch: pa.RecordBatch) -> int:
    """How many records have no value; most batches have a column without a blank and show it."""
    if any(column.null_count == 0 for column in batch.columns):
        return 0
    empty = batch.column(0).is_null()
    for column in batch.columns[1:]:
        empty = pc.and_(empty, column.is_null())
    return int(pc.sum(empty).as_py() or 0)
