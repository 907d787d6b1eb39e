"""The image and the compose file: no engine runs them here, so they are held to the rest."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.packaging.project import PROJECT, text

DOCKERFILE = text("docker/Dockerfile")
COMPOSE: dict[str, Any] = yaml.safe_load(text("docker/compose.yaml"))
SERVICES: dict[str, Any] = COMPOSE["services"]
JOBS = ["jobs/land_bronze.py", "jobs/check_silver.py", "jobs/build_gold.py"]


def settings(name: str) -> dict[str, str]:
    """The assignments of an env file."""
    lines = [line for line in text(name).splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)  # type: ignore[misc]


def test_the_services_are_a_cluster_an_s3_server_and_a_runner() -> None:
    assert set(SERVICES) == {"s3", "bucket", "master", "worker-1", "worker-2", "run"}
    assert {each["image"] for each in SERVICES.values()} == {"lgdp"}
    assert SERVICES["s3"]["command"].startswith("weed -logtostderr=true server ")
    assert "deploy.master.Master" in SERVICES["master"]["command"]
    for worker in ("worker-1", "worker-2"):
        assert SERVICES[worker]["command"].endswith("spark://master:7077")
    assert set(SERVICES["run"]["depends_on"]) == {"bucket", "worker-1", "worker-2"}


def run_jobs(folder: Path, codes: dict[str, int]) -> tuple[int, list[str]]:
    """Exit code of docker/run_jobs and the jobs it started, each ending with the code given."""
    cases = "".join(f"*{job}.py*) exit {code};;" for job, code in codes.items())
    submit = folder / "spark-submit"
    submit.write_text(f'#!/bin/sh\necho "$@" >>{folder}/started\ncase "$*" in {cases} esac\n')
    submit.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(PROJECT / "docker/run_jobs")],
        env={"PATH": f"{folder}:{os.defpath}", "LGDP_LAKE": "s3://lake/lgdp"},
    )
    return done.returncode, re.findall(r"(jobs/\w+\.py)", (folder / "started").read_text())


@pytest.mark.parametrize(
    ("codes", "code", "started"),
    [
        ({}, 0, JOBS),
        ({"land_bronze": 1}, 1, JOBS),
        ({"check_silver": 3}, 3, JOBS[:2]),
    ],
)
def test_the_runner_goes_on_unless_a_job_fails(
    tmp_path: Path, codes: dict[str, int], code: int, started: list[str]
) -> None:
    assert SERVICES["run"]["command"] == ["sh", "docker/run_jobs"]
    assert run_jobs(tmp_path, codes) == (code, started)


def test_the_jobs_that_are_submitted_exist() -> None:
    assert [job for job in JOBS if not (PROJECT / job).is_file()] == []


def test_nothing_is_published_beyond_this_machine() -> None:
    ports = [port for each in SERVICES.values() for port in each.get("ports", [])]
    assert ports == ["127.0.0.1:8080:8080"]


def test_secrets_come_from_outside_and_have_no_default() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?[^}]+\}", text("docker/compose.yaml")))
    assert asked == {*settings("docker/.env.example"), *settings("docker/versions.env")}
    assert set(settings("docker/.env.example").values()) == {""}
    assert not re.search(r"\$\{\w+(:-|-|\})", text("docker/compose.yaml"))
    environment = SERVICES["run"]["environment"]
    assert environment["AWS_SECRET_ACCESS_KEY"].startswith("${LGDP_S3_SECRET_KEY:?")
    assert "/docker/.env\n" in text(".gitignore")


def test_every_container_finds_the_s3_server() -> None:
    endpoint = "http://s3:8333"
    assert {each["environment"]["AWS_ENDPOINT_URL"] for each in SERVICES.values()} == {endpoint}
    assert re.search(
        rf"^spark.hadoop.fs.s3a.endpoint\s+{endpoint}$", text("docker/spark-defaults.conf"), re.M
    )
    assert "-s3.port=8333" in SERVICES["s3"]["command"]


def test_versions_come_from_the_versions_file_and_the_locks_alone() -> None:
    asked = set(re.findall(r"^ARG (\w+)$", DOCKERFILE, re.M))
    versions = settings("docker/versions.env")
    assert asked == set(versions)
    assert asked == set(SERVICES["run"]["build"]["args"])
    for name in ("docker/Dockerfile", "docker/compose.yaml"):
        code = re.sub(r"#.*|(127|0)\.0\.0\.\d", "", text(name))
        assert re.findall(r"\b\d+\.\d+\.\d+", code) == [], name
        assert not re.search(r"jdk-?\d|python3?\.\d|spark-\d", code), name


def test_the_image_has_a_python_and_a_java_that_the_project_takes() -> None:
    versions = settings("docker/versions.env")
    image = re.fullmatch(r"python:(\d+)\.(\d+)\.\d+-slim-bookworm", versions["PYTHON_IMAGE"])
    assert image is not None
    assert tomllib.loads(text("pyproject.toml"))["project"]["requires-python"] == ">=3.11,<3.15"
    assert (3, 11) <= (int(image[1]), int(image[2])) < (3, 15)
    # bookworm has this one and no later
    assert versions["JRE_PACKAGE"] == "openjdk-17-jre-headless"


def test_the_image_is_built_from_the_locks_and_runs_as_nobody_special() -> None:
    assert "pip install --no-cache-dir --require-hashes -r requirements.txt" in DOCKERFILE
    assert "RUN python docker/fetch_jars" in DOCKERFILE
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.M) == ["lgdp"]
    assert DOCKERFILE.index("USER lgdp") > DOCKERFILE.rindex("RUN ")


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    sources = [
        source
        for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.M)
        for source in line.split()[:-1]
    ]
    assert len(sources) > 10
    allowed = re.findall(r"^!(\S+)$", text("docker/Dockerfile.dockerignore"), re.M)
    for source in sources:
        assert (PROJECT / source).exists(), source
        assert source.split("/")[0] in allowed, source
