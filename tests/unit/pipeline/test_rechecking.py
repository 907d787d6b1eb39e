"""Old submissions under today's rules: said first, done when asked."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from lgdp.ledger.state import State
from lgdp.pipeline.rechecking import RecheckReport, RuleChange, recheck
from lgdp.pipeline.scheduler import InlineScheduler
from lgdp.pipeline.submitting import submit
from tests.small_return import Delivery
from tests.unit.pipeline.desk import Desk


def add_rule(desk: Desk, severity: str = "critical") -> None:
    """From now on no child may have the id A1."""
    path = desk.conf / "expectations" / "looked_after" / "child.json"
    suite = json.loads(path.read_text())
    suite["expectations"].append(
        {
            "type": "expect_column_values_to_not_be_in_set",
            "kwargs": {"column": "child_id", "value_set": ["A1"]},
            "severity": severity,
            "meta": {"code": "NEW1", "message": "Use another id than A1."},
        }
    )
    path.write_text(json.dumps(suite))
    desk.open()


def rechecked(desk: Desk) -> RecheckReport:
    return recheck(desk.platform, InlineScheduler(), "looked_after")


def test_c59_it_says_what_would_change_and_leaves_what_is_current(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    sent = desk.send().standing.submission
    desk.publish()
    before = desk.standing(sent)
    add_rule(desk)
    report = rechecked(desk)
    assert (report.up_to_date, report.failed) == (0, {})
    (item,) = report.rechecked
    assert (item.submission, item.is_current, item.differs) == (sent, True, True)
    assert item.changes[-1] == RuleChange("child", "NEW1", 0, 1)
    assert item.before is not None
    assert (item.before.silver, item.after.silver) == (8, 4)  # its episode goes along
    after = desk.standing(sent)
    assert (after.state, after.ruleset, after.check) == (
        State.PUBLISHED,
        before.ruleset,
        before.check,
    )
    assert item.ruleset != before.ruleset


def test_c59_twice_says_the_same_and_checks_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.send()
    desk.publish()
    add_rule(desk, "warning")
    first = rechecked(desk)
    events = desk.platform.ledger.state().version
    assert rechecked(desk).rechecked == first.rechecked
    assert desk.platform.ledger.state().version == events


def test_under_the_same_rules_there_is_nothing_to_do(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.send()
    report = rechecked(desk)
    assert (report.rechecked, report.up_to_date) == ([], 1)


def test_c59_old_rules_give_the_old_answer_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    sent = desk.send(Delivery(orphans=["Z9"])).standing
    suite = desk.conf / "expectations" / "looked_after" / "child.json"
    old = suite.read_text()
    add_rule(desk)
    rechecked(desk)
    suite.write_text(old)
    desk.open()
    (item,) = rechecked(desk).rechecked
    assert (item.ruleset, item.after) == (sent.ruleset, sent.check)


def test_a_column_declared_later_is_found_in_what_was_kept_beside(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    folder = Delivery().write(tmp_path / "more")
    path = folder / "child.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0] + ",eye", *(f"{line},blue" for line in lines[1:])]) + "\n")
    sent = submit(desk.platform, [folder], "looked_after", "2023-24", "S12000047", "anna").standing
    spec = desk.conf / "conf" / "returns" / "looked_after" / "2022-23.yaml"
    content = yaml.safe_load(spec.read_text())
    content["tables"]["child"]["columns"]["eye"] = {"type": "string", "pattern": "^.{3}$"}
    spec.write_text(yaml.safe_dump(content, sort_keys=False))
    desk.open()
    (item,) = rechecked(desk).rechecked
    assert item.submission == sent.submission
    assert item.before is not None
    assert [each.tables["child"].quarantine for each in (item.before, item.after)] == [0, 2]
