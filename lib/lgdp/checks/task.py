"""A check task: everything that checking one submission needs, and nothing looked up."""

from __future__ import annotations

from pathlib import Path

from lgdp.checks.compiled_rule import PREVIOUS, CompiledRules
from lgdp.config import Limits
from lgdp.contracts.column import Severity
from lgdp.contracts.ruleset import Collection, Ruleset
from lgdp.contracts.strict import Strict


class FileNote(Strict):
    """A statement about a file or table as a whole: a refusal (critical), a query or a note."""

    file: str | None
    code: str
    severity: Severity
    message: str
    table: str | None = None
    column: str | None = None
    row: int | None = None


class CheckTask(Strict):
    """All that one check is given.

    `bronze` and `previous` are local Parquet files by table, `reference` those of the reference
    tables that rules read. `council_names` are the folded codes
    and spellings that mean the sender. `nil` says that an empty delivery is meant as such,
    `nil_allowed` that the return takes one.
    """

    submission: str
    council: str
    council_names: tuple[str, ...]
    ruleset: Ruleset
    rules: CompiledRules
    collection: Collection
    bronze: dict[str, Path]
    previous: dict[str, tuple[Path, ...]] = {}
    reference: dict[str, Path] = {}
    notes: tuple[FileNote, ...] = ()
    nil: bool = False
    nil_allowed: bool = True
    limits: Limits

    @property
    def given(self) -> frozenset[str]:
        """The tables that there are: those sent, and `previous_T` of the period before."""
        before = (PREVIOUS + name for name, paths in self.previous.items() if paths)
        return frozenset((*self.bronze, *before))

    @property
    def unreadable(self) -> bool:
        """Whether a file of the submission was refused at intake."""
        return any(note.severity == "critical" for note in self.notes)
