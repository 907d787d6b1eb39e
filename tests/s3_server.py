"""A real S3 server (SeaweedFS) on loopback, for tests: fixtures `s3_server` and `s3_lake`."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

START_SECONDS = 60.0
# Every listener is named, or weed would derive it (port + 10000) and could clash.
LISTENERS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "s3.port",
    "s3.port.grpc",
)


@dataclass(frozen=True)
class S3Server:
    """Where the server listens and the keys it takes."""

    endpoint: str
    access_key: str
    secret_key: str
    bucket: str

    def environ(self) -> dict[str, str]:
        """The environment by which a `Door` finds this server."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": "us-east-1",
        }


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _command(folder: Path, ports: dict[str, int]) -> list[str]:
    weed = Path(sys.executable).with_name("weed")
    return [
        str(weed),
        "-logtostderr",
        "server",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=256",
        "-volume.max=0",
        "-filer",
        "-s3",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-filer.localSocket={folder}/filer.sock",
        f"-s3.localSocket={folder}/s3.sock",
        *(f"-{name}={port}" for name, port in ports.items()),
    ]


def _wait_until_up(process: subprocess.Popen[bytes], server: S3Server, log: Path) -> None:
    """Wait until the server takes an object, which is later than when it answers."""
    client = boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
    )
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{server.endpoint}/healthz", timeout=1):
                pass
            client.create_bucket(Bucket=server.bucket)
            client.put_object(Bucket=server.bucket, Key="up", Body=b"up")
            return
        except (urllib.error.URLError, OSError, client.exceptions.ClientError):
            if process.poll() is not None or time.monotonic() > deadline:
                tail = log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"SeaweedFS did not start:\n{tail}") from None
            time.sleep(0.2)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A running SeaweedFS with one bucket; stopped and its data dropped at the end."""
    folder = tmp_path_factory.mktemp("s3")
    ports = dict(zip(LISTENERS, _free_ports(len(LISTENERS)), strict=True))
    server = S3Server(
        endpoint=f"http://127.0.0.1:{ports['s3.port']}",
        access_key="lgdp-test",
        secret_key=secrets.token_hex(16),
        bucket="lake",
    )
    log = folder / "weed.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            _command(folder, ports),
            cwd=folder,
            env={**os.environ, **server.environ()},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_up(process, server, log)
            yield server
        finally:
            # A polite stop takes ten seconds, and nothing in here is worth them.
            process.kill()
            process.wait()
            for port in ports.values():
                for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108
                    left.unlink()


@pytest.fixture
def s3_lake(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URI of an empty lake on the S3 server, with the environment set to reach it."""
    for name, value in s3_server.environ().items():
        monkeypatch.setenv(name, value)
    return f"s3://{s3_server.bucket}/{uuid.uuid4().hex}"
