"""Councils are known by codes old and new, by numbers and by spellings; others are not guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from lgdp.config import locate
from lgdp.contracts.council import Councils, fold_name, load_councils
from lgdp.errors import ConfigurationError, Problem, UnknownCouncil
from tests.unit.contracts.small_conf import COUNCILS, load


@pytest.fixture(scope="module")
def councils() -> Councils:
    """The project's own register."""
    problems: list[Problem] = []
    loaded = load_councils(locate().conf / "councils.csv", problems)
    assert problems == []
    return loaded


def test_the_register_has_32_councils_and_two_examples(councils: Councils) -> None:
    assert len(councils.owing("scotland")) == 32
    assert [council.code for council in councils.owing("example")] == ["EX0000201", "EX0000975"]
    assert councils.owing("nobody") == ()
    assert len({council.code for council in councils}) == 34


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("S12000047", "S12000047"),
        ("s12000047", "S12000047"),
        ("S12000015", "S12000047"),  # Fife until 2018
        ("S12000024", "S12000048"),  # Perth and Kinross until 2018
        ("S12000044", "S12000050"),  # North Lanarkshire until 2019
        ("S12000046", "S12000049"),  # Glasgow City until 2019
        ("250", "S12000047"),  # Scottish Government's number
        ("16", "S12000047"),  # Public Health Scotland's number
        ("Fife", "S12000047"),
        ("  FIFE   council ", "S12000047"),
        ("Perth & Kinross", "S12000048"),
        ("perth and kinross council", "S12000048"),
        ("Western Isles Council", "S12000013"),
        ("Na h-Eileanan Siar", "S12000013"),
        ("The Highland Council", "S12000017"),
        ("975", "EX0000975"),
    ],
)
def test_a_council_is_known_by_every_code_and_spelling(
    text: str, code: str, councils: Councils
) -> None:
    assert councils.resolve(text).code == code
    assert fold_name(text) in councils.names_of(code)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Glasgo", "'Glasgo' is not a council that is known; did you mean Glasgow City?"),
        ("Narnia", "'Narnia' is not a council that is known; see conf/councils.csv"),
        ("", "'' is not a council that is known; see conf/councils.csv"),
        ("council", "'council' is not a council that is known; see conf/councils.csv"),
    ],
)
def test_an_unknown_council_is_told_with_the_nearest(
    text: str, message: str, councils: Councils
) -> None:
    with pytest.raises(UnknownCouncil) as caught:
        councils.resolve(text)
    assert str(caught.value) == message
    assert caught.value.exit_code == 2


def test_a_code_of_the_lake_is_a_current_one(councils: Councils) -> None:
    assert councils.by_code("S12000047").official_name == "Fife Council"
    with pytest.raises(UnknownCouncil, match=r"^'S12000015' is not the current code of a council$"):
        councils.by_code("S12000015")


def test_a_spelling_names_one_council_only(tmp_path: Path) -> None:
    councils = COUNCILS.replace("S12000015,", "S12000015,Clackmannan Council|Perth + Kinross")
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, councils=councils)
    assert [str(problem) for problem in caught.value.problems] == [
        "councils.csv: S12000047: 'Clackmannan Council' already names Clackmannanshire",
        "councils.csv: S12000048: 'Perth & Kinross Council' already names Fife",
        "councils.csv: S12000048: 'Perth and Kinross' already names Fife",
    ]


def test_owed_by_takes_any_name_of_a_council(tmp_path: Path) -> None:
    councils = load(tmp_path).councils
    owing = councils.owing(("Fife", "S12000099"))
    assert [council.code for council in owing] == ["S12000047", "S12000048"]
