"""What a Delta table of the lowest protocol can hold, and how two schemas differ."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
from deltalake import Field, Schema

from lgdp.errors import LakeError
from lgdp.lake.data_file import BOUNDED

# Without column mapping (which is read silently as null by some engines) Spark refuses these.
_FORBIDDEN = re.compile(r"[ ,;{}()\n\t=]")
# What the lowest protocol has; a timestamp without a zone, for one, needs a table feature.
_PLAIN = (
    *(pa.string(), pa.binary(), pa.bool_(), pa.date32(), pa.timestamp("us", "UTC")),
    *(pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.float32(), pa.float64()),
)


def delta_schema(name: str, schema: pa.Schema) -> Schema:
    """The Delta schema of a declared one; LakeError names every column that cannot be kept."""
    wrong: list[str] = []
    fields: list[Field] = []
    seen: dict[str, str] = {}
    for column in schema:
        if _FORBIDDEN.search(column.name):
            wrong.append(f"{column.name!r} (none of the characters ' ,;{{}}()=', tab, newline)")
        if (twin := seen.setdefault(column.name.lower(), column.name)) != column.name:
            wrong.append(f"{column.name} (differs from {twin} in case only)")
        if _is_plain(column.type):
            fields.append(Field.from_arrow(column))
        else:
            wrong.append(f"{column.name} ({column.type} is not a type that every engine reads)")
    if wrong:
        raise LakeError(f"table {name} cannot hold these columns: {', '.join(wrong)}")
    return Schema(fields)


def _is_plain(kind: pa.DataType) -> bool:
    """Whether every engine reads a type."""
    if pa.types.is_decimal128(kind):
        return True
    if pa.types.is_nested(kind):
        known = pa.types.is_list(kind) or pa.types.is_map(kind) or pa.types.is_struct(kind)
        return known and all(_is_plain(kind.field(at).type) for at in range(kind.num_fields))
    return kind in _PLAIN


def new_fields(name: str, declared: Schema, existing: Schema) -> list[Field]:
    """Declared columns that a table lacks; LakeError names every one it has otherwise."""
    held = {field.name: field for field in existing.fields}
    folded = {field.name.lower(): field.name for field in existing.fields}
    wrong: list[str] = []
    missing: list[Field] = []
    for field in declared.fields:
        if field.name in held:
            have = held[field.name].type
            if have.to_json() != field.type.to_json():
                wrong.append(f"{field.name} is {type_name(have)}, declared {type_name(field.type)}")
        elif field.name.lower() in folded:
            wrong.append(f"{folded[field.name.lower()]} is declared {field.name}")
        else:
            missing.append(Field(field.name, field.type, nullable=True))
    if wrong:
        raise LakeError(f"table {name} has other columns than declared: {'; '.join(wrong)}")
    return missing


def type_name(kind: object) -> str:
    """A Delta type in words: `string`, or the whole of a nested one.

    >>> from deltalake.schema import PrimitiveType
    >>> type_name(PrimitiveType("long"))
    'long'
    """
    text = str(kind)
    found = re.fullmatch(r'PrimitiveType\("(.+)"\)', text)
    return found.group(1) if found else text


def statistics(columns: Sequence[str]) -> dict[str, str]:
    """The table properties that keep statistics to the columns that may have them."""
    if bounded := [name for name in BOUNDED if name in columns]:
        return {"delta.dataSkippingStatsColumns": ",".join(bounded)}
    return {"delta.dataSkippingNumIndexedCols": "0"}
