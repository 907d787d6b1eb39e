"""Which of several pytest workers runs what: one of them has the Spark session, and all its tests.

A second session would start a second JVM and warm it up anew, and the runs that tests are held
against would be made twice.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

SESSION = re.compile(r"\b(SparkSession|Undisturbed)\b")
"""A file of tests that names either takes the session."""


class OneSession(LoadScopeScheduling):
    """Tests that take the session go to one worker; others are handed out file by file."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "the session" if _takes_session(self.config.rootpath / path) else path


@cache
def _takes_session(path: Path) -> bool:
    return bool(SESSION.search(path.read_text(encoding="utf-8")))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneSession | None:
    """The scheduler for `--dist loadscope`; of other ways of xdist nothing is changed."""
    return OneSession(config, log) if config.getvalue("dist") == "loadscope" else None
