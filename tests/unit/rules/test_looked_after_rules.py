"""Each rule of Children Looked After: a child whose rows break it, and one whose just do not.

All children are judged at once, in the return of 2024-25 with that of 2023-24 before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.rules.judged import Judged, catalogue, judge
from tests.unit.rules.trial import read_cases, tried_both_ways

TABLES = ("child", "episode", "placement", "legal_reason")
Row = dict[str, str]


class Family:
    """What is sent of one child: looked after since January 2024, and what is changed of that."""

    def __init__(self, left: str = "") -> None:
        key = {"episode_start": "2024-01-10"}
        self.rows: dict[str, list[Row]] = {
            "child": [
                {
                    "local_authority": "S12000005",
                    "date_of_birth": "2015-03-01",
                    "gender": "F",
                    "ethnic_group": "01",
                    "disability": "0",
                    "religion": "00",
                }
            ],
            "episode": [{**key, "episode_end": left, "current_care_plan": "Y"}],
            "placement": [
                {
                    **key,
                    "placement_start": "2024-01-10",
                    "placement_end": left,
                    "placement_type": "02",
                }
            ],
            "legal_reason": [
                {**key, "reason_start": "2024-01-10", "reason_end": left, "legal_reason": "01"}
            ],
        }
        if left:
            self.rows["episode"][0]["destination"] = "01"
        self.before: Family | None = None

    def put(self, table: str, **values: str) -> Family:
        """Change the last row of a table."""
        self.rows[table][-1] = {**self.rows[table][-1], **values}
        return self

    def start(self, day: str) -> Family:
        """Move the start of the episode, and all that lies on it."""
        self.put("episode", episode_start=day)
        self.put("placement", episode_start=day, placement_start=day)
        return self.put("legal_reason", episode_start=day, reason_start=day)

    def add(self, table: str, **values: str) -> Family:
        """Add a row like the last one of a table."""
        self.rows[table].append({**self.rows[table][-1], **values})
        return self

    def again(self, day: str, left: str = "") -> Family:
        """Add an episode that starts that day, with all that belongs to it."""
        self.add("episode", episode_start=day, episode_end=left, destination="01" if left else "")
        self.add("placement", episode_start=day, placement_start=day, placement_end=left)
        return self.add("legal_reason", episode_start=day, reason_start=day, reason_end=left)

    def drop(self, table: str) -> Family:
        self.rows[table].clear()
        return self

    def after(self, before: Family) -> Family:
        """Say what the return of the year before held."""
        self.before = before
        return self


PATHWAY = {"pathway_plan": "Y", "pathway_coordinator": "N"}
LEFT = "2025-02-01"

Pair = tuple[Callable[[], Family], Callable[[], Family]]
CASES: dict[str, Pair] = {
    "LAC101": (lambda: Family().add("child"), Family),
    "LAC102": (
        lambda: Family().put("child", scn="1.23E+08"),
        lambda: Family().put("child", scn="140100001"),
    ),
    "LAC103": (
        lambda: Family().put("child", scn="140100002"),
        lambda: Family().put("child", scn="140100003"),
    ),
    "LAC104": (
        lambda: Family().put("child", date_of_birth="2019-08-01"),
        lambda: Family().put("child", date_of_birth="2019-08-02"),
    ),
    "LAC105": (
        lambda: Family().put("child", date_of_birth="2025-08-01"),
        lambda: Family().put("child", date_of_birth="2025-07-31"),
    ),
    "LAC106": (
        lambda: Family().put("child", date_of_birth="2006-08-01"),
        lambda: Family().put("child", date_of_birth="2006-08-02"),
    ),
    "LAC107": (lambda: Family().drop("episode"), Family),
    "LAC108": (
        lambda: Family().after(Family().put("child", date_of_birth="2015-03-02")),
        lambda: Family().after(Family()),
    ),
    "LAC109": (
        lambda: Family().start("2024-09-02").after(Family()),
        lambda: Family().start("2024-09-02").after(Family("2024-07-31")),
    ),
    "LAC110": (
        lambda: Family().put("child", child_id="1.23E+11"),
        lambda: Family().put("child", child_id="123E11A"),
    ),
    "LAC201": (lambda: Family().add("episode"), lambda: Family(LEFT).again("2025-03-01")),
    "LAC202": (lambda: Family().drop("child"), Family),
    "LAC203": (
        lambda: Family("2024-09-01").start("2024-09-02"),
        lambda: Family("2024-09-01").start("2024-09-01"),
    ),
    "LAC204": (lambda: Family().start("2025-08-01"), lambda: Family().start("2025-07-31")),
    "LAC205": (lambda: Family("2025-08-01"), lambda: Family("2025-07-31")),
    "LAC206": (lambda: Family("2024-07-31"), lambda: Family("2024-08-01")),
    "LAC207": (
        lambda: Family().put("child", date_of_birth="2024-01-11"),
        lambda: Family().put("child", date_of_birth="2024-01-10"),
    ),
    "LAC208": (
        lambda: Family(LEFT).again("2025-01-31"),
        lambda: Family(LEFT).again(LEFT),
    ),
    "LAC209": (lambda: Family().again("2025-03-01"), lambda: Family(LEFT).again("2025-03-01")),
    "LAC210": (lambda: Family().drop("placement"), Family),
    "LAC211": (
        lambda: Family().put("legal_reason", reason_start="2024-01-11"),
        lambda: Family().put("legal_reason", reason_start="2024-01-09", reason_end="2024-01-10"),
    ),
    "LAC212": (lambda: Family(LEFT).put("episode", destination=""), lambda: Family(LEFT)),
    "LAC213": (lambda: Family().put("episode", destination="01"), Family),
    "LAC214": (
        lambda: Family(LEFT).put("child", date_of_birth="2009-02-01"),
        lambda: Family(LEFT).put("child", date_of_birth="2009-02-02"),
    ),
    "LAC215": (
        lambda: Family(LEFT).put("episode", pathway_plan="Y"),
        lambda: Family(LEFT).put("episode", **PATHWAY),
    ),
    "LAC216": (
        lambda: Family().after(Family("2024-07-31")),
        lambda: Family(LEFT).after(Family("2024-07-31")),
    ),
    "LAC301": (
        lambda: Family().add("placement"),
        lambda: (
            Family()
            .put("placement", placement_end="2024-05-01")
            .add("placement", placement_start="2024-05-01", placement_end="")
        ),
    ),
    "LAC302": (lambda: Family().put("placement", episode_start="2024-01-09"), Family),
    "LAC303": (
        lambda: Family().put("placement", placement_end="2024-01-09"),
        lambda: Family().put("placement", placement_end="2024-01-10"),
    ),
    "LAC304": (
        lambda: Family().put("placement", placement_start="2024-01-09"),
        lambda: Family().put("placement", placement_start="2024-01-10"),
    ),
    "LAC305": (
        lambda: Family(LEFT).put("placement", placement_end="2025-02-02"),
        lambda: Family(LEFT).put("placement", placement_end=LEFT),
    ),
    "LAC306": (lambda: Family(LEFT).put("placement", placement_end=""), lambda: Family(LEFT)),
    "LAC307": (
        lambda: (
            Family()
            .put("placement", placement_end="2024-05-02")
            .add("placement", placement_start="2024-05-01", placement_end="")
        ),
        lambda: (
            Family()
            .put("placement", placement_end="2024-05-01")
            .add("placement", placement_start="2024-05-01", placement_end="")
        ),
    ),
    "LAC308": (
        lambda: Family().add("placement", placement_start="2024-05-01"),
        lambda: (
            Family()
            .put("placement", placement_end="2024-04-30")
            .add("placement", placement_start="2024-05-01", placement_end="")
        ),
    ),
    "LAC309": (
        lambda: Family().put("placement", placement_end="2025-08-01"),
        lambda: Family().put("placement", placement_end="2025-07-31"),
    ),
    "LAC310": (
        lambda: Family().put("placement", placement_type="04"),
        lambda: Family().put("placement", placement_type="04", foster_type="p"),
    ),
    "LAC311": (
        lambda: Family().put("placement", placement_type="05", foster_type="P"),
        lambda: Family().put("placement", placement_type="05"),
    ),
    "LAC401": (
        lambda: Family().add("legal_reason"),
        lambda: Family().add("legal_reason", legal_reason="02"),
    ),
    "LAC402": (lambda: Family().put("legal_reason", episode_start="2024-01-11"), Family),
    "LAC403": (
        lambda: Family().put("legal_reason", reason_end="2024-01-09"),
        lambda: Family().put("legal_reason", reason_end="2024-01-10"),
    ),
    "LAC404": (lambda: Family(LEFT).put("legal_reason", reason_end=""), lambda: Family(LEFT)),
    "LAC405": (
        lambda: Family(LEFT).add("legal_reason", reason_start="2025-02-02", reason_end=""),
        lambda: Family(LEFT).add("legal_reason", reason_start=LEFT),
    ),
    "LAC406": (
        lambda: Family().put("legal_reason", reason_end="2025-08-01"),
        lambda: Family().put("legal_reason", reason_end="2025-07-31"),
    ),
    "LAC407": (
        lambda: Family(LEFT).put("legal_reason", reason_end="2025-02-02"),
        lambda: Family(LEFT).put("legal_reason", reason_end=LEFT),
    ),
}


def families(code: str) -> Iterator[tuple[str, Family]]:
    """The child that breaks a rule and the one that does not, under the ids they are sent with."""
    for kind, make in zip(("BREAKS", "KEEPS"), CASES[code], strict=True):
        family = make()
        yield f"{code}-{kind}", family
        if code == "LAC103":
            twin = make().put("child", scn="140100002")
            yield f"{code}-TWIN", twin if kind == "BREAKS" else Family()


def gathered(of_year_before: bool) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {table: [] for table in TABLES}
    for code in CASES:
        for name, family in families(code):
            told = family.before if of_year_before else family
            for table in TABLES if told else ():
                rows[table] += [{"child_id": name, **row} for row in told.rows[table]]
    return rows


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    scratch = tmp_path_factory.mktemp("looked_after")
    before = judge("looked_after", "2023-24", gathered(True), scratch / "before")
    return judge("looked_after", "2024-25", gathered(False), scratch / "now", before)


@pytest.mark.parametrize("code", CASES)
def test_a_row_breaks_the_rule_and_its_neighbour_just_does_not(judged: Judged, code: str) -> None:
    expected = {
        "LAC103": {"LAC103-BREAKS", "LAC103-TWIN"},
        "LAC110": {"1.23E+11"},
    }.get(code, {f"{code}-BREAKS"})
    own_ids = {"1.23E+11", "123E11A"} if code == "LAC110" else set()
    own = own_ids | {name for name, _ in families(code)}
    assert judged.failing(code) & own == expected


def test_every_rule_of_the_suites_has_a_case() -> None:
    contract = catalogue("looked_after").contract("looked_after")
    codes = {rule.meta.code for suite in contract.suites.values() for rule in suite.expectations}
    elsewhere = {code for _, code in tried_both_ways(read_cases("looked_after", "2024-25"))}
    assert codes == {*CASES, *elsewhere, "LAC100"}


def test_a_delivery_without_a_child_is_rejected(tmp_path: Path) -> None:
    family = Family()
    rows = {"episode": [{"child_id": "A1", **row} for row in family.rows["episode"]]}
    result = judge("looked_after", "2024-25", rows, tmp_path / "now")
    assert result.outcome.verdict == "rejected"
    assert [failure["code"] for failure in result.failures] == [
        "LAC100",
        "LAC202",
        "LAC210",
        "LAC211",
    ]


def test_a_council_may_have_nothing_to_report(tmp_path: Path) -> None:
    result = judge("looked_after", "2024-25", {}, tmp_path / "now")
    assert (result.outcome.verdict, result.outcome.nil) == ("clean", True)


def test_a_child_whose_only_episode_is_kept_out_is_queried_for_it(judged: Judged) -> None:
    (failure,) = (
        failure
        for failure in judged.failures
        if failure["key"] == "LAC203-BREAKS" and failure["code"] == "LAC107"
    )
    number = next(
        failure["row"]
        for failure in judged.failures
        if failure["code"] == "LAC203" and str(failure["key"]).startswith("LAC203-BREAKS")
    )
    assert failure["consequence_of"] == f"episode:{number}"
    assert failure["severity"] == "warning"


def test_messages_say_what_was_found(judged: Judged) -> None:
    (message,) = {
        failure["message"]
        for failure in judged.failures
        if failure["code"] == "LAC205" and str(failure["key"]).startswith("LAC205-BREAKS")
    }
    assert message == (
        "The episode ends on 2025-08-01, after the end of the year; "
        "leave the end blank in this return."
    )
