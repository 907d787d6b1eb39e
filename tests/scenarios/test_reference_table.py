"""A rule looks up a reference table: in the kernel, in the audit, and under the edition of then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.small_return import FIFE, GLASGOW, Delivery, write_conf
from tests.whole_job import Job

pytestmark = pytest.mark.slow

INDEX = """\
known:
  {status: generated, version: "1", source: t, licence: none, key: [scn], columns: {scn: string}}
"""
RULE = {
    "type": "unexpected_rows_expectation",
    "kwargs": {
        "unexpected_rows_query": "SELECT b.* FROM {batch} b "
        "LEFT JOIN reference_known k ON k.scn = b.scn WHERE k.scn IS NULL"
    },
    "severity": "warning",
    "meta": {"code": "KNOWN", "message": "{value} is not known.", "columns": ["scn"]},
}


def add_reference(conf: Path, *numbers: str) -> None:
    folder = conf / "conf" / "reference"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "index.yaml").write_text(INDEX, encoding="utf-8")
    (folder / "known.csv").write_text("\n".join(["scn", *numbers, ""]), encoding="utf-8")


def test_both_engines_read_the_edition_of_the_ruleset(tmp_path: Path, spark: SparkSession) -> None:
    conf = write_conf(tmp_path)
    path = tmp_path / "expectations" / "looked_after" / "child.json"
    suite = json.loads(path.read_text(encoding="utf-8"))
    suite["expectations"].append(RULE)
    path.write_text(json.dumps(suite), encoding="utf-8")
    add_reference(tmp_path, "123456789", "987654321")
    lake, inbox = str(tmp_path / "lake"), tmp_path / "inbox"
    Delivery(FIFE, children=[("A1", "123456789"), ("A2", "555555555")]).write(inbox)
    job = Job(conf, lake, spark, tmp_path / "docs")

    assert len(job.publish(inbox).audit.published) == 1

    add_reference(tmp_path, "987654321")
    Delivery(GLASGOW, children=[("B1", "123456789"), ("B2", "987654321")]).write(inbox)
    assert len(Job(conf, lake, spark, tmp_path / "docs").publish(inbox).audit.published) == 1

    found = job.ask("SELECT value FROM quality.failures WHERE code = 'KNOWN' ORDER BY value")
    assert [row["value"] for row in found] == ["123456789", "555555555"]
    audited = job.ask("SELECT audit_count, agree FROM quality.validations WHERE code = 'KNOWN'")
    assert audited == [{"audit_count": 1, "agree": True}] * 2
    assert len(job.platform.door.list("reference/known")) == 2
    assert len({row["_ruleset"] for row in job.ask("FROM silver.looked_after.child")}) == 2
