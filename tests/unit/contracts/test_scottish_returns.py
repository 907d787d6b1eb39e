"""The two Scottish returns: their tables by year, codes by year, dates, and the XML form."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lgdp.checks.compiled import compile_rules
from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import Catalogue, load_catalogue
from lgdp.contracts.contract import Contract
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.window import deadlines_of
from lgdp.errors import UnknownPeriod
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.reading import read_files
from lgdp.intake.sent_file import look_at

RETURNS = ("looked_after", "pupil_census")
LOOKED_AFTER = {"child": 8, "episode": 7, "placement": 6, "legal_reason": 5}
PUPILS = {"pupil": 16, "establishment": 5}

XML = """<?xml version="1.0" encoding="UTF-8"?>
<looked_after>
  <child>
    <local_authority>S12000040</local_authority>
    <child_id>P1</child_id>
    <date_of_birth>2015-03-01</date_of_birth>
    <gender>F</gender>
    <episode>
      <episode_start>2023-01-10</episode_start>
      <episode_end>2023-10-01</episode_end>
    </episode>
    <episode>
      <episode_start>2024-02-01</episode_start>
    </episode>
    <placement>
      <episode_start>2024-02-01</episode_start>
      <placement_start>2024-02-01</placement_start>
      <placement_type>02</placement_type>
    </placement>
    <legal_reason>
      <episode_start>2024-02-01</episode_start>
      <reason_start>2024-02-01</reason_start>
      <legal_reason>01</legal_reason>
    </legal_reason>
  </child>
</looked_after>
"""


@cache
def catalogue_of(name: str) -> Catalogue:
    return load_catalogue(locate(), only=name)


def contract_of(name: str) -> Contract:
    return catalogue_of(name).contract(name)


def ruleset_of(name: str, period: str) -> Ruleset:
    contract = contract_of(name)
    return contract.ruleset(contract.read_period(period))


@pytest.mark.parametrize(
    ("name", "period", "expected"),
    [
        ("looked_after", "2022-23", LOOKED_AFTER),
        ("looked_after", "2023-24", LOOKED_AFTER),
        ("looked_after", "2024-25", {**LOOKED_AFTER, "child": 9, "episode": 8}),
        ("pupil_census", "2023-24", PUPILS),
        ("pupil_census", "2025-26", {**PUPILS, "pupil": 17}),
    ],
)
def test_tables_and_columns_of_a_period(name: str, period: str, expected: dict[str, int]) -> None:
    tables = ruleset_of(name, period).spec.tables
    assert {table.name: len(table.columns) for table in tables} == expected


@pytest.mark.parametrize("name", RETURNS)
def test_the_year_is_that_of_schools(name: str) -> None:
    period = contract_of(name).read_period("2024-25")
    assert (period.start, period.end) == (date(2024, 8, 1), date(2025, 7, 31))


@pytest.mark.parametrize("name", RETURNS)
def test_there_is_nothing_before_the_first_spec(name: str) -> None:
    with pytest.raises(UnknownPeriod, match="its first is for 2022-23"):
        contract_of(name).read_period("2021-22")


@pytest.mark.parametrize(
    ("name", "due", "closes"),
    [
        ("looked_after", date(2025, 11, 27), date(2025, 12, 27)),
        ("pupil_census", date(2025, 11, 30), date(2025, 12, 31)),
    ],
)
def test_dates_of_a_collection(name: str, due: date, closes: date) -> None:
    contract = contract_of(name)
    dates = deadlines_of(contract.statutory_return.window, contract.read_period("2024-25"))
    assert (dates.due, dates.closes, dates.locked) == (due, closes, date(2028, 7, 31))


@pytest.mark.parametrize("name", RETURNS)
def test_the_scottish_councils_owe_it(name: str) -> None:
    catalogue = catalogue_of(name)
    owing = catalogue.councils.owing(catalogue.contract(name).statutory_return.owed_by)
    assert len(owing) == 32


@pytest.mark.parametrize("name", RETURNS)
def test_codes_that_are_not_public_are_marked(name: str) -> None:
    contract = contract_of(name)
    prefix = name.removesuffix("_census")
    own = [codes for codes in contract.codes.values() if codes.name.startswith(f"{prefix}_")]
    assert len(own) == 8
    assert {codes.status for codes in own} == {"illustrative"}


def test_a_code_ends_with_a_year() -> None:
    codes = {year: ruleset_of("looked_after", year).codes for year in ("2023-24", "2024-25")}
    for name, code in (("looked_after_legal_reason", "09"), ("looked_after_placement_type", "11")):
        assert code in codes["2023-24"][name]
        assert code not in codes["2024-25"][name]


@pytest.mark.parametrize(
    ("name", "before", "since"), [("looked_after", 61, 62), ("pupil_census", 47, 48)]
)
def test_the_suites_compile_in_every_year(name: str, before: int, since: int) -> None:
    counts = {
        period: sum(
            rule.origin == "suite" for rule in compile_rules(ruleset_of(name, period)).rules
        )
        for period in ("2022-23", "2023-24", "2024-25", "2025-26")
    }
    assert counts == {
        "2022-23": before,
        "2023-24": before,
        "2024-25": since,
        "2025-26": since,
    }


def test_what_says_whose_the_data_is() -> None:
    found = [
        (item.table, item.column, item.says)
        for name in RETURNS
        for item in ruleset_of(name, "2024-25").spec.identity
    ]
    assert found == [
        ("child", "local_authority", "council"),
        ("pupil", "local_authority", "council"),
    ]


@pytest.mark.parametrize("name", RETURNS)
def test_what_identifies_people_is_degraded_when_shared(name: str) -> None:
    for table in ruleset_of(name, "2024-25").spec.tables:
        for column in table.columns:
            if column.name in ("child_id", "scn", "date_of_birth", "home_postcode"):
                assert column.personal, f"{table.name}.{column.name}"
                assert column.degrade != "none", f"{table.name}.{column.name}"


def test_xml_gives_the_rows_of_the_tables(tmp_path: Path) -> None:
    (tmp_path / "return.xml").write_text(XML, encoding="utf-8")
    sink = BronzeSink(tmp_path, "0" * 32, "S12000040")
    limits = load_settings(locate().conf / "platform.yaml").limits
    sent = [look_at(tmp_path / "return.xml")]
    reading = read_files(sent, ruleset_of("looked_after", "2023-24"), ("xml",), limits, sink)
    assert reading.findings == ()
    assert reading.rows == {"child": 1, "episode": 2, "placement": 1, "legal_reason": 1}
    episodes = pq.read_table(reading.paths["episode"]).to_pylist()
    assert [(row["child_id"], row["episode_start"], row["episode_end"]) for row in episodes] == [
        ("P1", "2023-01-10", "2023-10-01"),
        ("P1", "2024-02-01", None),
    ]
    (reason,) = pq.read_table(reading.paths["legal_reason"]).to_pylist()
    assert (reason["child_id"], reason["legal_reason"], reason["_extra"]) == ("P1", "01", None)
