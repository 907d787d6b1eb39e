"""What is generated: the same from the same seed, the promised size, and the story of the demo."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest
import yaml

from lgdp.config import locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.demo.generator import generate
from lgdp.demo.headings import headings_of
from lgdp.demo.truth import CollectionKey, Status, Truth

FIFE, FALKIRK, HIGHLAND, INVERCLYDE, ORKNEY = (
    "S12000047",
    "S12000014",
    "S12000017",
    "S12000018",
    "S12000023",
)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return generate(tmp_path_factory.mktemp("inbox"), seed=42)


def status(truth: Truth, return_name: str, council: str, period: str = "2024-25") -> Status:
    return truth.statuses[CollectionKey(return_name, period, council)]


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    truth: Truth, tmp_path: Path
) -> None:
    again = generate(tmp_path / "again", seed=42)
    other = generate(tmp_path / "other", seed=43)
    root = truth.waves[0].inbox.parent
    assert digests(tmp_path / "again") == digests(root)
    assert (again.rows, again.failures, again.gold) == (truth.rows, truth.failures, truth.gold)
    same = digests(root).items() & digests(tmp_path / "other").items()
    # What is alike holds no person: files without rows, the nil manifest, schools.
    assert {Path(name).name for name, _ in same} <= {
        *("manifest.yaml", "child.csv", "episode.csv", "placement.csv", "legal_reason.csv"),
        "establishment.csv",
    }
    assert other.gold != truth.gold


def test_it_is_about_a_hundred_thousand_rows(truth: Truth) -> None:
    assert 95_000 < sum(counts.rows for counts in truth.rows.values()) < 105_000


def test_every_council_has_a_status_in_every_collection(truth: Truth) -> None:
    scottish = {
        council.code
        for council in load_catalogue(locate(), only="looked_after").councils.owing("scotland")
    }
    assert {key.council for key in truth.statuses} == scottish
    assert len(truth.statuses) == 32 * 2 * 2


def test_the_story(truth: Truth) -> None:
    assert status(truth, "looked_after", INVERCLYDE) == Status("overdue", None, False)
    assert status(truth, "looked_after", HIGHLAND).on_time is False
    assert status(truth, "looked_after", ORKNEY) == Status("nil", None, True)
    assert status(truth, "pupil_census", FALKIRK) == Status("published", "clean", False)
    assert status(truth, "looked_after", FIFE) == Status("published", "has queries", True)
    states = Counter(each.state for each in truth.statuses.values())
    assert states == {"published": 123, "nil": 2, "rejected": 2, "overdue": 1}


def test_deliveries_lie_where_the_inbox_expects_them(truth: Truth) -> None:
    first, second, late = (wave.inbox for wave in truth.waves)
    assert [wave.at.isoformat() for wave in truth.waves] == [
        *("2024-11-20T09:00:00+00:00", "2025-11-20T09:00:00+00:00", "2025-12-08T09:00:00+00:00")
    ]
    assert len(list(first.glob("*/2023-24/*"))) == 64
    assert len(list(second.glob("*/2024-25/*"))) == 62
    assert sorted(path.relative_to(late).as_posix() for path in late.glob("*/*/*")) == [
        "looked_after/2024-25/S12000017",
        "looked_after/2024-25/S12000042",
        "looked_after/2024-25/S12000047",
        "pupil_census/2024-25/S12000014",
    ]


def test_the_resubmission_is_another_file_and_the_delivery_sent_again_is_not(truth: Truth) -> None:
    _, second, late = (wave.inbox for wave in truth.waves)
    place = Path("looked_after/2024-25")
    assert digests(second / place / FIFE) != digests(late / place / FIFE)
    assert digests(second / place / "S12000042") == digests(late / place / "S12000042")


def test_a_nil_return_is_said_by_a_manifest_or_by_files_without_rows(truth: Truth) -> None:
    manifest = truth.waves[1].inbox / "looked_after/2024-25" / ORKNEY / "manifest.yaml"
    assert yaml.safe_load(manifest.read_text()) == {
        "return": "looked_after",
        "period": "2024-25",
        "council": ORKNEY,
        "nil": True,
        "by": "returns officer",
    }
    files = sorted((truth.waves[0].inbox / "looked_after/2023-24" / ORKNEY).iterdir())
    assert [len(path.read_text().splitlines()) for path in files] == [1, 1, 1, 1]


def test_twenty_kinds_of_fault_and_more_are_planted(truth: Truth) -> None:
    raising = [seeded for seeded in truth.seeded if seeded.code]
    assert len(raising) == 25
    assert all(seeded.times >= 3 for seeded in truth.seeded)
    assert all(seeded.explanation for seeded in truth.seeded)
    assert {seeded.fault for seeded in truth.seeded if not seeded.code} == {
        "no_break_space",
        "lower_case_code",
    }


def test_the_repairs_of_gold_have_work(truth: Truth) -> None:
    assert set(truth.gold.repairs) == {"start_corrected", "not_repeated", "end_cut"}
    assert all(count > 15 for count in truth.gold.repairs.values())
    assert truth.gold.children < truth.gold.episodes
    assert 0 < truth.gold.open_episodes < truth.gold.episodes


@pytest.mark.parametrize("return_name", ["looked_after", "pupil_census"])
@pytest.mark.parametrize("period", ["2023-24", "2024-25"])
def test_the_headings_are_those_of_the_contract(return_name: str, period: str) -> None:
    contract = load_catalogue(locate(), only=return_name).contract(return_name)
    spec = contract.ruleset(contract.read_period(period)).spec
    expected = {table.name: table.column_names for table in spec.tables}
    assert headings_of(return_name, period) == expected
