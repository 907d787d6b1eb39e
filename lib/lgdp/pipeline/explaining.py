"""Queries of a submission, and what was said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lgdp.checks.failure_identity import failure_identity
from lgdp.errors import Refused
from lgdp.ledger.standing import Explanation, Standing
from lgdp.pipeline.looking import failures_of
from lgdp.pipeline.platform import Platform


@dataclass(frozen=True)
class Unexplained:
    """How many queries of one rule nobody has explained."""

    table: str
    code: str
    count: int


def unexplained_queries(platform: Platform, standing: Standing) -> list[Unexplained]:
    """By table and rule, the queries that no explanation is of; ordered by these."""
    if standing.queries == 0:
        return []
    said = _Said(standing.explanations)
    left = Counter(
        (query["table"] or "", query["code"])
        for query in _queries(platform, standing)
        if not said.is_of(query)
    )
    return [Unexplained(table, code, count) for (table, code), count in sorted(left.items())]


def match_explanations(platform: Platform, standing: Standing, said: Sequence[Explanation]) -> None:
    """Raise Refused if an explanation is of no query of this submission."""
    if not said:
        raise Refused("nothing was explained")
    queries = _queries(platform, standing)
    rules = {(query["table"], query["code"]) for query in queries}
    known = sorted({code for _, code in rules})
    identities = {failure_identity(query) for query in queries}
    strange = [
        each
        for each in said
        if each.failure not in identities
        and (each.table, each.code) not in rules
        and (each.table is not None or each.code not in known)
    ]
    if strange:
        names = ", ".join(str(each.code or each.failure) for each in strange[:5])
        raise Refused(
            f"it has no query {names}; "
            + (f"its queries are of {', '.join(known)}" if known else "it has no queries at all")
        )


def _queries(platform: Platform, standing: Standing) -> list[dict[str, Any]]:
    found = failures_of(platform.door, platform.ledger, standing.submission)
    return [each for each in found if each["severity"] == "warning"]


class _Said:
    """Explanations, to ask quickly whether one is of a query."""

    def __init__(self, explanations: Iterable[Explanation]) -> None:
        said = list(explanations)
        self._rules = {(each.table, each.code) for each in said if each.code is not None}
        self._failures = {each.failure for each in said if each.failure is not None}

    def is_of(self, query: dict[str, Any]) -> bool:
        """Whether the query is explained."""
        code = query["code"]
        if (None, code) in self._rules or (query["table"], code) in self._rules:
            return True
        return bool(self._failures) and failure_identity(query) in self._failures


def by_rule(codes: Iterable[str], text: str) -> list[Explanation]:
    """One explanation for each rule, written `code` or `table:code`."""
    said = []
    for each in codes:
        table, _, code = each.rpartition(":")
        said.append(Explanation(text=text, code=code, table=table or None))
    return said
