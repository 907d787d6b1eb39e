"""The tools behind `make package` and `make lint`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from zipfile import ZipFile

from tests.unit.packaging.project import PROJECT, script

check_jobs = script(".ci/check_jobs.py")
zip_wheel = script(".ci/zip_wheel.py")


def write_wheel(path: Path, names: list[str]) -> None:
    with ZipFile(path, "w") as wheel:
        for name in names:
            wheel.writestr(name, f"# {name}\n")


def test_the_zip_has_the_package_at_its_root_and_nothing_else(tmp_path: Path) -> None:
    wheel, target = tmp_path / "a.whl", tmp_path / "a.zip"
    write_wheel(wheel, ["lgdp/lake/door.py", "lgdp/__init__.py", "lgdp-0.1.0.dist-info/METADATA"])
    zip_wheel.zip_wheel(wheel, target)
    with ZipFile(target) as made:
        assert made.namelist() == ["lgdp/__init__.py", "lgdp/lake/door.py"]
        assert made.read("lgdp/lake/door.py") == b"# lgdp/lake/door.py\n"


def test_the_same_code_gives_the_same_zip(tmp_path: Path) -> None:
    digests = set()
    for order in (["lgdp/__init__.py", "lgdp/config.py"], ["lgdp/config.py", "lgdp/__init__.py"]):
        write_wheel(tmp_path / "a.whl", order)
        zip_wheel.zip_wheel(tmp_path / "a.whl", tmp_path / "a.zip")
        digests.add(hashlib.sha256((tmp_path / "a.zip").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_job_that_reaches_into_a_room_is_found(tmp_path: Path) -> None:
    job = tmp_path / "bad.py"
    job.write_text(
        "import lgdp.pipeline.stages\n"
        "from lgdp.errors import LgdpError\n"
        "from lgdp.lake.table import append\n"
        "from lgdp import config, gold\n"
        "import lgdp.pipelines\n"
        "import pyspark\n"
    )
    assert check_jobs.forbidden_imports(tmp_path) == [
        f"{job}:3: imports lgdp.lake.table",
        f"{job}:4: imports lgdp.gold",
        f"{job}:5: imports lgdp.pipelines",
    ]


def test_the_jobs_of_the_project_keep_the_rule() -> None:
    assert check_jobs.forbidden_imports(PROJECT / "jobs") == []
