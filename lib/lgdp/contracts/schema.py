"""JSON Schemas of the configuration's files, made from the models that read them.

Editors complete and check by them. They say what a file may hold; what fits together is said when
the configuration is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lgdp.contracts.codelist import INDEX_HEADER, STATUSES
from lgdp.contracts.column import DECIMAL, SIMPLE_TYPES, Column
from lgdp.contracts.expectation_form import FORMS, Form
from lgdp.contracts.reference import ReferenceEntry
from lgdp.contracts.spec import Identity, XmlForm
from lgdp.contracts.spec_file import DiffSpec, FullSpec
from lgdp.contracts.spec_shape import DEFAULTS
from lgdp.contracts.statutory_return import StatutoryReturn
from lgdp.contracts.strict import Strict
from lgdp.contracts.suite import Suite
from lgdp.contracts.table import TableSpec

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
DEFS = "$defs"
ARGUMENTS: dict[str, Schema] = {
    "column": {"type": "string"},
    "column_A": {"type": "string"},
    "column_B": {"type": "string"},
    "column_list": {
        "type": "array",
        "items": {"type": "string"},
        "contains": {"const": "_submission"},
    },
    "value_set": {"type": "array", "minItems": 1},
    "regex": {"type": "string"},
    "min_value": {"type": ["number", "string", "null"]},
    "max_value": {"type": ["number", "string", "null"]},
    "strict_min": {"type": "boolean"},
    "strict_max": {"type": "boolean"},
    "or_equal": {"type": "boolean"},
    "value": {"type": "integer"},
    "ignore_row_if": {"enum": ["either_value_is_missing", "any_value_is_missing"]},
    "unexpected_rows_query": {"type": "string", "pattern": r"\{batch\}"},
}
"""What an argument of an expectation is."""


def schemas() -> dict[str, Schema]:
    """Every schema by the name of its file."""
    made = {
        "return": _of(StatutoryReturn, "return.yaml of a return"),
        "full-spec": _full_spec(),
        "diff-spec": _diff_spec(),
        "spec": _spec(),
        "suite": _suite(),
        "code-list-index": _code_list_index(),
        "reference-index": _reference_index(),
        "cases": _cases(),
    }
    return {f"{name}.schema.json": {"$schema": DIALECT, **schema} for name, schema in made.items()}


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into a folder; the paths, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in sorted(schemas().items()):
        path = folder / name
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def _of(model: type[Strict], title: str) -> Schema:
    return {**model.model_json_schema(), "title": title}


def _with(schema: Schema, *models: type[Strict]) -> Schema:
    """A schema with the definitions of models that it refers to."""
    defs = dict(schema.get(DEFS, {}))
    for model in models:
        made = model.model_json_schema()
        defs |= made.pop(DEFS, {})
        defs[model.__name__] = made
    return {**schema, DEFS: {**defs, "column": _column(), "table": _table()}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/{DEFS}/{name}"}


def _named(schema: Schema, name: str) -> Schema:
    """A schema without the key that a YAML file has as the name of the mapping."""
    properties = {key: part for key, part in schema["properties"].items() if key != name}
    required = [key for key in schema.get("required", ()) if key != name]
    return {**schema, "properties": properties, "required": required}


def _column() -> Schema:
    made = _named(Column.model_json_schema(), "name")
    made.pop(DEFS, None)
    kinds = [{"enum": list(SIMPLE_TYPES)}, {"pattern": f"^{DECIMAL.pattern}$"}]
    made["properties"]["type"] = {"type": "string", "anyOf": kinds}
    return made


def _table() -> Schema:
    made = _named(TableSpec.model_json_schema(), "name")
    made.pop(DEFS, None)
    made["properties"]["columns"] = _map("column", least=1)
    return made


def _map(of: str, least: int = 0) -> Schema:
    return {"type": "object", "minProperties": least, "additionalProperties": _ref(of)}


def _spec() -> Schema:
    """For an editor, which can't tell from its name of which kind a spec file is."""
    return {
        "title": "a spec of a return: whole, or a diff",
        "if": {"required": ["tables"]},
        "then": {"$ref": "full-spec.schema.json"},
        "else": {"$ref": "diff-spec.schema.json"},
    }


def _full_spec() -> Schema:
    made = _with(_of(FullSpec, "the spec of a return's first year"), TableSpec, Identity, XmlForm)
    properties = dict(made["properties"])
    properties["tables"] = _map("table", least=1)
    properties["xml"] = _ref("XmlForm")
    properties["identity"] = {"type": "array", "items": _ref("Identity")}
    properties["parameters"] = _parameters()
    properties["defaults"] = {
        "type": "object",
        "properties": {key: {"type": "array", "items": {"type": "string"}} for key in DEFAULTS},
        "additionalProperties": False,
    }
    return {**made, "properties": properties}


def _diff_spec() -> Schema:
    made = _with(_of(DiffSpec, "what a later year changes"), TableSpec)
    changes = {**made[DEFS]["Change"]["properties"]}
    changes["add"] = _map("column", least=1)
    # What is modified is a part of a column; what it makes is seen when it is applied.
    part = {key: value for key, value in _column().items() if key != "required"}
    changes["modify"] = {"type": "object", "minProperties": 1, "additionalProperties": part}
    changes["add_table"] = _ref("table")
    defs = {**made[DEFS], "Change": {**made[DEFS]["Change"], "properties": changes}}
    properties = {**made["properties"], "parameters": _parameters()}
    return {**made, DEFS: defs, "properties": properties}


def _parameters() -> Schema:
    return {
        "type": "object",
        "additionalProperties": {"type": ["string", "number", "boolean"]},
    }


def _suite() -> Schema:
    made = _of(Suite, "the rules of one table, as Great Expectations serialises them")
    rule = made[DEFS]["Rule"]
    rule["properties"]["type"] = {"enum": sorted(FORMS)}
    rule["allOf"] = list(_arguments())
    return made


def _arguments() -> Iterator[Schema]:
    for kind, form in sorted(FORMS.items()):
        yield {
            "if": {"properties": {"type": {"const": kind}}},
            "then": {"properties": {"kwargs": _kwargs(form)}},
        }


def _kwargs(form: Form) -> Schema:
    names = sorted(form.needed | form.allowed)
    return {
        "type": "object",
        "properties": {name: ARGUMENTS[name] for name in names},
        "required": sorted(form.needed),
        "additionalProperties": False,
    }


def _code_list_index() -> Schema:
    texts: dict[str, Schema] = {name: {"type": "string"} for name in INDEX_HEADER}
    row = {
        "type": "object",
        "properties": {**texts, "status": {"enum": list(STATUSES)}},
        "required": INDEX_HEADER,
        "additionalProperties": False,
    }
    return {"title": "rows of conf/codes/index.csv", "type": "array", "items": row}


def _reference_index() -> Schema:
    entry = ReferenceEntry.model_json_schema()
    return {
        "title": "conf/reference/index.yaml",
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"},
        "additionalProperties": entry,
    }


def _cases() -> Schema:
    case = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}
    return {
        "title": "cases of the rules of one table",
        "type": "object",
        "additionalProperties": {"anyOf": [case, {"type": "array", "minItems": 1, "items": case}]},
    }
