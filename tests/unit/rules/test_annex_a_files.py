"""Annex A as it is sent: a workbook whose choices are written by hand or picked from a list."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from lgdp.config import load_settings, locate
from lgdp.pipeline.precheck import Precheck, precheck
from tests.unit.intake.test_workbooks import workbook
from tests.unit.rules.judged import Judged, catalogue, judge

WHO = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age")
CONTACTS = (*WHO, "Date of Contact", "Contact Source")
REFERRALS = (
    *WHO,
    "Date of Referral",
    "Referral Source",
    "Referral NFA?",
    "Number of Referrals in Last 12 Months",
    "Allocated Team",
    "Allocated Worker",
)
BORN, DAY = date(2017, 11, 25), date(2024, 1, 16)


def prechecked(content: bytes, folder: Path) -> Precheck:
    path = folder / "Annex_A_2024_Jan.xlsx"
    path.write_bytes(content)
    limits = load_settings(locate().conf / "platform.yaml").limits
    return precheck(catalogue("annex_a"), limits, [path], "annex_a", "2024-01", "EX0000975")


def test_choices_are_read_however_they_are_written(tmp_path: Path) -> None:
    def look_up_failed(book: Any, sheet: Any) -> None:
        if sheet.name == "List 3":
            sheet.write_formula(1, 9, "=NA()", None, "#N/A")

    contacts = [
        CONTACTS,
        (9212044.0, "Female", "a) WBRI", BORN, 6.138261464750171, DAY, "q) 6: Police"),
        (9212045.0, "b) Female", "WBRI", BORN, 6, DAY, "6"),
    ]
    row = (9212044.0, "b) Female", "a) WBRI", BORN, 6.13, DAY, "j) 3D: Health", "b) No", 0.0)
    sheets = {"List 1": contacts, "List 3": [REFERRALS, (*row, None, "Jo\xa0Li")]}
    found = prechecked(workbook(sheets, look_up_failed), tmp_path)
    assert found.outcome.verdict == "clean"
    assert {name: counts.silver for name, counts in found.outcome.tables.items()} == {
        "contacts": 2,
        "referrals": 1,
    }
    assert found.failures["code"].to_pylist() == ["NOT_AVAILABLE"]


def test_a_choice_that_is_not_known_is_a_query_and_keeps_no_child_out(tmp_path: Path) -> None:
    row = (1.0, "b) Woman", "z) WHITE", BORN, 6, DAY, "Postman Pat")
    found = prechecked(workbook({"List 1": [CONTACTS, row]}), tmp_path)
    assert found.outcome.verdict == "has queries"
    assert found.outcome.tables["contacts"].silver == 1
    assert [(item["code"], item["value"]) for item in found.failures.to_pylist()] == [
        ("CODE_LIST", "POSTMAN PAT"),
        ("CODE_LIST", "WHITE"),
        ("CODE_LIST", "WOMAN"),
    ]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("6.9", 6), ("0.8487337440109514", 0), ("12", 12), ("12.0", 12)],
)
def test_an_age_is_completed_years(sent: str, kept: int, tmp_path: Path) -> None:
    row = {"child_unique_id": "1", "date_of_contact": "16/01/2024", "age_of_child_years": sent}
    result: Judged = judge("annex_a", "2024-01", {"contacts": [row]}, tmp_path / "now")
    silver = pq.read_table(result.outcome.silver["contacts"])
    assert silver["age_of_child_years"].to_pylist() == [kept]
