"""docker/jars.txt: exact coordinates that fit the locked Spark, and the script that fetches."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pyspark
import pytest

from tests.unit.packaging.project import PROJECT, locked_versions, script, text

fetch_jars = script("docker/fetch_jars")
JARS = fetch_jars.read_list()


def version_of(artifact: str) -> str:
    (version,) = {jar.version for jar in JARS if jar.artifact == artifact}
    return str(version)


def test_coordinates_are_exact_and_named_once() -> None:
    assert [jar for jar in JARS if not re.fullmatch(r"\d+(\.\d+)+", jar.version)] == []
    assert len({(jar.group, jar.artifact) for jar in JARS}) == len(JARS) == 44


def test_every_jar_has_its_checksum_and_no_other() -> None:
    checksums = fetch_jars.read_checksums()
    assert set(checksums) == {jar.file for jar in JARS}
    assert {len(digest) for digest in checksums.values()} == {64}


def test_delta_jars_are_of_the_locked_delta_and_spark() -> None:
    (delta,) = locked_versions()["delta-spark"]
    (spark,) = locked_versions()["pyspark"]
    minor = spark.rpartition(".")[0]
    assert version_of(f"delta-spark_{minor}_2.13") == delta
    assert {jar.version for jar in JARS if jar.group == "io.delta"} == {delta}


def test_hadoop_aws_is_of_the_hadoop_inside_spark() -> None:
    (api,) = Path(pyspark.__file__).parent.glob("jars/hadoop-client-api-*.jar")
    assert api.name == f"hadoop-client-api-{version_of('hadoop-aws')}.jar"


def test_the_aws_sdk_has_one_version_and_neither_bundle_nor_netty() -> None:
    sdk = {jar.artifact: jar.version for jar in JARS if jar.group == "software.amazon.awssdk"}
    assert len(set(sdk.values())) == 1
    assert {"s3", "s3-transfer-manager", "sts", "kms"} <= set(sdk)
    assert "bundle" not in sdk
    assert not [jar for jar in JARS if jar.group == "io.netty"]


def test_the_script_names_no_host() -> None:
    for name in ("docker/fetch_jars", "docker/jars.txt", "docker/jars.sha256"):
        assert not re.search(r"://\w", text(name)), name


def test_a_line_that_is_no_coordinate_is_refused(tmp_path: Path) -> None:
    listing = tmp_path / "jars.txt"
    listing.write_text("# a comment\nio.delta:delta-storage\n")
    with pytest.raises(
        fetch_jars.FetchError, match=r"'io.delta:delta-storage' is not group:artifact:version"
    ):
        fetch_jars.read_list(listing)


def test_missing_and_altered_jars_are_found(tmp_path: Path) -> None:
    jars = [fetch_jars.Jar("g", name, "1") for name in ("right", "altered", "absent")]
    for jar in jars[:2]:
        (tmp_path / jar.file).write_bytes(b"jar")
    expected = {jar.file: hashlib.sha256(b"jar").hexdigest() for jar in jars}
    expected["altered-1.jar"] = hashlib.sha256(b"other").hexdigest()
    assert fetch_jars.wrong_jars(jars, tmp_path, expected) == ["altered-1.jar", "absent-1.jar"]


def test_jars_that_are_there_need_neither_network_nor_maven(tmp_path: Path) -> None:
    installed = PROJECT / ".jars"
    for jar in JARS:
        (tmp_path / jar.file).symlink_to(installed / jar.file)
    stale = tmp_path / "delta-spark_4.0_2.13-4.0.0.jar"
    stale.touch()
    done = subprocess.run(
        [sys.executable, str(PROJECT / "docker/fetch_jars"), "--into", str(tmp_path)],
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    assert not stale.exists()
    assert len(list(tmp_path.iterdir())) == len(JARS)
