"""The truth holds: the kernel finds in the generated files what the generator says is in them."""

from __future__ import annotations

import pytest

from lgdp.config import locate
from lgdp.contracts.catalogue import Catalogue, load_catalogue
from lgdp.demo.comparison import compare
from lgdp.demo.generator import generate
from lgdp.demo.story import SPOILT
from lgdp.demo.truth import CollectionKey, Observed, Truth
from tests.unit.demo.kernel_run import Run, run_waves

pytestmark = pytest.mark.slow

FIRST, SECOND = "2023-24", "2024-25"
FORMS = (
    CollectionKey("pupil_census", FIRST, "S12000020"),  # byte-order mark, shuffled columns
    CollectionKey("looked_after", FIRST, "S12000028"),  # semicolons, shuffled, days first
    CollectionKey("pupil_census", FIRST, "S12000030"),  # a workbook
    CollectionKey("looked_after", FIRST, "S12000048"),  # UTF-16 with tabs
    CollectionKey("pupil_census", FIRST, "S12000006"),  # Windows-1252, a column of its own
    CollectionKey("looked_after", FIRST, "S12000013"),  # its name in place of its code
    CollectionKey("looked_after", FIRST, "S12000040"),  # XML
    CollectionKey("pupil_census", FIRST, "S12000034"),  # headings of its own
)
MISSING_COLUMN = CollectionKey("looked_after", SECOND, "S12000005")
FOREIGN_ROW = CollectionKey("pupil_census", SECOND, "S12000014")
OPEN_QUOTE = CollectionKey("pupil_census", SECOND, "S12000019")
NIL = CollectionKey("looked_after", SECOND, "S12000023")
RESUBMITTED = CollectionKey("looked_after", SECOND, "S12000047")
# The second year is compared with the first.
STORY = (MISSING_COLUMN, FOREIGN_ROW, OPEN_QUOTE, NIL, RESUBMITTED)
BEFORE = (
    CollectionKey("looked_after", FIRST, "S12000047"),
    CollectionKey("pupil_census", FIRST, "S12000014"),
)
SMALLER = SPOILT[4:]
"""Half of the councils with faults; between them they have every kind."""


def is_wanted(key: CollectionKey) -> bool:
    return key.council in SMALLER or key in (*FORMS, *STORY, *BEFORE)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    both = [load_catalogue(locate(), only=name) for name in ("looked_after", "pupil_census")]
    contracts = {name: found for each in both for name, found in each.contracts.items()}
    return Catalogue(contracts, both[0].councils)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return generate(tmp_path_factory.mktemp("inbox"), seed=20)


@pytest.fixture(scope="module")
def run(truth: Truth, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_waves(catalogue, truth.waves, tmp_path_factory.mktemp("check"), is_wanted)


def test_rows_and_failures_are_those_of_the_truth(truth: Truth, run: Run) -> None:
    def of_this_run(key: CollectionKey) -> bool:
        return key in run.outcomes

    expected = Truth(
        seed=truth.seed,
        waves=truth.waves,
        rows={key: value for key, value in truth.rows.items() if of_this_run(key.collection)},
        failures={
            key: value for key, value in truth.failures.items() if of_this_run(key.collection)
        },
        statuses={},
        gold=truth.gold,
        seeded=truth.seeded,
    )
    assert len(expected.rows) == 84
    assert compare(expected, Observed(run.rows, run.failures, {}, truth.gold)) == []


def test_verdicts_are_those_of_the_truth(truth: Truth, run: Run) -> None:
    found = {key: outcomes[-1] for key, outcomes in run.outcomes.items()}
    nil = {key for key, outcome in found.items() if outcome.nil}
    assert nil == {key for key in found if truth.statuses[key].state == "nil"}
    verdicts = {key: outcome.verdict for key, outcome in found.items() if key not in nil}
    assert verdicts == {key: truth.statuses[key].verdict for key in verdicts}


@pytest.mark.parametrize(
    ("key", "code"), [(MISSING_COLUMN, "MISSING_COLUMN"), (OPEN_QUOTE, "UNCLOSED_QUOTE")]
)
def test_refused_files_say_why(run: Run, key: CollectionKey, code: str) -> None:
    assert code in run.file_codes[key]
    assert run.outcomes[key][-1].verdict == "rejected"


def test_corrected_deliveries_were_worse_before(run: Run) -> None:
    assert [outcome.verdict for outcome in run.outcomes[RESUBMITTED]] == [
        "has errors",
        "has queries",
    ]
    assert [outcome.verdict for outcome in run.outcomes[FOREIGN_ROW]] == ["rejected", "clean"]


def test_every_kind_of_fault_is_found_where_it_was_put(truth: Truth, run: Run) -> None:
    direct = {(key.collection, key.table, key.code) for key in run.failures if not key.consequence}
    for seeded in truth.seeded:
        places = [place for place in seeded.where if place in run.outcomes]
        assert places, seeded.fault
        if seeded.code:
            wanted = {(place, seeded.table, seeded.code) for place in places}
            assert wanted <= direct, seeded.fault


def test_forms_of_writing_lose_nothing(run: Run) -> None:
    for key in FORMS:
        (outcome,) = run.outcomes[key]
        assert outcome.verdict == "clean", key
        assert all(counts.quarantine == 0 for counts in outcome.tables.values())
