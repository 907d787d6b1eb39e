"""A run that nothing disturbs, to hold others against: fixture `undisturbed`."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.small_return import FIFE, GLASGOW, ORKNEY, Delivery, write_conf
from tests.whole_job import Job


@dataclass(frozen=True)
class Undisturbed:
    """The lake when all is checked and nothing is audited, and the lake in the end."""

    checked: Job
    built: Job


def write_inbox(inbox: Path) -> None:
    """What three councils send: one without a fault, one with orphans, one with an odd number."""
    Delivery(FIFE).write(inbox)
    Delivery(GLASGOW, orphans=["B8", "B9"]).write(inbox)
    Delivery(ORKNEY, children=[("O1", "x")]).write(inbox)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, spark_jvm: SparkSession) -> Undisturbed:
    """One run of the three deliveries, for all tests of this process; none writes to its lakes."""
    folder = tmp_path_factory.mktemp("undisturbed")
    write_inbox(folder / "inbox")
    conf = write_conf(folder)
    built = Job(conf, str(folder / "built"), spark_jvm, folder / "docs")
    assert built.land_and_check(folder / "inbox").failed == {}
    shutil.copytree(folder / "built", folder / "checked")
    checked = Job(conf, str(folder / "checked"), spark_jvm, folder / "docs")
    assert built.run(folder / "inbox").failed == {}
    return Undisturbed(checked, built)
