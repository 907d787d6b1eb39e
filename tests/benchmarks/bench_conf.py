"""The benchmark's own configuration, in the project's formats, written into a folder."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import yaml
from visits import COLUMNS, RETURN, SUITE, TABLE, Column, Rule

from lgdp.config import PROJECT

RETURN_YAML: dict[str, Any] = {
    "title": "Home visits (benchmark)",
    "register_number": "BENCH",
    "body": "nobody",
    "purpose": "Measuring the platform.",
    "legal_basis": "none",
    "unit": "individual",
    "sensitivity": "public",
    "frequency": "annual",
    "window": {"due": {"months": 3}, "closes": {"months": 4}, "locked": {"months": 8}},
    "owed_by": "nobody",
    "formats": ["csv"],
    "recipients": ["nobody"],
    "policy": {"publish_up_to": "has errors", "nil": "allowed"},
    "sources": ["generated"],
}


def write_conf(folder: Path) -> Path:
    """Write `conf/` and `expectations/` into a folder; councils and settings are the project's."""
    conf, suites = folder / "conf", folder / "expectations" / RETURN
    (conf / "returns" / RETURN).mkdir(parents=True, exist_ok=True)
    (conf / "codes").mkdir(exist_ok=True)
    suites.mkdir(parents=True, exist_ok=True)
    for name in ("councils.csv", "platform.yaml"):
        shutil.copyfile(PROJECT / "conf" / name, conf / name)
    _write_codes(conf / "codes")
    _write_yaml(conf / "returns" / RETURN / "return.yaml", RETURN_YAML)
    _write_yaml(conf / "returns" / RETURN / "2020-21.yaml", _spec())
    suite = {
        "name": f"{RETURN}.{TABLE}",
        "expectations": [_rule(rule) for rule in SUITE],
        "meta": {},
    }
    (suites / f"{TABLE}.json").write_text(json.dumps(suite, indent=2), encoding="utf-8")
    return conf


def _write_yaml(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def _list_name(column: Column) -> str:
    return f"bench_{column.name}"


def _write_codes(folder: Path) -> None:
    coded = [column for column in COLUMNS if column.codes]
    for column in coded:
        rows = [["code", "label", "valid_from", "valid_to"]]
        rows += [[code, code, "", ""] for code in column.codes]
        _write_csv(folder / f"{_list_name(column)}.csv", rows)
    rows = [["list", "status", "source", "licence", "note"]]
    rows += [[_list_name(column), "illustrative", "generated", "", ""] for column in coded]
    _write_csv(folder / "index.csv", rows)


def _write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def _spec() -> dict[str, Any]:
    columns: dict[str, dict[str, Any]] = {}
    for column in COLUMNS:
        shape: dict[str, Any] = {"type": column.shape}
        if column.required:
            shape["required"] = True
        if column.codes:
            shape["codes"] = _list_name(column)
        if column.pattern:
            shape["pattern"] = column.pattern
        if column.format:
            shape["formats"] = [column.format]
        columns[column.name] = shape
    tables = {TABLE: {"title": "Home visits", "key": ["record_id"], "columns": columns}}
    return {"first": "2020-21", "description": "Generated.", "tables": tables}


def _rule(rule: Rule) -> dict[str, Any]:
    meta = {"code": rule.code, "message": rule.message, "columns": [rule.column]}
    return {"type": rule.type, "kwargs": rule.kwargs, "severity": rule.severity, "meta": meta}
