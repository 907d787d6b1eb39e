"""HL1 as it is sent: 137 columns without a header, and a case that comes again as it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lgdp.config import load_settings, locate
from lgdp.pipeline.precheck import Precheck, precheck
from tests.unit.rules.judged import Judged, catalogue, judge

RETURN, TABLE = "homelessness_hl1", "application"
APPLICATION = {"LACODE": "150", "APPDATE": "01052025", "Q3": "A1", "Q10b_1": "1"}
DECIDED = {**APPLICATION, "ASSESS": "1", "Q18": "1", "Q19": "2"}
CLOSED = {**DECIDED, "CONTACT": "2", "Q22": "1", "Q23": "3", "Q25": "1"}


def columns() -> tuple[str, ...]:
    contract = catalogue(RETURN).contract(RETURN)
    return contract.ruleset(contract.read_period("2025-Q1")).table(TABLE).column_names


def record(row: Mapping[str, str]) -> str:
    return ",".join(row.get(name, "") for name in columns()) + "\r\n"


def prechecked(text: str, folder: Path) -> Precheck:
    path = folder / "CLACKS HL1 Q1.TXT"
    path.write_text(text, encoding="utf-8")
    limits = load_settings(locate().conf / "platform.yaml").limits
    return precheck(catalogue(RETURN), limits, [path], RETURN, "2025-Q1", "Clackmannanshire")


def codes(found: Precheck | Judged) -> list[tuple[str, str | None]]:
    rows = found.failures.to_pylist() if isinstance(found, Precheck) else found.failures
    return [(row["code"], row["key"]) for row in rows]


def test_a_file_without_a_header_is_read_by_place(tmp_path: Path) -> None:
    other = {**APPLICATION, "Q3": "A2", "APPDATE": "1052025"}
    found = prechecked(record(CLOSED) + record(other) + record(DECIDED)[:-3] + "\r\n", tmp_path)
    assert found.outcome.verdict == "has errors"
    assert (found.outcome.tables[TABLE].rows, found.outcome.tables[TABLE].silver) == (3, 1)
    assert codes(found) == [("FORMAT", "150|A2"), ("TOO_FEW_FIELDS", None)]


def test_a_file_with_a_header_is_read_by_name(tmp_path: Path) -> None:
    names = [name for name in reversed(columns()) if name != "Q24_12"]
    items = {"LACODE": "local authority code", "Q3": "Application reference number", "Q22": "22"}
    header = ",".join(items.get(name, name) for name in names)
    found = prechecked(header + "\n" + ",".join(CLOSED.get(name, "") for name in names), tmp_path)
    assert found.outcome.tables[TABLE].silver == 1
    assert codes(found) == [("ABSENT_COLUMN", None)]


def test_another_council_s_file_is_rejected(tmp_path: Path) -> None:
    found = prechecked(record({**CLOSED, "LACODE": "170"}), tmp_path)
    assert found.outcome.verdict == "rejected"
    assert codes(found) == [("COUNCIL_MISMATCH", None)]


def test_no_application_is_a_nil_return_and_none_that_can_be_used_is_not(tmp_path: Path) -> None:
    result = judge(RETURN, "2025-Q1", {}, tmp_path / "nil")
    assert (result.outcome.verdict, result.outcome.nil) == ("clean", True)
    result = judge(RETURN, "2025-Q1", {TABLE: [{**CLOSED, "APPDATE": ""}]}, tmp_path / "none")
    assert result.outcome.verdict == "rejected"
    assert codes(result) == [("HL100", None), ("REQUIRED", "150|A1")]


def test_a_case_is_sent_again_as_it_goes_on(tmp_path: Path) -> None:
    """Application, decision and outcome in three quarters; then once more without need."""
    first = {**APPLICATION, "APPDATE": "10062025"}
    second = {**DECIDED, "APPDATE": "10062025"}
    third = {**CLOSED, "APPDATE": "10062025"}
    applied = judge(RETURN, "2025-Q1", {TABLE: [first]}, tmp_path / "1")
    decided = judge(RETURN, "2025-Q2", {TABLE: [second]}, tmp_path / "2", applied)
    closed = judge(RETURN, "2025-Q3", {TABLE: [third]}, tmp_path / "3", decided)
    again = judge(RETURN, "2025-Q4", {TABLE: [third]}, tmp_path / "4", closed)
    back = judge(RETURN, "2025-Q4", {TABLE: [first]}, tmp_path / "5", closed)
    assert [codes(item) for item in (applied, decided, closed)] == [[], [], []]
    assert codes(again) == [("HL304", "150|A1")]
    assert codes(back) == [(code, "150|A1") for code in ("HL112", "HL301", "HL302")]
