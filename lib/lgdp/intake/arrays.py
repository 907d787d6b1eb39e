"""Arrow arrays from Python and NumPy values. `pa.array` would import pandas to look at them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

EXTRA = pa.map_(pa.string(), pa.string())


def strings(values: Sequence[object]) -> pa.Array:
    """Strings and nulls as an Arrow array of strings."""
    present = np.fromiter((value is not None for value in values), np.bool_, len(values))
    encoded = [b"" if value is None else str(value).encode("utf-8", "replace") for value in values]
    return pa.StringArray.from_buffers(
        len(values),
        pa.py_buffer(_offsets(np.fromiter(map(len, encoded), np.int64, len(encoded)))),
        pa.py_buffer(b"".join(encoded)),
        pa.py_buffer(np.packbits(present, bitorder="little")),
    )


def constant(value: str, length: int) -> pa.Array:
    """One string, so many times."""
    return pa.DictionaryArray.from_arrays(
        integers(np.zeros(length, np.int64)), strings([value])
    ).dictionary_decode()


def integers(values: npt.NDArray[np.int64]) -> pa.Array:
    """Integers as an Arrow array over the same memory."""
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(values)])


def extras(rows: Sequence[Sequence[tuple[str, str]] | None]) -> pa.Array:
    """Pairs of each row as an Arrow array of maps; null for a row without any."""
    pairs = [pair for row in rows for pair in row or ()]
    lengths = np.fromiter((len(row or ()) for row in rows), np.int64, len(rows))
    return maps(lengths, strings([key for key, _ in pairs]), strings([value for _, value in pairs]))


def maps(lengths: npt.NDArray[np.int64], keys: pa.Array, values: pa.Array) -> pa.Array:
    """Maps from their lengths, and keys and values in one run; null where the length is 0."""
    entries = pa.StructArray.from_arrays(
        [keys, values], fields=[pa.field("key", pa.string(), False), pa.field("value", pa.string())]
    )
    return pa.Array.from_buffers(
        EXTRA,
        len(lengths),
        [
            pa.py_buffer(np.packbits(lengths > 0, bitorder="little")),
            pa.py_buffer(_offsets(lengths)),
        ],
        children=[entries],
    )


def _offsets(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    offsets = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return offsets
