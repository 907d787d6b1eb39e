"""Fixtures that tests of several rooms share, each from a file of its own."""

from __future__ import annotations

pytest_plugins = [
    "tests.s3_server",
    "tests.spark_session",
    "tests.spark_cluster",
    "tests.undisturbed",
]
