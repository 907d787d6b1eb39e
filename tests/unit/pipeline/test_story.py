"""Explain, sign off, return, accept, withdraw, reopen: each once, by somebody, or refused."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from lgdp.checks.failure_identity import failure_identity
from lgdp.errors import Refused
from lgdp.ledger.event import EventKind
from lgdp.ledger.standing import Explanation
from lgdp.ledger.state import State
from lgdp.pipeline.checking import check_all
from lgdp.pipeline.explaining import (
    Unexplained,
    by_rule,
    unexplained_queries,
)
from lgdp.pipeline.looking import failures_of
from lgdp.pipeline.reporting import report_of_submission
from lgdp.pipeline.scheduler import InlineScheduler
from lgdp.pipeline.story import accept, explain, reopen, send_back, sign_off, withdraw
from lgdp.reports.columns import ANSWER
from lgdp.reports.explanations import read_explanations
from lgdp.reports.writing import write_report
from tests.small_return import Delivery
from tests.unit.pipeline.desk import Desk

QUERIED = Delivery(children=[("A1", "12"), ("A2", "13")])
"""Two candidate numbers that are not of nine digits: two queries of rule LAC102."""


def queries(desk: Desk, submission: str) -> list[dict]:
    found = failures_of(desk.platform.door, desk.platform.ledger, submission)
    return [each for each in found if each["severity"] == "warning"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, publish_up_to=None)


@pytest.fixture
def queried(desk: Desk) -> str:
    standing = desk.send(QUERIED).standing
    assert (standing.verdict, standing.queries) == ("has queries", 2)
    assert [each["code"] for each in queries(desk, standing.submission)] == ["LAC102"] * 2
    return standing.submission


def test_a_query_has_to_be_explained_before_the_sign_off(desk: Desk, queried: str) -> None:
    with pytest.raises(Refused, match=r"queries are not explained yet: LAC102 of child \(2\)"):
        sign_off(desk.platform, queried, "anna")
    assert explain(desk.platform, queried, by_rule(["LAC102"], "born abroad"), "anna") == []
    assert desk.standing(queried).state is State.EXPLAINED
    signed = sign_off(desk.platform, queried, "head of service")
    assert signed.state is State.ACCEPTED  # nobody else's word is needed
    assert desk.publish() == [queried]


def test_queries_are_explained_one_by_one(desk: Desk, queried: str) -> None:
    first, second = (failure_identity(each) for each in queries(desk, queried))
    left = explain(desk.platform, queried, [Explanation(text="so", failure=first)], "anna")
    assert left == [Unexplained("child", "LAC102", 1)]
    assert explain(desk.platform, queried, [Explanation(text="so", failure=second)], "bob") == []
    assert [each.text for each in desk.standing(queried).explanations] == ["so", "so"]


def test_a_rule_is_named_with_or_without_its_table(desk: Desk, queried: str) -> None:
    assert explain(desk.platform, queried, by_rule(["child:LAC102"], "so"), "anna") == []
    with pytest.raises(Refused, match="it has no query LAC102; its queries are of LAC102"):
        explain(desk.platform, queried, by_rule(["episode:LAC102"], "so"), "anna")


def test_what_is_no_query_cant_be_explained(desk: Desk, queried: str) -> None:
    with pytest.raises(Refused, match="it has no query LAC999; its queries are of LAC102"):
        explain(desk.platform, queried, by_rule(["LAC102", "LAC999"], "so"), "anna")
    assert desk.standing(queried).explanations == ()
    clean = desk.send().standing
    with pytest.raises(Refused, match="it has no queries at all"):
        explain(desk.platform, clean.submission, by_rule(["LAC102"], "so"), "anna")


def test_too_much_is_wrong_to_be_signed_off(desk: Desk) -> None:
    sent = desk.send(Delivery(orphans=["Z9"])).standing
    with pytest.raises(Refused, match="it has errors, and looked_after is signed off up to"):
        sign_off(desk.platform, sent.submission, "anna")


def test_acceptance_may_be_a_persons(tmp_path: Path) -> None:
    desk = Desk(tmp_path, publish_up_to=None, acceptance="person")
    sent = desk.send().standing.submission
    with pytest.raises(Refused, match="it is checked; it is accepted once it is signed off"):
        accept(desk.platform, sent, "berta")
    assert sign_off(desk.platform, sent, "anna").state is State.SIGNED_OFF
    assert desk.publish() == []
    assert accept(desk.platform, sent, "berta").state is State.ACCEPTED
    assert desk.publish() == [sent]
    story = [(each.event, each.actor) for each in desk.platform.ledger.history(sent)]
    assert (EventKind.SIGNED_OFF, "anna") in story
    assert (EventKind.ACCEPTED, "berta") in story


def test_returned_with_comments_it_can_be_explained_or_sent_again(desk: Desk, queried: str) -> None:
    with pytest.raises(Refused, match="say why: a reason is kept with it"):
        send_back(desk.platform, queried, " ", "berta")
    back = send_back(desk.platform, queried, "why before the birth?", "berta")
    assert (back.state, back.reason) == (State.RETURNED, "why before the birth?")
    with pytest.raises(Refused, match="signed_off is not allowed of a returned submission"):
        explained = by_rule(["LAC102"], "a typing mistake")
        explain(desk.platform, queried, explained, "anna")
        send_back(desk.platform, queried, "then correct it", "berta")
        sign_off(desk.platform, queried, "anna")


def test_withdrawn_nothing_is_in_its_place(desk: Desk) -> None:
    sent = desk.send().standing.submission
    sign_off(desk.platform, sent, "anna")
    desk.publish()
    assert withdraw(desk.platform, sent, "wrong council", "anna").state is State.WITHDRAWN
    assert desk.current() == []
    with pytest.raises(Refused, match="withdrawn is not allowed of a withdrawn submission"):
        withdraw(desk.platform, sent, "again", "anna")


def test_reopened_it_is_checked_anew_and_has_to_be_explained_again(
    desk: Desk, queried: str
) -> None:
    explain(desk.platform, queried, by_rule(["LAC102"], "so"), "anna")
    assert reopen(desk.platform, queried, "new evidence", "berta").state is State.LANDED
    check_all(desk.platform, InlineScheduler())
    standing = desk.standing(queried)
    assert (standing.state, standing.explanations) == (State.CHECKED, ())
    assert unexplained_queries(desk.platform, standing) == [Unexplained("child", "LAC102", 2)]


def test_a_report_is_filled_in_and_read_back(desk: Desk, queried: str, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_report(report_of_submission(desk.platform, queried, 1000), path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Explain"]
    header = next(row for row in sheet.iter_rows() if any(cell.value == ANSWER for cell in row))
    column = next(cell.column for cell in header if cell.value == ANSWER)
    for row in range(header[0].row + 1, sheet.max_row + 1):
        sheet.cell(row, column).value = "born abroad"
    workbook.save(path)
    said = read_explanations(path)
    assert {each.text for each in said} == {"born abroad"}
    assert explain(desk.platform, queried, said, "anna") == []
    assert sign_off(desk.platform, queried, "anna").state is State.ACCEPTED


def test_what_the_policy_publishes_anyway_is_not_stopped_by_an_explanation(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    sent = desk.send(QUERIED).standing.submission
    explain(desk.platform, sent, by_rule(["LAC102"], "born abroad"), "anna")
    assert desk.publish() == [sent]


def test_what_the_policy_publishes_anyway_can_be_signed_off(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    sent = desk.send(Delivery(orphans=["Z9"])).standing
    assert sent.verdict == "has errors"
    assert sign_off(desk.platform, sent.submission, "anna").state is State.ACCEPTED
