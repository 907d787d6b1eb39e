"""The expected repairs of one child's history, rule by rule."""

from __future__ import annotations

from datetime import date

import pytest

from lgdp.demo.gold_truth import GoldEpisode, repaired

Row = tuple[str, str, str]
"""Period, start and end; an empty end is open."""

FIRST, SECOND = "2023-24", "2024-25"


def told(*rows: Row) -> list[GoldEpisode]:
    return [
        GoldEpisode(period, date.fromisoformat(start), date.fromisoformat(end) if end else None)
        for period, start, end in rows
    ]


def shown(episodes: list[GoldEpisode]) -> list[tuple[str, str, str, str]]:
    return [
        (
            episode.period,
            episode.start.isoformat(),
            episode.end.isoformat() if episode.end else "",
            ",".join(episode.repairs),
        )
        for episode in episodes
    ]


@pytest.mark.parametrize(
    ("rows", "periods", "expected"),
    [
        pytest.param(
            [(FIRST, "2022-01-10", ""), (SECOND, "2022-01-10", "2024-12-01")],
            [FIRST, SECOND],
            [(SECOND, "2022-01-10", "2024-12-01", "")],
            id="the latest period counts",
        ),
        pytest.param(
            [(FIRST, "2024-01-10", ""), (SECOND, "2024-01-17", "")],
            [FIRST, SECOND],
            [(SECOND, "2024-01-17", "", "start_corrected")],
            id="a start a week later is a correction",
        ),
        pytest.param(
            [(FIRST, "2024-01-10", "2024-01-12"), (SECOND, "2024-01-18", "")],
            [FIRST, SECOND],
            [(FIRST, "2024-01-10", "2024-01-12", ""), (SECOND, "2024-01-18", "", "")],
            id="a start eight days later is another episode",
        ),
        pytest.param(
            [(FIRST, "2022-01-10", "")],
            [FIRST, SECOND],
            [(FIRST, "2022-01-10", "", "not_repeated")],
            id="open and forgotten although the child is known",
        ),
        pytest.param(
            [(FIRST, "2022-01-10", "")],
            [FIRST],
            [(FIRST, "2022-01-10", "", "")],
            id="open, and no later return knows the child",
        ),
        pytest.param(
            [(FIRST, "2022-01-10", ""), (SECOND, "2024-10-01", "")],
            [FIRST, SECOND],
            [
                (FIRST, "2022-01-10", "2024-10-01", "not_repeated,end_cut"),
                (SECOND, "2024-10-01", "", ""),
            ],
            id="forgotten, and cut to the next start",
        ),
        pytest.param(
            [(FIRST, "2022-01-10", "2024-07-20"), (SECOND, "2024-07-10", "")],
            [FIRST, SECOND],
            [(FIRST, "2022-01-10", "2024-07-10", "end_cut"), (SECOND, "2024-07-10", "", "")],
            id="ended after the next one began",
        ),
        pytest.param(
            [(SECOND, "2022-01-10", "2024-07-20"), (SECOND, "2024-07-20", "")],
            [SECOND],
            [(SECOND, "2022-01-10", "2024-07-20", ""), (SECOND, "2024-07-20", "", "")],
            id="ended on the day the next one began",
        ),
    ],
)
def test_repairs(rows: list[Row], periods: list[str], expected: list[tuple[str, ...]]) -> None:
    assert shown(repaired(told(*rows), periods)) == expected
