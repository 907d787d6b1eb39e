"""Which rows of a table count: those of submissions that the ledger says are current."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property, reduce

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from lgdp.lake.scan import among
from lgdp.lake.schemas import FAILURES
from lgdp.lake.table import LakeTable


class Current:
    """The current submissions of a lake, each with the ruleset it is current under.

    `pairs` are (submission, ruleset); a submission is current under one ruleset at a time.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = frozenset(pairs)

    def dataset(self, table: LakeTable) -> ds.Dataset:
        """The current rows of a table, for DuckDB or Arrow to scan.

        Bronze rows have no ruleset, and count by their submission; rows of silver, quarantine and
        failures count by both. Other tables are not kept by submission, and all rows count.
        """
        zone = table.name.partition("/")[0]
        if zone == "bronze":
            return self._of(table, "_submission", pc.field("_submission").isin(self._submissions))
        if zone in ("silver", "quarantine"):
            return self._of(table, "_submission", self._by_ruleset("_submission", "_ruleset"))
        if table.name == FAILURES:
            return self._of(table, "submission", self._by_ruleset("submission", "ruleset"))
        return table.dataset()

    def read(self, table: LakeTable, columns: Sequence[str] | None = None) -> pa.Table:
        """The current rows of a table, in no order."""
        return self.dataset(table).to_table(columns=None if columns is None else list(columns))

    @cached_property
    def _submissions(self) -> pa.Array:
        return pa.array(sorted({submission for submission, _ in self.pairs}), pa.string())

    @cached_property
    def _rulesets(self) -> dict[str, pa.Array]:
        grouped: dict[str, list[str]] = defaultdict(list)
        for submission, ruleset in sorted(self.pairs):
            grouped[ruleset].append(submission)
        return {ruleset: pa.array(found, pa.string()) for ruleset, found in grouped.items()}

    def _of(self, table: LakeTable, column: str, condition: pc.Expression) -> ds.Dataset:
        return table.dataset(column, among(self._submissions.to_pylist())).filter(condition)

    def _by_ruleset(self, submission: str, ruleset: str) -> pc.Expression:
        each = (
            (pc.field(ruleset) == name) & pc.field(submission).isin(submissions)
            for name, submissions in self._rulesets.items()
        )
        return reduce(lambda left, right: left | right, each, pc.scalar(False))
