"""The JSON Schemas are current, take every file there is, and see what is wrong in one."""
# ruff: noqa: E501  (one mistake a line)

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from lgdp.config import locate
from lgdp.contracts.schema import schemas, write_schemas
from tests.unit.contracts.small_conf import RETURN, SPEC, query, rule

CONF, EXPECTATIONS = locate().conf, locate().expectations
SCHEMAS = {name.removesuffix(".schema.json"): schema for name, schema in schemas().items()}


def wrong(kind: str, content: Any) -> list[str]:
    """Where a file's content is not as its schema says."""
    errors = Draft202012Validator(SCHEMAS[kind]).iter_errors(content)
    return sorted(".".join(map(str, error.absolute_path)) for error in errors)


def yaml_of(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_files_are_current(tmp_path: Path) -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in write_schemas(tmp_path)}
    kept = {path.name: path.read_text(encoding="utf-8") for path in (CONF / "schemas").iterdir()}
    assert written == kept, "run lgdp rules schema"


@pytest.mark.parametrize("kind", sorted(SCHEMAS))
def test_a_schema_is_one(kind: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[kind])


def test_every_return_and_spec_is_as_its_schema_says() -> None:
    found = {}
    for path in CONF.glob("returns/*/*.yaml"):
        content = yaml_of(path)
        kind = "full-spec" if "tables" in content else "diff-spec"
        found[str(path)] = wrong("return" if path.name == "return.yaml" else kind, content)
    assert len(found) > 15
    assert {path: places for path, places in found.items() if places} == {}


def test_every_suite_and_its_cases_are_as_their_schemas_say() -> None:
    found = {
        str(path): wrong("suite", json.loads(path.read_text(encoding="utf-8")))
        for path in EXPECTATIONS.glob("*/*.json")
    }
    found |= {
        str(path): wrong("cases", {str(key): value for key, value in yaml_of(path).items()})
        for path in EXPECTATIONS.glob("*/cases/*.yaml")
    }
    assert len(found) > 60
    assert {path: places for path, places in found.items() if places} == {}


def test_both_indexes_are_as_their_schemas_say() -> None:
    with (CONF / "codes" / "index.csv").open(encoding="utf-8", newline="") as stream:
        assert wrong("code-list-index", list(csv.DictReader(stream))) == []
    assert wrong("reference-index", yaml_of(CONF / "reference" / "index.yaml")) == []


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [
        ("return", RETURN.replace("unit: individual", "unit: person"), "unit"),
        ("return", RETURN + "colour: red\n", ""),
        ("return", RETURN.replace("{months: 1}", "{weeks: 1}"), "window.due"),
        ("full-spec", SPEC.replace("integer", "number"), "tables.visit.columns.MINUTES.type"),
        ("full-spec", SPEC.replace("upper: true", "uper: true", 1), "tables.child.columns.ID"),
        ("full-spec", SPEC.replace("date_formats", "formats"), "defaults"),
        ("full-spec", SPEC.replace("    key: [ID]\n", ""), "tables.child"),
        ("diff-spec", "first: 2021-22\nchanges: []\n", ""),
        (
            "diff-spec",
            "{first: 2021-22, description: d, changes: [{description: d, table: t, add: {A: {}}}]}",
            "changes.0.add.A",
        ),
        ("reference-index", "{a: {status: real}}", "a"),
        ("cases", "{LONG: 3}", "LONG"),
    ],
)  # fmt: skip
def test_a_mistake_is_seen(kind: str, text: str, place: str) -> None:
    assert place in wrong(kind, yaml.safe_load(text))


@pytest.mark.parametrize(
    ("bent", "place"),
    [
        (rule("expect_column_values_to_be_odd", column="A"), "expectations.0.type"),
        (rule("expect_column_values_to_be_null", column="A", mostly=0.9), "expectations.0.kwargs"),
        (rule("expect_column_values_to_be_in_set", column="A"), "expectations.0.kwargs"),
        (rule("expect_column_values_to_be_null", severity="fatal", column="A"), "expectations.0.severity"),
        (query("SELECT 1"), "expectations.0.kwargs.unexpected_rows_query"),
        (query("SELECT b.* FROM {batch} b", meta_colour="red"), "expectations.0.meta"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_is_seen(bent: dict[str, Any], place: str) -> None:
    assert place in wrong("suite", {"name": "x", "expectations": [bent], "meta": {}})
