"""What the error report says: places, words, counts, what to do and by when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lgdp.checks.failure_identity import failure_identity
from lgdp.reports.error_report import Item, RuleLine
from tests.unit.contracts.small_conf import SPEC
from tests.unit.reports.checked_files import CHILD, VISIT, of_code, report_on

FILES = {
    "child.csv": "Favourite colour,ID,BORN,WEIGHT\nPINK,A1,01/02/2010,\n\n,A2,31/02/2010,x\n",
    "visit.csv": VISIT + "A1,01/06/2020,Y,90,\nA2,01/06/2020,Maybe,95,\nA1,02/06/2020,,100,\n",
}


def test_an_item_says_where_what_and_what_instead(tmp_path: Path) -> None:
    report = report_on(tmp_path, FILES)
    (born,) = of_code(report, "102")
    assert born == Item(
        reference=failure_identity(
            {"table": "child", "file": "child.csv", "row": 2, "key": "A2", "code": "102"}
            | {"column": "BORN"}
        ),
        severity="critical",
        code="102",
        table="child",
        file="child.csv",
        sheet="",
        row=4,
        record=2,
        letter="C",
        column="BORN",
        heading="",
        meaning="",
        key="ID A2",
        value="31/02/2010",
        wrong="“31/02/2010” is not a date as expected.",
        expected="A date written dd/MM/yyyy, such as 31/03/2025",
        because="",
    )


def test_expectations_come_from_the_contract(tmp_path: Path) -> None:
    report = report_on(tmp_path, {**FILES, "child2.csv": CHILD + ",01/02/2010,,\n"})
    said = {item.code + item.column: (item.wrong, item.expected) for item in report.items}
    assert said["CODE_LISTCOLOUR"] == (
        "“PINK” is not a code of COLOUR in this period.",
        "One of: RED (Red), BLUE (Blue)",
    )
    assert said["TYPEWEIGHT"] == (
        "“x” is not a number as expected.",
        "A number with at most 2 decimal places, such as 1.00",
    )
    assert said["REQUIREDID"] == ("ID is blank, and it must be filled in.", "A value")
    assert said["TYPEALONE"][1] == "Y or Yes or 1 or True for yes; N or No or 0 or False for no"
    assert said["LONGMINUTES"] == (
        "A visit of 100 minutes is long.",
        "Correct MINUTES, or explain.",
    )


def test_a_heading_of_its_own_is_shown_with_the_column(tmp_path: Path) -> None:
    (item,) = of_code(report_on(tmp_path, FILES), "CODE_LIST")
    assert (item.letter, item.column_shown) == ("A", "COLOUR (headed “Favourite colour”)")


def test_what_a_column_holds_is_shown(tmp_path: Path) -> None:
    spec = SPEC.replace("BORN: {type: date,", "BORN: {type: date, description: date of birth,")
    report = report_on(tmp_path, FILES, conf={"specs": {"2020-21": spec}})
    assert of_code(report, "102")[0].column_shown == "BORN: date of birth"


def test_a_row_kept_out_because_of_another_names_that_row_of_the_file(tmp_path: Path) -> None:
    report = report_on(tmp_path, FILES)
    assert [(item.record, item.because) for item in of_code(report, "PARENT")] == [
        (1, "Kept out because row 2 of child (Children) was kept out."),
        (3, "Kept out because row 2 of child (Children) was kept out."),
    ]


def test_where_two_files_hold_a_table_only_the_record_is_named(tmp_path: Path) -> None:
    files = {**FILES, "child2.csv": CHILD + "A9,01/02/2010,,\n"}
    report = report_on(tmp_path, files)
    assert of_code(report, "PARENT")[0].because == (
        "Kept out because record 1 of child (Children) was kept out."
    )


def test_the_counts_are_all_there(tmp_path: Path) -> None:
    report = report_on(tmp_path, FILES)
    assert [(t.name, t.title, t.rows, t.kept, t.kept_out) for t in report.tables] == [
        ("child", "Children", 2, 0, 2),
        ("visit", "Visits", 3, 0, 3),
    ]
    assert report.totals == {"critical": 6, "warning": 3, "info": 1}
    assert [(rule.code, rule.times) for rule in report.rules] == [
        ("PARENT", 2),
        ("102", 1),
        ("CODE_LIST", 1),
        ("TYPE", 1),
        ("TYPE", 1),
        ("LONG", 3),
        ("BLANK_ROWS", 1),
    ]


def test_only_the_first_of_a_rule_are_listed_and_the_rest_is_counted(tmp_path: Path) -> None:
    report = report_on(tmp_path, FILES, per_rule=1)
    first = next(report.lines("critical"))
    assert isinstance(first, RuleLine)
    assert first.heading == (
        "Rule PARENT of visit: 2 times; 1 listed, 1 more not listed. "
        "Such as: Child A1 is not known."
    )
    assert [item.record for item in of_code(report, "PARENT")] == [1]


def test_failures_that_were_counted_and_not_kept_belong_to_the_rule_that_was_cut(
    tmp_path: Path,
) -> None:
    rows = "".join(f"A{number},x,,\n" for number in range(7))
    report = report_on(
        tmp_path, {"child.csv": CHILD + rows + ",01/01/2010,,\n"}, limits={"failures_per_rule": 5}
    )
    assert [(rule.code, rule.counted, rule.listed) for rule in report.rules] == [
        ("102", "7", 5),
        ("REQUIRED", "1", 1),
    ]


def test_where_two_rules_were_cut_the_counts_are_the_least_they_can_be(tmp_path: Path) -> None:
    rows = "".join(f"A{number},x,PINK,\n" for number in range(7))
    report = report_on(
        tmp_path, {"child.csv": CHILD + rows}, limits={"failures_per_rule": 5}, per_rule=4
    )
    assert [rule.counted for rule in report.rules] == ["at least 5", "at least 5"]
    assert "at least 5 times; 4 listed, at least 1 more not listed." in report.rules[0].heading
    assert report.totals["critical"] == 14


def test_a_query_that_occurs_more_than_once_can_be_answered_once(tmp_path: Path) -> None:
    lines = list(report_on(tmp_path, FILES).lines("warning"))
    assert isinstance(lines[0], RuleLine)
    assert lines[0].reference == "rule|visit|LONG|MINUTES"
    assert [type(line) for line in lines[1:]] == [Item, Item, Item]
    files = {"visit.csv": VISIT + "A1,01/06/2020,Y,90,\n"}
    (tmp_path / "once").mkdir()
    alone = report_on(tmp_path / "once", files)
    assert [type(line) for line in alone.lines("warning")] == [Item]


def test_the_verdict_is_in_plain_words(tmp_path: Path) -> None:
    report = report_on(tmp_path, FILES)
    assert report.verdict == "has errors"
    assert report.paragraphs == (
        "5 rows of 5 are kept out, because something in them has to be right and is not. "
        "Nothing is accepted.",
        "There are 3 queries: data that is accepted, but looks odd. "
        "Each is either corrected or explained.",
    )


def test_a_clean_delivery_is_told_to_be_sent(tmp_path: Path) -> None:
    report = report_on(tmp_path, {"child.csv": CHILD + "A1,01/02/2010,,\n"})
    assert report.paragraphs[0] == "The one row is accepted. There is nothing that must be fixed."
    assert report.steps == (
        "Send the files.",
        "By when: the return is due on 30 April 2021. Until then you may send it as often as you "
        "like.",
    )
    assert list(report.lines("critical")) == []


def test_a_rejection_names_the_file_and_the_reason(tmp_path: Path) -> None:
    files = {**FILES, "child.csv": CHILD + 'A1,"01/02/2010,,\n'}
    report = report_on(tmp_path, files)
    assert report.verdict == "rejected"
    assert report.paragraphs[1].startswith("• child.csv: A value in record 1 opens with a quot")
    (quote,) = of_code(report, "UNCLOSED_QUOTE")
    assert (quote.row, quote.record, quote.letter) == (2, 1, "")
    assert (
        quote.expected
        == "Close it, or double it if it is part of the text, and send the file again."
    )


def test_a_damaged_record_is_no_reason_for_rejection(tmp_path: Path) -> None:
    report = report_on(tmp_path, {"child.csv": CHILD + "A1\nA2,01/02/2010,,\n"})
    (item,) = of_code(report, "TOO_FEW_FIELDS")
    assert (report.verdict, item.row) == ("has errors", 2)
    assert item.wrong == "The record has fewer fields than the header."
    assert "for each column of the header" in item.expected


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (30, "By when: the return is due on 30 April 2021."),
        (31, "what comes now is late, but it is taken until 30 June 2021."),
        (92, "By when: the collection was locked after 30 June 2021. Ask Nobody before you send"),
    ],
)  # fmt: skip
def test_by_when_follows_from_the_day(day: int, words: str, tmp_path: Path) -> None:
    # An hour before midnight UTC it is the next day in London already.
    now = datetime(2021, 3, 31, 22, 59, tzinfo=UTC).timestamp() + day * 86_400
    report = report_on(tmp_path, FILES, datetime.fromtimestamp(now, UTC))
    assert words in report.steps[-1]
