"""The audit catches a kernel that is wrong: the batch is held, the ledger says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lgdp.ledger.state import State
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.run import audit_checked, land_inbox
from lgdp.pipeline.scheduler import Done, InlineScheduler
from tests.small_return import FIFE, GLASGOW, Delivery, write_conf
from tests.whole_job import Job

pytestmark = pytest.mark.slow


class BrokenKernel(InlineScheduler):
    """A scheduler whose workers run a kernel that has lost the rule LAC102."""

    def run(self, kind, tasks):  # type: ignore[no-untyped-def]
        for done in super().run(kind, {key: _without_rule(text) for key, text in tasks.items()}):
            yield Done(done.key, done.result, done.error)


def _without_rule(text: str) -> str:
    work = json.loads(text)
    rules = json.loads(work["rules"])
    rules["rules"] = [rule for rule in rules["rules"] if rule["code"] != "LAC102"]
    return json.dumps({**work, "rules": json.dumps(rules)})


def test_a_kernel_that_misses_a_rule_is_caught(tmp_path: Path, spark: SparkSession) -> None:
    job = Job(write_conf(tmp_path), str(tmp_path / "lake"), spark, tmp_path / "docs")
    inbox = tmp_path / "inbox"
    Delivery(FIFE, children=[("A1", "12"), ("A2", "987654321")]).write(inbox)
    Delivery(GLASGOW).write(inbox)
    land_inbox(job.platform, inbox, job.engine)
    check_all(job.platform, BrokenKernel())

    report = audit_checked(job.platform, job.engine)

    reason = "child LAC102 (warning): the kernel counted 0 failing rows, the audit counted 1"
    assert report.audit.held == {"looked_after 2023-24": (reason,)}
    assert report.audit.published == []
    assert report.exit_code == 1
    state = job.platform.ledger.state()
    assert {item.state for item in state.standings.values()} == {State.HELD}
    assert state.current == {}
    events = job.ask("SELECT detail FROM control.events WHERE event = 'held'")
    assert {json.loads(row["detail"])["reasons"][0] for row in events} == {reason}
    rows = job.ask(
        "SELECT kernel_count, audit_count, agree FROM quality.validations WHERE code = 'LAC102'"
    )
    assert rows == [{"kernel_count": 0, "audit_count": 1, "agree": False}]

    held = [item.submission for item in state.standings.values()]
    check_all(job.platform, InlineScheduler(), only=held)
    assert len(audit_checked(job.platform, job.engine).audit.published) == 2
