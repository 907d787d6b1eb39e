"""Templates: what is in them, and that one that was filled in passes straight through."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lgdp.cli import main
from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import Catalogue, load_catalogue
from lgdp.errors import UsageError
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.reading import read_files
from lgdp.intake.sent_file import look_at
from lgdp.pipeline.precheck import Precheck, precheck
from lgdp.reports.template import make_template, write_template
from tests.unit.contracts.small_conf import RETURN, SPEC, load
from tests.unit.intake.sent import COUNCIL, LIMITS, SUBMISSION

Rows = Mapping[str, Sequence[Mapping[str, object]]]
BORN, SEEN = date(2014, 5, 17), date(2024, 9, 2)
PUPIL = {"local_authority": "Fife", "seed_code": "0400001", "scn": "223456789", "gender": "F"}
PUPIL |= {"stage": "P5", "status": "01", "eal_level": "EN", "home_postcode": "KY1 1AA"}
PUPIL |= dict.fromkeys(("free_school_meal", "looked_after", "additional_support"), "N")
ORIGIN = {"ethnic_background": "01", "national_identity": "01"}
EPISODE = {"child_id": "A1", "episode_start": SEEN}
CENSUS = {"pupilonrolltableid": "1", "NativeId": "007", "pupilonrollorderseqcolumn": "1"}
CENSUS |= {"schoolcensustableid": "3", "sourceid": "4", "upn": "A123456789012"}
CENSUS |= {"forename": "Ann", "surname": "Reid", "sex": "F", "ncyearactual": "6"}
CHILD = {"CHILD": "A1", "DOB": BORN}
FILLED: dict[str, tuple[str, str, Rows]] = {
    "ssda903": (
        "2024-25",
        "EX0000975",
        {
            "header": [{**CHILD, "SEX": "M", "ETHNIC": "WBRI", "UPN": "A123456789012"}],
            "episodes": [
                {"CHILD": "A1", "DECOM": date(2025, 2, 10), "RNE": "S", "LS": "C2", "CIN": "N1"}
                | {"PLACE": "U1", "PLACE_PROVIDER": "PR1", "HOME_POST": "AB1 2CD"}
                | {"PL_POST": "AB1 3CD", "URN": "SC123456"}
            ],
            "previous_permanence": [{**CHILD, "PREV_PERM": "Z1"}],
        },
    ),
    "looked_after": (
        "2024-25",
        "Fife",
        {
            "child": [
                {"local_authority": "Fife", "child_id": "A1", "scn": "223456789", "gender": "F"}
                | {"date_of_birth": BORN, "ethnic_group": "01", "disability": "0"}
            ],
            "episode": [{**EPISODE, "current_care_plan": "Yes"}],
            "placement": [{**EPISODE, "placement_start": SEEN, "placement_type": "01"}],
            "legal_reason": [{**EPISODE, "reason_start": SEEN, "legal_reason": "01"}],
        },
    ),
    "school_census": (
        "2025-spring",
        "EX0000975",
        {"pupilonroll": [{**CENSUS, "dob": BORN, "entrydate": date(2019, 9, 2)}]},
    ),
    "pupil_census": (
        "2024-25",
        "Fife",
        {
            "establishment": [
                {"seed_code": "0400001", "school_name": "A School", "sector": "PRI", "roll": 1}
            ],
            "pupil": [{**PUPIL, **ORIGIN, "date_of_birth": date(2015, 3, 1)}],
        },
    ),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(locate())


def write(catalogue: Catalogue, name: str, period: str, path: Path) -> Path:
    contract = catalogue.contract(name)
    write_template(make_template(contract, contract.read_period(period)), path)
    return path


def fill(path: Path, tables: Rows) -> None:
    """Write rows below the headings, as a person does with a spreadsheet program."""
    book = openpyxl.load_workbook(path)
    for table, rows in tables.items():
        sheet = book[table]
        headings = [cell.value for cell in sheet[1]]
        for number, row in enumerate(rows, start=2):
            for name, value in row.items():
                sheet.cell(number, headings.index(name) + 1).value = value  # type: ignore[assignment]
    book.save(path)


def checked(catalogue: Catalogue, path: Path, name: str, period: str, council: str) -> Precheck:
    limits = load_settings(locate().conf / "platform.yaml").limits
    return precheck(catalogue, limits, [path], name, period, council)


@pytest.mark.parametrize("name", FILLED)
def test_a_filled_template_passes_straight_through(
    name: str, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LGDP_CACHE", str(tmp_path / "cache"))
    period, council, tables = FILLED[name]
    path = write(catalogue, name, period, tmp_path / "filled.xlsx")
    fill(path, tables)
    result = checked(catalogue, path, name, period, council)
    failures = result.failures.to_pylist()
    assert [row for row in failures if row["severity"] != "info"] == []
    assert "OTHER_SHEET" in {row["code"] for row in failures}
    assert result.outcome.verdict == "clean"
    assert {name: counts.silver for name, counts in result.outcome.tables.items()} == {
        name: len(rows) for name, rows in tables.items()
    }


def templates(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Every return that is sent as a workbook, and each of its specs' first periods."""
    return [
        (name, str(period))
        for name, contract in sorted(catalogue.contracts.items())
        if "xlsx" in contract.statutory_return.formats
        for period in contract.milestones()
    ]


