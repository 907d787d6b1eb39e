"""What a Delta table of the lowest protocol can hold, and how two schemas differ."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
from deltalake import Field, Schema
from deltalake.exceptions import DeltaError

from lgdp.errors import LakeError
from lgdp.lake.data_file import BOUNDED

# Without column mapping (which is read silently as null by some engines) Spark refuses these.
_FORBIDDEN = re.compile(r"[ ,;{}()\n\t=]")
# These types need a table feature, and with it a reader that knows it.
_BEYOND = ("timestamp_ntz", "timestamp_nanos", "void", "variant")


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
        try:
            field = Field.from_arrow(column)
        except DeltaError:
            wrong.append(f"{column.name} ({column.type} is not a Delta type)")
            continue
        if any(f'"{word}"' in field.type.to_json() for word in _BEYOND):
            wrong.append(f"{column.name} ({column.type} needs a newer Delta protocol)")
        fields.append(field)
    if wrong:
        raise LakeError(f"table {name} cannot hold these columns: {', '.join(wrong)}")
    return Schema(fields)


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
