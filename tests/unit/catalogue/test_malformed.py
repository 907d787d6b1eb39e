"""No file crashes, none is accepted in silence, and each answer names the defect."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lgdp.contracts.contract import Contract
from tests.unit.catalogue.answers import EVERY_FORM, answer
from tests.unit.catalogue.malformed import DOC, TEXT, Case, cases
from tests.unit.contracts.small_conf import care
from tests.unit.intake.made_files import ods, ods_rows, packed, xls
from tests.unit.intake.sent import Read, read
from tests.unit.intake.test_workbooks import VISIT, workbook

CASES = cases()


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    return care(tmp_path_factory.mktemp("care"), ret=EVERY_FORM)


def file_name(case: Case) -> str:
    return f"visit.{case.name.partition(':')[0]}"


def codes_of(got: Read) -> set[str]:
    defects = {row["_defect"] for rows in got.tables.values() for row in rows}
    return {*got.codes, *defects} - {None}


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_malformed_file_is_answered_with_its_defect(
    case: Case, contract: Contract, tmp_path: Path
) -> None:
    got = read(tmp_path, {file_name(case): case.content}, contract=contract)
    assert codes_of(got) & set(case.code.split("|"))


def test_names_of_cases_are_different() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > 300


@pytest.mark.parametrize("case", CASES[::12], ids=[case.name for case in CASES[::12]])
def test_a_malformed_file_is_answered_at_the_desk(case: Case, tmp_path: Path) -> None:
    got = answer(tmp_path, {file_name(case): case.content})
    assert got.verdict in ("rejected", "has errors", "has queries", "clean")
    assert got.failures
    assert all(failure["message"] for failure in got.failures)


HEADING = TEXT.splitlines()[0].encode()
ROW = ("A1", "01/02/2021", "Y", 5, "n")
GOOD = {
    "visit.csv": TEXT.encode(),
    "visit.json": b'[{"ID": "A1", "SEEN": "01/02/2021", "x": [1, {"y": null}]}]',
    "visit.xml": DOC.encode(),
    "visit.xlsx": workbook({"visit": [VISIT, ROW]}),
    "visit.xls": xls({"visit": [VISIT, ROW]}),
    "visit.ods": ods({"visit": ods_rows([VISIT, ROW])}),
    "visit.zip": packed({"visit.csv": TEXT}),
}


@settings(deadline=None, max_examples=400)
@given(data=st.data())
def test_a_file_with_any_bytes_changed_is_rows_or_refused(
    data: st.DataObject, contract: Contract, tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = data.draw(st.sampled_from(sorted(GOOD)))
    content = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(["change", "cut out", "put in", "cut off"]))
        if kind == "change":
            content[at] = data.draw(st.integers(0, 255))
        elif kind == "cut out":
            del content[at : at + data.draw(st.integers(1, 20))]
        elif kind == "put in":
            content[at:at] = data.draw(st.binary(min_size=1, max_size=20))
        else:
            del content[at:]
        if not content:
            break
    got = read(tmp_path_factory.mktemp("changed"), {name: bytes(content)}, contract=contract)
    assert all(message for _, message, _ in got.refusals)
    # A heading alone is a nil return (entry 18), which has neither rows nor anything to be told.
    is_heading = [line for line in bytes(content).splitlines() if line.strip()] == [HEADING]
    assert got.refusals or got.tables or got.findings or name != "visit.csv" or is_heading


@settings(deadline=None, max_examples=300)
@given(content=st.binary(max_size=200), name=st.sampled_from(sorted(GOOD)))
def test_any_bytes_under_any_name_are_answered(
    content: bytes, name: str, contract: Contract, tmp_path_factory: pytest.TempPathFactory
) -> None:
    got = read(tmp_path_factory.mktemp("any"), {name: content}, contract=contract)
    assert got.findings
