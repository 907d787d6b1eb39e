"""Each rule of the pupil census: a school or pupil that breaks it, and one that just does not.

All schools are judged at once, in the census of 2024-25 with that of 2023-24 before it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.rules.judged import Judged, catalogue, judge
from tests.unit.rules.trial import read_cases, tried_both_ways

Row = dict[str, str]
TABLES = ("pupil", "establishment")


class School:
    """What is sent of one school with ten pupils, the first of whom is the one that is changed."""

    def __init__(self) -> None:
        self.establishment: Row = {"sector": "PRI", "capacity": "20", "roll": "10"}
        self.pupils: list[Row] = [
            {
                "local_authority": "Clackmannanshire",
                "date_of_birth": "2018-03",
                "gender": "M",
                "stage": "P2",
                "status": "01",
                "home_postcode": "FK10 1AB",
                "free_school_meal": "N",
                "looked_after": "N",
                "additional_support": "N",
                "eal_level": "EN",
                "home_language": "English",
                "ethnic_background": "01",
                "national_identity": "01",
            }
        ] * 10
        self.before: School | None = None

    def school(self, **values: str) -> School:
        self.establishment |= values
        return self

    def pupil(self, **values: str) -> School:
        self.pupils = [{**self.pupils[0], **values}, *self.pupils[1:]]
        return self

    def size(self, pupils: int) -> School:
        """Send so many pupils, whatever the roll says."""
        self.pupils = self.pupils[:1] * pupils
        return self

    def after(self, before: School) -> School:
        self.before = before
        return self


SUPPORT = {"additional_support": "Y"}
Pair = tuple[Callable[[], School], Callable[[], School]]
PUPIL_CASES: dict[str, Pair] = {
    "PUP101": (lambda: School().pupil(scn="190000001"), School),
    "PUP102": (lambda: School().pupil(seed_code="9999999"), School),
    "PUP103": (
        lambda: School().after(School().pupil(stage="P3")),
        lambda: School().after(School().pupil(stage="P2")),
    ),
    "PUP104": (
        lambda: School().after(School().pupil(date_of_birth="2018-04")),
        lambda: School().after(School()),
    ),
    "PUP105": (
        lambda: School().pupil(date_of_birth="2024-09"),
        lambda: School().pupil(date_of_birth="2024-08"),
    ),
    "PUP106": (
        lambda: School().pupil(date_of_birth="2020-09"),
        lambda: School().pupil(date_of_birth="2020-08"),
    ),
    "PUP107": (
        lambda: School().school(sector="SEC").pupil(stage="S1", date_of_birth="2014-09"),
        lambda: School().school(sector="SEC").pupil(stage="S1", date_of_birth="2014-08"),
    ),
    "PUP108": (lambda: School().pupil(stage="S1"), lambda: School().pupil(stage="SP", **SUPPORT)),
    "PUP109": (lambda: School().pupil(home_postcode=""), School),
    "PUP110": (
        lambda: School().pupil(home_postcode="NE1 1AA"),
        lambda: School().pupil(home_postcode="td15 1aa"),
    ),
    "PUP111": (
        lambda: School().pupil(support_plan="IEP"),
        lambda: School().pupil(support_plan="iep", **SUPPORT),
    ),
    "PUP112": (lambda: School().pupil(stage="SP"), lambda: School().pupil(stage="SP", **SUPPORT)),
    "PUP113": (
        lambda: School().pupil(ethnic_background=""),
        lambda: School().pupil(ethnic_background="99"),
    ),
    "PUP114": (
        lambda: School().pupil(national_identity=""),
        lambda: School().pupil(national_identity="98"),
    ),
    "PUP115": (lambda: School().pupil(home_language="lang 4"), School),
    "PUP116": (lambda: School().pupil(scn="999999999"), lambda: School().pupil(scn="999999998")),
    "PUP117": (
        lambda: School().pupil(home_language="Polski"),
        lambda: School().pupil(home_language="Polski", eal_level="5"),
    ),
}
SCHOOL_CASES: dict[str, Pair] = {
    "PUP201": (School, School),
    "PUP202": (lambda: School().school(roll="-1"), lambda: School().school(roll="0")),
    "PUP203": (lambda: School().school(capacity="9"), lambda: School().school(capacity="10")),
    "PUP204": (lambda: School().size(0), lambda: School().size(1)),
    "PUP205": (lambda: School().size(8), lambda: School().size(9)),
    "PUP206": (
        lambda: School().after(School().school(roll="21")),
        lambda: School().after(School().school(roll="20")),
    ),
    "PUP207": (lambda: School().school(school_name="St Thérèse's"), School),
    "PUP208": (
        lambda: School().after(School().school(sector="SPE")),
        lambda: School().after(School()),
    ),
    "PUP209": (
        lambda: School().school(school_name="PS 1"),
        lambda: School().school(school_name="PS 10"),
    ),
}
CASES = {**PUPIL_CASES, **SCHOOL_CASES}
BREAKS, KEEPS, TWIN = range(3)


def seed(code: str, kind: int) -> str:
    """The number of the school of a case."""
    return f"{list(CASES).index(code) + 10}{kind}0000"


def scn(code: str, kind: int, pupil: int = 0) -> str:
    return f"2{list(CASES).index(code) + 10}{kind}{pupil:05d}"


def schools(code: str) -> list[tuple[int, School]]:
    """The school that breaks a rule and the one that keeps it; uniqueness needs a third."""
    breaks, keeps = CASES[code]
    twins = [(TWIN, breaks())] if code in ("PUP101", "PUP207") else []
    return [(BREAKS, breaks()), (KEEPS, keeps()), *twins]


def gathered(of_year_before: bool) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {table: [] for table in TABLES}
    for code in CASES:
        for kind, school in schools(code):
            told = school.before if of_year_before else school
            if told is None:
                continue
            own = {"seed_code": seed(code, kind)}
            name = {"school_name": f"School {code} {kind}"}
            rows["establishment"].append({**own, **name, **told.establishment})
            if code == "PUP201" and kind == BREAKS:
                rows["establishment"].append({**own, **name, **told.establishment})
            rows["pupil"] += [
                {**own, "scn": scn(code, kind, number), **pupil}
                for number, pupil in enumerate(told.pupils)
            ]
    return rows


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    scratch = tmp_path_factory.mktemp("pupil_census")
    before = judge("pupil_census", "2023-24", gathered(True), scratch / "before")
    return judge("pupil_census", "2024-25", gathered(False), scratch / "now", before)


def of_case(code: str, found: set[str]) -> set[str]:
    own = {seed(code, kind) for kind, _ in schools(code)}
    own |= {
        pupil.get("scn", scn(code, kind, number))
        for kind, school in schools(code)
        for number, pupil in enumerate(school.pupils)
    }
    return found & own


@pytest.mark.parametrize("code", PUPIL_CASES)
def test_a_pupil_breaks_the_rule_and_its_neighbour_just_does_not(judged: Judged, code: str) -> None:
    own_number = {"PUP101": {"190000001"}, "PUP116": {"999999999"}}
    expected = own_number.get(code, {scn(code, BREAKS)})
    assert of_case(code, judged.failing(code)) == expected


@pytest.mark.parametrize("code", SCHOOL_CASES)
def test_a_school_breaks_the_rule_and_its_neighbour_just_does_not(
    judged: Judged, code: str
) -> None:
    both = {"PUP207": {seed(code, BREAKS), seed(code, TWIN)}}
    expected = both.get(code, {seed(code, BREAKS)})
    assert of_case(code, judged.failing(code)) == expected


def test_every_rule_of_the_suites_has_a_case() -> None:
    contract = catalogue("pupil_census").contract("pupil_census")
    codes = {rule.meta.code for suite in contract.suites.values() for rule in suite.expectations}
    elsewhere = {code for _, code in tried_both_ways(read_cases("pupil_census", "2024-25"))}
    assert codes == {*CASES, *elsewhere, "PUP100", "PUP200"}


def test_a_school_that_is_kept_out_takes_its_pupils_along(judged: Judged) -> None:
    followers = [
        failure
        for failure in judged.failures
        if failure["code"] == "PUP102" and failure["consequence_of"] is not None
    ]
    number = next(failure["row"] for failure in judged.failures if failure["code"] == "PUP202")
    of_school = {scn("PUP202", BREAKS, pupil) for pupil in range(10)}
    took = {
        str(row["key"]) for row in followers if row["consequence_of"] == f"establishment:{number}"
    }
    assert took == of_school


def test_schools_without_pupils_or_pupils_without_schools_are_no_delivery(tmp_path: Path) -> None:
    rows = {
        "establishment": [
            {"seed_code": "1012345", "school_name": "Alone", **School().establishment}
        ]
    }
    result = judge("pupil_census", "2024-25", rows, tmp_path / "now")
    assert result.outcome.verdict == "rejected"
    assert [failure["code"] for failure in result.failures] == ["PUP204", "PUP100"]


def test_an_empty_delivery_is_refused(tmp_path: Path) -> None:
    result = judge("pupil_census", "2024-25", {}, tmp_path / "now")
    assert result.outcome.verdict == "rejected"
    assert [failure["code"] for failure in result.failures] == ["NIL_NOT_ALLOWED"]
