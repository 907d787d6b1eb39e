"""What is handed to a worker and what it hands back: small, frozen, and JSON on the way."""

from __future__ import annotations

from collections.abc import Sequence

from lgdp.checks.outcome import Outcome
from lgdp.checks.task import FileNote
from lgdp.config import Limits
from lgdp.contracts.ruleset import Collection
from lgdp.contracts.strict import Strict


class LandedFile(Strict):
    """A file of a submission; `landing` is its path in the lake's landing area."""

    name: str
    digest: str
    size: int
    media_type: str
    landing: str


class LandWork(Strict):
    """Parse one submission. `ruleset` is the JSON of the ruleset, `totals` rows by file."""

    lake: str
    submission: str
    return_name: str
    period: str
    council: str
    files: tuple[LandedFile, ...]
    ruleset: str
    formats: tuple[str, ...]
    totals: dict[str, int]
    limits: Limits


class Written(Strict):
    """A Parquet file in its table's folder; `path` is relative to the table."""

    path: str
    size: int
    rows: int


class Landed(Strict):
    """Bronze files by table, and what intake has to say."""

    submission: str
    bronze: dict[str, Written]
    notes: tuple[FileNote, ...]
    encodings: dict[str, str]


class CheckWork(Strict):
    """Check one landed submission. `ruleset` and `rules` are JSON; paths are in the lake."""

    lake: str
    submission: str
    council: str
    council_names: tuple[str, ...]
    collection: Collection
    ruleset: str
    rules: str
    bronze: dict[str, str]
    previous: dict[str, tuple[str, ...]]
    reference: dict[str, str]
    compared_with: tuple[str, str] | None
    notes: tuple[FileNote, ...]
    nil: bool
    nil_allowed: bool
    limits: Limits


class TinyWork(Strict):
    """Look at tiny submissions together, of one ruleset and period and with the same tables.

    `ruleset` and `rules` are those of all; in `works` they are left out.
    """

    ruleset: str
    rules: str
    works: tuple[CheckWork, ...]

    @staticmethod
    def of(works: Sequence[CheckWork]) -> TinyWork:
        """One piece of work made of several that have a ruleset in common."""
        bare = tuple(each.model_copy(update={"ruleset": "", "rules": ""}) for each in works)
        return TinyWork(ruleset=works[0].ruleset, rules=works[0].rules, works=bare)

    @property
    def whole(self) -> tuple[CheckWork, ...]:
        """The several, as they were."""
        shared = {"ruleset": self.ruleset, "rules": self.rules}
        return tuple(each.model_copy(update=shared) for each in self.works)


class Checked(Strict):
    """The outcome, and the files that hold its rows."""

    submission: str
    outcome: Outcome
    silver: dict[str, Written]
    quarantine: dict[str, Written]
    failures: Written


class TinyChecked(Strict):
    """The outcomes of those that are clean; the others are yet to be checked."""

    checked: tuple[Checked, ...]
