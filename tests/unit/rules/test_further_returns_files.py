"""Small deliveries of further returns, as councils might send them: what is read, what is said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lgdp.config import load_settings, locate
from lgdp.pipeline.precheck import Precheck, precheck
from tests.unit.intake.test_workbooks import workbook
from tests.unit.rules.judged import catalogue


def prechecked(
    return_name: str, period: str, files: Mapping[str, str | bytes], folder: Path
) -> Precheck:
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    limits = load_settings(locate().conf / "platform.yaml").limits
    known = catalogue(return_name)
    return precheck(known, limits, [folder], return_name, period, "Clackmannanshire")


def told(found: Precheck) -> list[tuple[str, str, str | None]]:
    return [(row["table"], row["code"], row["key"]) for row in found.failures.to_pylist()]


def silver(found: Precheck) -> dict[str, int]:
    return {name: counts.silver for name, counts in found.outcome.tables.items()}


NOTICE = {
    "Reference": "CLK/24/1",
    "Officer name": "Jo Gray",
    "Officer contact": "01259 1",
    "Council": "Clackmannanshire",
    "Date served": "10/03/2025",
    "Means of service": "by hand",
    "Proper person name": "Al Reid",
    "Proper person date of birth": "01/02/1980",
    "Proper person address": "1 High Street",
    "Proper person postcode": "fk10 1ab",
    "Proper person local authority": "Clackmannanshire",
    "Dog name": "Rex",
    "Dog description": "large, brindle",
    "Dog sex": "m",
    "Dog breed": "Akita",
    "Transponder": "941000012345678",
    "Reasons out of control": "chased sheep in a field, twice",
    "Steps required": "muzzle",
}


def test_dog_control_notices_come_as_csv(tmp_path: Path) -> None:
    second = {**NOTICE, "Reference": "CLK/24/2", "Date served": "31/04/2025", "Dog sex": ""}
    text = "\n".join(
        ";".join(row) for row in (NOTICE, NOTICE.values(), second.values(), ["", *[""] * 17])
    )
    others = "reference,other reference,other council\nCLK/24/1,FIF/9,Fife\n"
    files = {"notice.csv": text, "other_notice.csv": others}
    found = prechecked("dog_control_notices", "2025-03", files, tmp_path)
    assert silver(found) == {"notice": 1, "other_notice": 1}
    problems = [entry for entry in told(found) if entry[1] != "ABSENT_COLUMN"]
    assert ("notice", "FORMAT", "CLK/24/2") in problems
    assert ("notice", "REQUIRED", "CLK/24/2") in problems
    assert "CLK/24/1" not in {key for _, _, key in problems}


APPLICATION = "keyval,reference,plan_auth,address,proposal,date_recei,date_valid,date_decis"


def test_planning_applications_come_with_columns_that_nobody_described(tmp_path: Path) -> None:
    rows = [
        f"{APPLICATION},decis_code,ward",
        "K1,24/001,Clackmannanshire,1 High Street,Shed,2024-12-02,2024-12-04,2025-01-20,PER,North",
        "K2,24/002,Clackmannanshire,2 High Street,Shed,2025-01-08,2025-01-07,,,South",
    ]
    files = {"planning.csv": "\n".join(rows)}
    found = prechecked("planning_applications", "2025-01", files, tmp_path)
    assert silver(found) == {"application": 2}
    assert [code for _, code, key in told(found) if key == "K2"] == ["PLN110"]
    assert [code for _, code, key in told(found) if key == "K1"] == []
    unknown = [row for row in found.failures.to_pylist() if row["code"] == "UNKNOWN_COLUMN"]
    assert [row["column"] for row in unknown] == ["ward"]


GRANT = """\
<scottish_welfare_fund>
  <application>
    <local_authority>S12000005</local_authority>
    <application_reference>a1</application_reference>
    <applicant_reference>p1</applicant_reference>
    <grant_type>CG</grant_type>
    <application_date>2025-05-01</application_date>
    <residence>R</residence>
    <qualifying_reason>E</qualifying_reason>
    <decision_date>2025-05-02</decision_date>
    <decision>A</decision>
    <award_value>95.50</award_value>
  </application>
  <application>
    <local_authority>S12000005</local_authority>
    <application_reference>a2</application_reference>
    <applicant_reference>p1</applicant_reference>
    <grant_type>SISG</grant_type>
    <application_date>2025-05-01</application_date>
    <residence>R</residence>
    <decision_date>2025-04-30</decision_date>
    <decision>N</decision>
    <exclusion_reason>O</exclusion_reason>
  </application>
</scottish_welfare_fund>
"""


def test_welfare_fund_applications_come_as_xml(tmp_path: Path) -> None:
    found = prechecked("scottish_welfare_fund", "2025-Q1", {"swf.xml": GRANT}, tmp_path)
    assert silver(found) == {"application": 1}
    assert told(found) == [
        ("application", "CODE_LIST", "A2"),
        ("application", "SWF120", "A2"),
    ]


HEADER = ("Council", "Indicator code", "Title", "2023-24 Numerator", "2023-24 Denominator")
FIGURES = [
    (*HEADER, "2023-24", "2024-25 Numerator", "2024-25 Denominator", "2024-25"),
    ("Clackmannanshire", "EDU1", "Cost per primary pupil", 1000, 100, 10, 1050, 100, 10.5),
    ("Clackmannanshire", "EDU3", "Positive destinations", 95, 100, 95, None, 100, 0.96),
    ("Clackmannanshire", "CUL1", "Cost per visit", None, None, 4.1, 500, 120, 4.1667),
    ("Source: council accounts",),
]


def test_benchmarking_comes_wide(tmp_path: Path) -> None:
    def not_known(book: Any, sheet: Any) -> None:
        sheet.write_formula(2, 6, "=NA()", None, "#N/A")

    files = {"benchmarks.xlsx": workbook({"Indicators": FIGURES}, not_known)}
    found = prechecked("local_benchmarking", "2024-25", files, tmp_path)
    assert silver(found) == {"indicator": 6}
    assert sorted(told(found), key=str) == [
        ("indicator", "BEN105", "EDU1|2023-24"),
        ("indicator", "BEN116", "EDU3|2024-25"),
        ("indicator", "BEN118", "CUL1|2023-24"),
        ("indicator", "BEN120", "EDU3|2024-25"),
        ("indicator", "FOOTNOTE", None),
        (None, "NOT_AVAILABLE", None),
    ]
