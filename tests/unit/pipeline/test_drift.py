"""A table that is far from what the council sent for the period before raises queries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from lgdp.config import locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.errors import ConfigurationError
from lgdp.pipeline.looking import failures_of
from lgdp.pipeline.submitting import submit
from tests.small_return import Delivery
from tests.unit.pipeline.desk import Desk, many

LAST = "2022-23"


def limits(desk: Desk, **drift: object) -> None:
    path = desk.conf / "conf" / "returns" / "looked_after" / "2022-23.yaml"
    content = yaml.safe_load(path.read_text())
    content["tables"]["child"]["drift"] = drift
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    desk.open()


def drifts_of(desk: Desk, submission: str) -> list[dict[str, Any]]:
    found = failures_of(desk.platform.door, desk.platform.ledger, submission)
    return [each for each in found if each["code"].endswith("_DRIFT")]


def drifted(desk: Desk, before: Delivery, now: Delivery) -> list[dict[str, Any]]:
    before.period = LAST
    desk.send(before, LAST)
    desk.publish()
    return drifts_of(desk, desk.send(now).standing.submission)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (16, "There are 16 rows, 60% more than the 10 of the period before"),
        (4, "There are 4 rows, 60% fewer than the 10 of the period before"),
    ],
)
def test_c48_rows_far_from_last_time_ask_for_a_reason(tmp_path: Path, rows: int, said: str) -> None:
    desk = Desk(tmp_path)
    (query,) = drifted(desk, many(10), many(rows))
    assert query["message"] == f"{said}; say why, or send what is missing."
    assert (query["table"], query["severity"], query["row"]) == ("child", "warning", None)


@pytest.mark.parametrize("rows", [15, 5])
def test_c48_half_as_many_more_or_fewer_are_no_drift(tmp_path: Path, rows: int) -> None:
    assert drifted(Desk(tmp_path), many(10), many(rows)) == []


def test_with_nothing_before_there_is_no_drift(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    sent = desk.send(many(40)).standing
    assert (sent.verdict, sent.queries) == ("clean", 0)


def test_c48_blanks_are_compared(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    limits(desk, blank={"scn": 0.5})
    half = Delivery(children=[("C1", "100000001"), ("C2", "")])
    assert drifted(desk, many(2), half) == []
    all_blank = Desk(tmp_path / "third")
    limits(all_blank, blank={"scn": 0.5})
    (query,) = drifted(all_blank, many(2), Delivery(children=[("C1", ""), ("C2", "")]))
    assert (query["code"], query["column"]) == ("BLANK_DRIFT", "scn")
    assert query["message"] == (
        "scn is blank in 100% of the rows, and was in 0% in the period before; say why, or "
        "correct it."
    )


def test_c48_codes_are_compared(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    limits(desk, codes={"gender": 0.4})
    changed = many(2)
    folder = changed.write(tmp_path / "changed")
    text = (folder / "child.csv").read_text()
    before = many(2)
    before.period = LAST
    desk.send(before, LAST)
    desk.publish()
    (folder / "child.csv").write_text(text.replace(",F,", ",M,", 1))
    sent = submit(desk.platform, [folder], "looked_after", "2023-24", changed.council, "anna")
    assert [
        (each["code"], each["column"], each["message"])
        for each in drifts_of(desk, sent.standing.submission)
    ] == [
        (
            "CODE_DRIFT",
            "gender",
            f"Code {code} of gender is in 50% of the rows that have one, and was in {share} in "
            "the period before; say why, or correct it.",
        )
        for code, share in (("F", "100%"), ("M", "0%"))
    ]


def test_a_limit_on_what_is_no_column_or_has_no_codes_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    path = desk.conf / "conf" / "returns" / "looked_after" / "2022-23.yaml"
    content = yaml.safe_load(path.read_text())
    content["tables"]["child"]["drift"] = {"blank": {"shoe": 0.1}, "codes": {"scn": 0.1}}
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    with pytest.raises(ConfigurationError) as error:
        load_catalogue(locate(desk.conf / "conf"))
    assert "shoe is not a column of the table" in str(error.value)
    assert "drift.codes.scn: the column has no code list" in str(error.value)
