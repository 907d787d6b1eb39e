"""The reference pages say what the code says: columns, expectations, codes, events, settings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pyarrow as pa
import pytest
import yaml

from lgdp.audit.expectation import QUERY as QUERY_TYPE
from lgdp.contracts.expectation_form import FORMS
from lgdp.lake import schemas
from lgdp.ledger.event import EventKind
from lgdp.ledger.state import State
from tests.unit.docs.documents import PROJECT, text_of

DATA = text_of("docs/data.md")
TABLES = {
    "quality.failures": schemas.FAILURES_SCHEMA,
    "quality.validations": schemas.VALIDATIONS_SCHEMA,
    "control.events": schemas.EVENTS_SCHEMA,
    "control.files": schemas.FILES_SCHEMA,
    "control.runs": schemas.RUNS_SCHEMA,
    "control.releases": schemas.RELEASES_SCHEMA,
    "control.leases": schemas.LEASES_SCHEMA,
    "control.sightings": schemas.SIGHTINGS_SCHEMA,
}
LAYERS = {
    "bronze": schemas.bronze_schema([]),
    "silver": schemas.silver_schema({}),
    "quarantine": schemas.quarantine_schema([]),
}


def section(document: str, heading: str) -> str:
    found = re.search(rf"^## `?{re.escape(heading)}`?\n(.*?)(?=^## |\Z)", document, re.M | re.S)
    assert found is not None, heading
    return found[1]


def first_cells(text: str) -> list[str]:
    """The names in the first column of a section's tables."""
    cells = re.findall(r"^\| (`[^|]*`) \|", text, re.M)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize("table", TABLES)
def test_columns_of_a_table_are_listed_once_and_all(table: str) -> None:
    assert sorted(first_cells(section(DATA, table))) == sorted(TABLES[table].names)


@pytest.mark.parametrize("layer", LAYERS)
def test_columns_that_every_table_of_a_return_has(layer: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", section(DATA, "Tables of a return"), re.M)
    place = 1 + list(LAYERS).index(layer)
    listed = {name for name, rest in rows if rest.split("|")[place].strip() == "yes"}
    schema: pa.Schema = LAYERS[layer]
    assert listed == set(schema.names)


def test_supported_expectations_are_listed() -> None:
    listed = first_cells(section(text_of("docs/rules.md"), "Expectations that are supported"))
    assert [name for name in listed if name.startswith(("expect_", QUERY_TYPE))] == listed
    assert sorted(listed) == sorted(FORMS)


def capitals(room: str) -> Iterator[str]:
    """Every text in the code of a room that is written like a code."""
    for path in (PROJECT / "lib/lgdp" / room).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from re.findall(r"\A[A-Z]+(?:_[A-Z]+)*\Z", node.value)


def test_codes_of_the_platform_are_listed() -> None:
    listed = first_cells(section(text_of("docs/rules.md"), "Codes of the platform"))
    found = {*capitals("intake"), *capitals("checks")}
    assert len(listed) == len(set(listed))
    assert set(listed) - found == set()
    assert {code for code in found if "_" in code} - {*listed, "COLUMN_MAPS", "TRY_CAST"} == set()


def test_states_and_events_of_the_ledger_are_named() -> None:
    story = section(text_of("docs/architecture.md"), "A submission's story")
    words = set(re.findall(r"[a-z_]+", story))
    assert {*map(str, State), *map(str, EventKind)} - words == set()


def test_settings_are_described() -> None:
    listed = set(first_cells(section(text_of("docs/cluster.md"), "Settings")))
    settings = yaml.safe_load(text_of("conf/platform.yaml"))
    nested = ("limits", "inbox", "pull", "lease")
    keys = {key for key in settings if key not in nested}
    keys |= {f"{section}.{key}" for section in nested for key in settings[section]}
    assert listed == keys


def test_every_return_is_listed_with_the_forms_it_is_sent_in_and_has_a_page() -> None:
    rows = re.findall(
        r"^\| \[`(\w+)`\]\(returns/(\w+)\.md\) \|(.*)\|$", text_of("docs/returns.md"), re.M
    )
    assert all(name == page for name, page, _ in rows)
    listed = {name: rest.split("|")[2].split(" without")[0].lower() for name, _, rest in rows}
    described = {}
    for path in (PROJECT / "conf" / "returns").glob("*/return.yaml"):
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        described[path.parent.name] = declared["formats"]
    assert {name: text.strip().split(", ") for name, text in listed.items()} == described
    assert {path.stem for path in (PROJECT / "docs" / "returns").glob("*.md")} == set(described)
