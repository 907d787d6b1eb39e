"""Spark reaches the S3 server that delta-rs and pyarrow reach, by the same environment."""

from __future__ import annotations

import pytest

from lgdp.pipeline.spark_session import s3_conf

S3A = "spark.hadoop.fs.s3a."


@pytest.mark.parametrize(
    ("environ", "endpoint", "region"),
    [
        ({}, None, None),
        ({"AWS_DEFAULT_REGION": "eu-west-2"}, None, "eu-west-2"),
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, None, "eu-west-1"),
        ({"AWS_ENDPOINT_URL": "https://a/"}, "https://a", "us-east-1"),
        ({"AWS_ENDPOINT_URL_S3": "https://b"}, "https://b", "us-east-1"),
        (
            {"AWS_ENDPOINT_URL": "https://a", "AWS_ENDPOINT_URL_S3": "http://b:1"},
            "http://b:1",
            "us-east-1",
        ),
        ({"AWS_ENDPOINT_URL": "https://a", "AWS_REGION": "x"}, "https://a", "x"),
    ],
)
def test_endpoint_and_region(
    environ: dict[str, str], endpoint: str | None, region: str | None
) -> None:
    conf = s3_conf(environ)
    assert conf.get(f"{S3A}endpoint") == endpoint
    assert conf.get(f"{S3A}endpoint.region") == region
    secure = {None: None, "http://b:1": "false"}.get(endpoint, "true")
    assert conf.get(f"{S3A}connection.ssl.enabled") == secure
    assert conf.get(f"{S3A}path.style.access") == ("true" if endpoint else None)


def test_keys_are_not_among_it() -> None:
    keys = {"AWS_ACCESS_KEY_ID": "who", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "x"}
    assert s3_conf(keys) == {f"{S3A}endpoint.region": "x"}
