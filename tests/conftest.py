"""Fixtures that tests of several rooms share, each from a file of its own."""

from __future__ import annotations

from tests.one_session import pytest_xdist_make_scheduler as pytest_xdist_make_scheduler

pytest_plugins = [
    "tests.s3_server",
    "tests.spark_session",
    "tests.spark_cluster",
    "tests.undisturbed",
]