def test_every_template_there_is_is_known_again_by_all_its_sheets(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    found = templates(catalogue)
    assert {name for name, _ in found} >= {*FILLED}
    for name, period in found:
        path = write(catalogue, name, period, tmp_path / f"{name} {period}.xlsx")
        contract = catalogue.contract(name)
        ruleset = contract.ruleset(contract.read_period(period))
        rows = {
            table.sheet or table.name: [{table.columns[0].name: "x"}]
            for table in ruleset.spec.tables
        }
        fill(path, rows)
        scratch = tmp_path / f"{name} {period}"
        scratch.mkdir()
        sink = BronzeSink(scratch, SUBMISSION, COUNCIL)
        reading = read_files([look_at(path)], ruleset, ("xlsx",), LIMITS, sink)
        assert {each.code for each in reading.findings} == {"OTHER_SHEET"}, (name, period)
        assert reading.rows == {table.name: 1 for table in ruleset.spec.tables}


def small(tmp_path: Path, **conf: Any) -> openpyxl.Workbook:
    catalogue = load(tmp_path, **conf)
    return openpyxl.load_workbook(write(catalogue, "care", "2020-21", tmp_path / "t.xlsx"))


def test_the_sheets_are_guidance_tables_and_codes(tmp_path: Path) -> None:
    book = small(tmp_path)
    assert book.sheetnames == ["Guidance", "child", "visit", "Codes"]
    assert [cell.value for cell in book["child"][1]] == ["ID", "BORN", "COLOUR", "WEIGHT"]
    assert [row[:3] for row in book["Codes"].iter_rows(values_only=True)] == [
        ("Code list", "Code", "Meaning"),
        ("colour", "RED", "Red"),
        ("colour", "BLUE", "Blue"),
    ]
    assert book.defined_names["codes_colour"].attr_text == "'Codes'!$B$2:$B$3"


def test_a_heading_says_what_the_column_takes(tmp_path: Path) -> None:
    sheet = small(tmp_path)["child"]
    needed, free = sheet["B1"], sheet["D1"]
    assert needed.comment is not None
    assert needed.comment.text.splitlines() == [
        "BORN",
        "Must be filled in.",
        "A date written dd/MM/yyyy, such as 31/03/2025.",
    ]
    assert free.comment is not None
    assert "May be blank." in free.comment.text
    assert needed.fill.fgColor.rgb != free.fill.fgColor.rgb
    assert sheet.freeze_panes == "A2"


def test_cells_take_what_the_column_takes(tmp_path: Path) -> None:
    book = small(tmp_path)
    rules = {
        str(rule.sqref): (rule.type, rule.formula1, rule.errorStyle)
        for sheet in ("child", "visit")
        for rule in book[sheet].data_validations.dataValidation
    }
    assert rules["C2:C1048576"][:2] == ("list", '"Y,N"')
    colours = [r for r in book["child"].data_validations.dataValidation if r.type == "list"]
    assert [(str(r.sqref), r.formula1) for r in colours] == [("C2:C1048576", "codes_colour")]
    assert rules["B2:B1048576"][0] == "date"
    assert rules["D2:D1048576"][0] in ("decimal", "whole")
    formats = {letter: book["child"].column_dimensions[letter].number_format for letter in "ABCD"}
    assert formats == {"A": "@", "B": "dd/mm/yyyy", "C": "@", "D": "0.00"}


def test_a_code_that_may_be_explained_may_be_written(tmp_path: Path) -> None:
    spec = SPEC.replace("codes: colour,", "codes: colour, severity: {codes: warning},")
    book = small(tmp_path, specs={"2020-21": spec})
    (rule,) = [r for r in book["child"].data_validations.dataValidation if r.type == "list"]
    assert rule.errorStyle == "warning"


def test_a_table_named_like_a_sheet_of_ours_keeps_its_name(tmp_path: Path) -> None:
    spec = SPEC.replace("  visit:\n", "  codes:\n", 1)
    assert small(tmp_path, specs={"2020-21": spec}).sheetnames == [
        "Guidance", "child", "codes", "About Codes",
    ]  # fmt: skip


def test_the_guidance_lists_every_column_and_the_dates(tmp_path: Path) -> None:
    rows = list(small(tmp_path)["Guidance"].iter_rows(values_only=True))
    texts = [str(row[0]) for row in rows if row[0]]
    assert "Due on 30 April 2021; taken, as late, until 30 June 2021." in texts[1]
    columns = [row[1:6] for row in rows if row[1]]
    assert columns[1:4] == [
        ("ID", "yes: says which record it is", "", "Text", ""),
        ("BORN", "yes", "", "A date written dd/MM/yyyy, such as 31/03/2025", "31/03/2025"),
        ("COLOUR", "", "", "One of: RED (Red), BLUE (Blue)", "RED"),
    ]
    assert len(columns) == 1 + 4 + 5


def test_a_return_that_is_not_sent_as_a_workbook_has_no_template(tmp_path: Path) -> None:
    ret = RETURN.replace("formats: [csv, xml, xlsx]", "formats: [csv, xml]")
    contract = load(tmp_path, ret=ret).contract("care")
    with pytest.raises(UsageError, match="care is sent as CSV or XML, not as a workbook"):
        make_template(contract, contract.read_period("2020-21"))


def test_a_sheet_name_that_no_workbook_takes_is_named(tmp_path: Path) -> None:
    spec = SPEC.replace("title: Visits", f"title: Visits\n    sheet: {'v' * 32}")
    contract = load(tmp_path, specs={"2020-21": spec}).contract("care")
    with pytest.raises(UsageError, match="Give the table visit a shorter 'sheet'"):
        make_template(contract, contract.read_period("2020-21"))


def test_the_command_writes_it_and_never_over_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["lgdp", "template", "ssda903", "--period", "2024-25", "--conf", str(locate().conf)]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr().out) == (
        0,
        "The template is in ssda903-2024-25.xlsx\n",
    )
    made = (tmp_path / "ssda903-2024-25.xlsx").read_bytes()
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "is there already and may be filled in" in capsys.readouterr().err
    assert (tmp_path / "ssda903-2024-25.xlsx").read_bytes() == made
