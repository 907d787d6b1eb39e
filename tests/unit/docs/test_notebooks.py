"""Notebooks are thin, hold no output, and run against a lake."""

from __future__ import annotations

import ast
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from lgdp.lake.door import Door
from lgdp.lake.schemas import RELEASES, RELEASES_SCHEMA
from lgdp.lake.table import LakeTable
from tests.unit.docs.documents import PROJECT

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
ALLOWED = {"lgdp", "pyarrow", "pandas", "os"}
AT = dt.datetime(2025, 11, 20, 9, tzinfo=dt.UTC)


def read(path: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def code_of(path: Path) -> list[str]:
    cells = read(path)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_well_formed_and_holds_no_output(path: Path) -> None:
    notebook = read(path)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids)) > 0
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [(cell["outputs"], cell["execution_count"]) for cell in code] == [([], None)] * len(code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_defines_nothing_and_imports_little(path: Path) -> None:
    nodes = [node for text in code_of(path) for node in ast.walk(ast.parse(text))]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in names} <= ALLOWED
    assert not [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A lake with one release of three small gold tables."""
    door = Door.open(str(tmp_path))
    day = dt.date(2024, 9, 1)
    episode = {
        **{"council": "S12000014", "period": "2024-25", "child_id": "A1", "birth_month": day},
        **{"gender": "01", "episode_start": day, "episode_end": None, "days": None},
        **{"destination": None, "legal_reason": "01", "placement_type": "01", "placements": 1},
        "repair": None,
    }
    ended = {**episode, "child_id": "B1", "episode_end": dt.date(2024, 9, 11), "days": 10}
    columns = {"birth_month": pa.date32(), "episode_start": pa.date32(), "episode_end": pa.date32()}
    columns |= {"days": pa.int32(), "placements": pa.int32()}
    write(door, "gold/looked_after_episodes", [episode, ended], columns)
    status = {
        **{"return": "looked_after", "period": "2024-25", "council": "S12000014"},
        **{"owed": True, "state": "published", "rows": 12},
    }
    write(door, "gold/collection_status", [status], {"owed": pa.bool_(), "rows": pa.int64()})
    names = ("gold/collection_status", "gold/looked_after_episodes")
    release = {"release": "r1", "version": 0, "made_from": [], "ledger": 3, "at": AT, "actor": "a"}
    table = LakeTable(door, RELEASES)
    table.ensure(RELEASES_SCHEMA)
    rows = [{**release, "table": name} for name in names]
    table.append_rows(pa.Table.from_pylist(rows, RELEASES_SCHEMA))
    return tmp_path


def write(
    door: Door, name: str, rows: list[dict[str, Any]], columns: dict[str, pa.DataType]
) -> None:
    schema = pa.schema([(key, columns.get(key, pa.string())) for key in rows[0]])
    table = LakeTable(door, name)
    table.ensure(schema)
    table.append_rows(pa.Table.from_pylist(rows, schema))


def test_the_gold_notebook_runs(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LGDP_LAKE", str(lake))
    names: dict[str, Any] = {}
    shown = []
    for text in code_of(PROJECT / "notebooks/explore_gold.ipynb"):
        tree = ast.parse(text)
        last = tree.body[-1]
        if isinstance(last, ast.Expr):
            tree.body.pop()
            exec(compile(tree, "cell", "exec"), names)  # noqa: S102 (the project's own notebook)
            code = compile(ast.Expression(last.value), "cell", "eval")
            shown.append(eval(code, names).to_dict("records"))  # noqa: S307
        else:
            exec(compile(tree, "cell", "exec"), names)  # noqa: S102
    releases, statuses, years, lengths = shown
    assert [row["table"] for row in releases] == [
        "gold/collection_status",
        "gold/looked_after_episodes",
    ]
    assert statuses == [
        {
            **{"return": "looked_after", "period": "2024-25", "state": "published"},
            **{"councils": 1, "rows": 12},
        }
    ]
    assert years == [
        {"period": "2024-25", "episodes": 2, "children": 2, "still_open": 1, "repaired": 0}
    ]
    assert lengths == [{"placement_type": "01", "episodes": 1, "median_days": 10.0}]
