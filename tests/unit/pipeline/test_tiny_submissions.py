"""Many tiny submissions checked at once: what is found is what each would get by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lgdp.intake.inbox import read_inbox
from lgdp.intake.submission import Submission
from lgdp.lake.table import LakeTable
from lgdp.ledger.event import EventKind
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.landing import land_all
from lgdp.pipeline.scheduler import Done, InlineScheduler
from lgdp.pipeline.tiny import WORTH_IT
from tests.small_return import Delivery
from tests.unit.pipeline.desk import Desk

TABLES = ("silver/looked_after/child", "silver/looked_after/episode", "quality/failures")


COUNCILS = [f"S120000{number:02}" for number in (5, 6, 8, 10, 11, 13, 14, 17, 18, 19, 20, 21)]
WRONG: dict[str, dict[str, Any]] = {
    "S12000006": {"orphans": ["Z9"]},
    "S12000008": {"children": [("A1", "12"), ("A2", "987654321")]},
    "S12000010": {"ends": {"A1": "2023-01-01"}},
}
FOREIGN = "S12000011"
"""A council that sends a row of another."""
UNTIDY = "S12000017"
"""A council with blanks around a value, where all others have none."""


class Counting(InlineScheduler):
    """Counts the tasks of each kind."""

    def __init__(self) -> None:
        self.tasks: dict[str, int] = {}

    def run(self, kind: str, tasks: Any) -> Any:
        """Run and count."""
        self.tasks[kind] = self.tasks.get(kind, 0) + len(tasks)
        return super().run(kind, tasks)


class Deaf(InlineScheduler):
    """A scheduler at which tasks of several submissions die."""

    def run(self, kind: str, tasks: Any) -> Any:
        """Run what is of one submission."""
        if kind == "check_tiny":
            return iter([Done(key, None, "it died") for key in tasks])
        return super().run(kind, tasks)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve councils: eight are fine, four are not, each in its own way."""
    folder = tmp_path_factory.mktemp("inbox")
    for council in COUNCILS:
        Delivery(council, **WRONG.get(council, {})).write(folder)
    path = folder / "looked_after/2023-24" / FOREIGN / "child.csv"
    path.write_text(path.read_text().replace(f"{FOREIGN},A1", "Glasgow City,A1"))
    for table in ("child", "episode", "placement", "legal_reason"):
        path = folder / "looked_after/2023-24" / UNTIDY / f"{table}.csv"
        path.write_text(path.read_text().replace("A1,", " A1\u00a0,"))
    return folder


def landed(desk: Desk, inbox: Path) -> list[str]:
    found = read_inbox(inbox, desk.platform.catalogue)
    submissions = [each for each in found if isinstance(each, Submission)]
    assert len(submissions) == 12 > WORTH_IT
    return land_all(desk.platform, submissions, InlineScheduler()).landed


def content(desk: Desk) -> dict[str, object]:
    """Every row of the lake, and what the ledger says of each check."""
    found: dict[str, object] = {
        table: sorted(str(row) for row in LakeTable(desk.platform.door, table).read().to_pylist())
        for table in TABLES
    }
    for submission in sorted(desk.platform.ledger.state().standings):
        events = desk.platform.ledger.history(submission)
        found[submission] = [
            (each.event, dict(each.detail))
            for each in events
            if each.event is not EventKind.RECEIVED
        ]
    return found


@pytest.fixture(scope="module")
def one_by_one(tmp_path_factory: pytest.TempPathFactory, inbox: Path) -> dict[str, object]:
    desk = Desk(tmp_path_factory.mktemp("one_by_one"))
    for submission in landed(desk, inbox):
        scheduler = Counting()
        assert check_all(desk.platform, scheduler, only=[submission]).failed == {}
        assert scheduler.tasks == {"check": 1}
    return content(desk)


def test_together_they_get_what_each_gets_alone(
    tmp_path: Path, inbox: Path, one_by_one: dict[str, object]
) -> None:
    desk = Desk(tmp_path)
    landed(desk, inbox)
    scheduler = Counting()
    assert check_all(desk.platform, scheduler).failed == {}
    assert scheduler.tasks == {"check_tiny": 1, "check": 4}
    assert content(desk) == one_by_one


def test_when_that_fails_each_is_checked_alone(
    tmp_path: Path, inbox: Path, one_by_one: dict[str, object]
) -> None:
    desk = Desk(tmp_path)
    landed(desk, inbox)
    assert check_all(desk.platform, Deaf()).failed == {}
    assert content(desk) == one_by_one
