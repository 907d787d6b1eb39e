"""Records of one delimited file: parsed by Arrow, numbered, the damaged ones set aside."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from lgdp.config import Limits
from lgdp.errors import FileRejected
from lgdp.intake.bronze import EXTRA, BronzeSink, row_batch
from lgdp.intake.encoding import REPLACEMENT, TextFacts
from lgdp.intake.header import HeaderMatch
from lgdp.intake.sent_file import SentFile
from lgdp.intake.text_stream import Utf8Stream

BLOCK = 1 << 22
FEWEST_FIELDS_TO_JUDGE = 4
"""Below this many columns, a line inside a quoted value looks like a record too easily."""


class RecordReader:
    """Reads one file to the sink.

    A mark of our own is read as the last record: if it does not come back, a quote was never
    closed and has swallowed the rest of the file.
    """

    def __init__(
        self,
        sent: SentFile,
        facts: TextFacts,
        match: HeaderMatch,
        delimiter: str,
        limits: Limits,
        sink: BronzeSink,
    ) -> None:
        self._sent, self._facts, self._match = sent, facts, match
        self._delimiter, self._limits, self._sink = delimiter, limits, sink
        self._names = [f"c{index}" for index in range(len(match.headings))]
        self._invalid: list[pa.csv.InvalidRow] = []
        self._numbers: list[int] = []
        self._next = 1
        self._mark = f"lgdp-end-{secrets.token_hex(8)}"

    def run(self) -> None:
        """Read to the end; raises FileRejected when the file cannot be read as a whole."""
        ending = self._mark + self._delimiter * (len(self._names) - 1) + "\n"
        ended = False
        with Utf8Stream(self._sent.path, self._facts, ending.encode()) as stream:
            try:
                for batch in self._batches(stream):
                    ended = self._take(batch)
            except pa.ArrowInvalid as error:
                raise self._unreadable(error) from error
        self._emit_invalid()
        if not ended:
            raise self._unclosed(self._next - 1)

    def _batches(self, stream: Utf8Stream) -> Iterator[pa.RecordBatch]:
        yield from pa.csv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pa.csv.ReadOptions(
                use_threads=False,
                block_size=BLOCK,
                column_names=self._names,
                skip_rows_after_names=1,
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=self._delimiter,
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
        self._numbers.append(row.number - 1)
        return "skip"

    def _take(self, batch: pa.RecordBatch) -> bool:
        """Number and keep a batch; whether it ended with our mark."""
        ended = len(batch) > 0 and batch.column(0)[-1].as_py() == self._mark
        if ended:
            batch = batch.slice(0, len(batch) - 1)
        numbers = self._number(len(batch))
        self._emit_invalid()
        if len(batch) == 0:
            return ended
        self._check_sizes(batch, numbers)
        self._check_swallowed(batch, numbers)
        self._sink.write(self._match.table, self._as_bronze(batch, numbers))
        return ended

    def _number(self, count: int) -> np.ndarray:
        """Record numbers of the next good rows: all numbers but those of invalid records."""
        ahead = [number for number in self._numbers if number >= self._next]
        numbers = np.arange(self._next, self._next + count + len(ahead), dtype=np.int64)
        numbers = numbers[~np.isin(numbers, ahead)][:count]
        if count:
            self._next = int(numbers[-1]) + 1
        self._numbers = [number for number in ahead if number >= self._next]
        return numbers

    def _as_bronze(self, batch: pa.RecordBatch, numbers: np.ndarray) -> pa.RecordBatch:
        table, length = self._match.table, len(batch)
        by_column = dict(zip(self._match.columns, batch.columns, strict=True))
        nothing = pa.nulls(length, pa.string())
        arrays = [by_column.get(name, nothing) for name in table.column_names]
        arrays += [self._extra(batch), nothing, self._defects(batch), _integers(numbers)]
        arrays.append(pa.repeat(pa.scalar(self._sent.name), length))
        names = [*table.column_names, "_extra", "_raw", "_defect", "_row", "_file"]
        return pa.RecordBatch.from_arrays(arrays, names=names)

    def _extra(self, batch: pa.RecordBatch) -> pa.Array:
        unknown = [
            (heading, batch.column(index))
            for index, heading in enumerate(self._match.headings)
            if self._match.columns[index] is None
        ]
        if not unknown:
            return pa.nulls(len(batch), EXTRA)
        width, length = len(unknown), len(batch)
        keys = pa.array([heading for heading, _ in unknown] * length, pa.string())
        values = pa.concat_arrays([column for _, column in unknown])
        order = np.arange(width * length).reshape(width, length).T.ravel()
        offsets = pa.array(np.arange(0, width * length + 1, width, dtype=np.int32))
        return pa.MapArray.from_arrays(offsets, keys, values.take(pa.array(order)))

    def _defects(self, batch: pa.RecordBatch) -> pa.Array:
        defects = pa.nulls(len(batch), pa.string())
        looked_for = [("NUL_BYTE", "\0", self._facts.nul)]
        looked_for.append(("BAD_ENCODING", REPLACEMENT, bool(self._facts.bad_bytes)))
        for code, needle, wanted in looked_for:
            if not wanted:
                continue
            hit = pa.array(np.zeros(len(batch), dtype=bool))
            for column in batch.columns:
                hit = pc.or_(hit, pc.fill_null(pc.match_substring(column, needle), False))
            defects = pc.if_else(hit, code, defects)
        return defects

    def _emit_invalid(self) -> None:
        rows, self._invalid = self._invalid, []
        records = []
        for row in rows:
            number = row.number - 1
            if self._mark in row.text or self._swallows(row.text):
                raise self._unclosed(number)
            few = row.actual_columns < row.expected_columns
            records.append(
                {
                    "_raw": row.text,
                    "_defect": "TOO_FEW_FIELDS" if few else "TOO_MANY_FIELDS",
                    "_row": number,
                    "_file": self._sent.name,
                }
            )
            self._next = max(self._next, number + 1) if not self._numbers else self._next
        if records:
            self._sink.write(self._match.table, row_batch(self._match.table, records))

    def _check_sizes(self, batch: pa.RecordBatch, numbers: np.ndarray) -> None:
        for index, column in enumerate(batch.columns):
            longest = pc.max(pc.binary_length(column)).as_py() or 0
            if longest > self._limits.field_bytes:
                at = pc.index(pc.binary_length(column), longest).as_py()
                raise FileRejected(
                    "VALUE_TOO_LONG",
                    f"The value of {self._match.headings[index]} in record {numbers[at]:,} is "
                    f"{longest:,} bytes; at most {self._limits.field_bytes:,} are read.",
                    int(numbers[at]),
                )

    def _check_swallowed(self, batch: pa.RecordBatch, numbers: np.ndarray) -> None:
        for column in batch.columns:
            data = column.buffers()[2]
            if data is None or b"\n" not in data.to_pybytes():
                continue
            suspects = pc.indices_nonzero(pc.fill_null(pc.match_substring(column, "\n"), False))
            for at in suspects.to_pylist():
                if self._swallows(column[at].as_py()):
                    raise self._unclosed(int(numbers[at]))

    def _swallows(self, text: str) -> bool:
        """Whether a line inside the text is itself a whole record, so that a quote ran on."""
        width = len(self._names)
        if width < FEWEST_FIELDS_TO_JUDGE:
            return False
        for line in text.splitlines()[1:]:
            whole = line.count('"') % 2 == 0 and line.count(self._delimiter) >= width - 1
            if whole and len(next(csv.reader([line], delimiter=self._delimiter), [])) == width:
                return True
        return False

    def _unclosed(self, record: int) -> FileRejected:
        return FileRejected(
            "UNCLOSED_QUOTE",
            f'A value in record {record:,} opens with a quotation mark (") that is not closed, so '
            "the records after it can't be told apart. Close it, or double it if it is part of "
            "the text, and send the file again.",
            record,
        )

    def _unreadable(self, error: pa.ArrowInvalid) -> FileRejected:
        if "straddling" in str(error):
            return FileRejected(
                "RECORD_TOO_LONG",
                f"A record after record {self._next - 1:,} is longer than {BLOCK:,} bytes; "
                'most likely a quotation mark (") is not closed there.',
                self._next,
            )
        return FileRejected(
            "UNREADABLE",
            f"The file can't be read as delimited text after record {self._next - 1:,}.",
        )


def _integers(numbers: np.ndarray) -> pa.Array:
    """An Arrow array over the same memory; `pa.array` would import pandas to look at its type."""
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])
