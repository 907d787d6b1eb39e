"""Bronze rows of one delimited file, from parsed batches and from records that do not parse."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from lgdp.intake.arrays import EXTRA, constant, maps, strings
from lgdp.intake.bronze import row_batch
from lgdp.intake.encoding import REPLACEMENT, TextFacts
from lgdp.intake.header import HeaderMatch
from lgdp.intake.totals import DEFECT
from lgdp.intake.wide_rows import WideRows


class RecordRows:
    """Makes batches for the sink, with columns in the contract's order, whatever the file's."""

    def __init__(self, file: str, facts: TextFacts, match: HeaderMatch) -> None:
        self._file, self._match = file, match
        looked_for = (
            ("BAD_ENCODING", REPLACEMENT, bool(facts.bad_bytes)),
            ("NUL_BYTE", "\0", facts.nul),
        )
        self._looked_for = [(code, needle) for code, needle, wanted in looked_for if wanted]

    def good(
        self, batch: pa.RecordBatch, numbers: pa.Array, total_last: bool = False
    ) -> pa.RecordBatch:
        """Records with as many fields as the header; `numbers` are theirs.

        `total_last`: the last of them is a row of totals.
        """
        table, length = self._match.table, len(batch)
        by_column = dict(zip(self._match.columns, batch.columns, strict=True))
        nothing = pa.nulls(length, pa.string())
        arrays = [by_column.get(name, nothing) for name in table.column_names]
        defects = self._defects(batch)
        if total_last:
            defects = pa.concat_arrays([defects.slice(0, length - 1), strings([DEFECT])])
        arrays += [self._extra(batch), nothing, defects, numbers]
        arrays.append(constant(self._file, length))
        names = [*table.column_names, "_extra", "_raw", "_defect", "_row", "_file"]
        return pa.RecordBatch.from_arrays(arrays, names=names)

    def spread(
        self, wide: WideRows, batch: pa.RecordBatch, numbers: pa.Array
    ) -> list[dict[str, object]]:
        """Rows of the records of a wide table; of a damaged one there is one, with its text."""
        columns = [column.to_pylist() for column in batch.columns]
        defects = self._defects(batch).to_pylist()
        rows: list[dict[str, object]] = []
        for texts, number, defect in zip(
            zip(*columns, strict=True), numbers.to_pylist(), defects, strict=True
        ):
            made: list[dict[str, object]]
            if defect:
                made = [{"_raw": ",".join(text or "" for text in texts), "_defect": defect}]
            else:
                made = wide.rows(number, texts)
            rows += ({**row, "_row": number, "_file": self._file} for row in made)
        return rows

    def invalid(self, rows: Sequence[pa.csv.InvalidRow]) -> pa.RecordBatch:
        """Records with fewer or more fields than the header, as their raw text."""
        return row_batch(
            self._match.table,
            [
                {
                    "_raw": row.text,
                    "_defect": "TOO_FEW_FIELDS"
                    if row.actual_columns < row.expected_columns
                    else "TOO_MANY_FIELDS",
                    "_row": row.number,
                    "_file": self._file,
                }
                for row in rows
            ],
        )

    def _extra(self, batch: pa.RecordBatch) -> pa.Array:
        """Values of headings that are no column, in their order; blank ones are left out."""
        unknown = [
            (heading, column)
            for heading, name, column in zip(
                self._match.headings, self._match.columns, batch.columns, strict=True
            )
            if name is None
        ]
        if not unknown:
            return pa.nulls(len(batch), EXTRA)
        width, length = len(unknown), len(batch)
        # Row by row instead of column by column: entry i of row r is r * width + i.
        order = pa.py_buffer(np.arange(width * length).reshape(width, length).T.ravel())
        take = pa.Array.from_buffers(pa.int64(), width * length, [None, order])
        values = pa.concat_arrays([column for _, column in unknown]).take(take)
        keys = strings([heading for heading, _ in unknown])
        which = pa.Array.from_buffers(
            pa.int64(), width * length, [None, pa.py_buffer(np.tile(np.arange(width), length))]
        )
        filled = values.is_valid()
        lengths = _filled_in_rows([column for _, column in unknown])
        return maps(lengths, keys.take(which).filter(filled), values.filter(filled))

    def _defects(self, batch: pa.RecordBatch) -> pa.Array:
        defects = pa.nulls(len(batch), pa.string())
        for code, needle in self._looked_for:
            hits = [
                pc.fill_null(pc.match_substring(column, needle), False) for column in batch.columns
            ]
            hit = hits[0]
            for other in hits[1:]:
                hit = pc.or_(hit, other)
            defects = pc.if_else(hit, code, defects)
        return defects


def _filled_in_rows(columns: Sequence[pa.Array]) -> npt.NDArray[np.int64]:
    """How many of the columns have a value, row by row."""
    counts = pc.cast(columns[0].is_valid(), pa.int64())
    for column in columns[1:]:
        counts = pc.add(counts, pc.cast(column.is_valid(), pa.int64()))
    # `to_numpy` would import pandas.
    return np.frombuffer(counts.buffers()[1], np.int64, len(counts))
