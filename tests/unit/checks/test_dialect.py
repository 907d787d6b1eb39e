"""What of Spark SQL is taken and what is refused, with the reason; in step with what is tried."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlglot import exp

from lgdp.checks.query_dialect import ANONYMOUS, VALUES
from lgdp.checks.query_kinds import Kinds
from lgdp.checks.query_nodes import QueryNodes
from lgdp.checks.query_text import parse_query
from lgdp.errors import RuleMistake
from tests.dialect.facts import COLUMNS, ROWS, in_kernel, lines, translated, write_facts

REFUSED = [line.partition(" -> ")[::2] for line in lines("refused.txt")]
AGGREGATES = {
    exp.Avg,
    exp.Count,
    exp.CountIf,
    exp.DenseRank,
    exp.Distinct,
    exp.Filter,
    exp.FirstValue,
    exp.Lag,
    exp.LastValue,
    exp.Lead,
    exp.LogicalAnd,
    exp.LogicalOr,
    exp.Max,
    exp.Min,
    exp.Rank,
    exp.RowNumber,
    exp.Sum,
}
"""What needs a group or a window: tried by the queries of tests/jobs/agreement_rules.py."""


def parse(expression: str) -> QueryNodes:
    return QueryNodes(parse_query(f"SELECT b.* FROM {{batch}} b WHERE ({expression}) IS NULL"))


@pytest.mark.parametrize(("expression", "reason"), REFUSED)
def test_what_the_engines_judge_differently_is_refused(expression: str, reason: str) -> None:
    with pytest.raises(RuleMistake) as caught:
        translated(expression)
    assert str(caught.value) == reason


def test_every_part_that_is_taken_is_tried_in_both_engines() -> None:
    tried = [parse(line) for line in (*lines("agree.txt"), *lines("stop.txt"))]
    found = {type(node) for nodes in tried for node in nodes.all}
    assert set(VALUES) - AGGREGATES - found == set()
    names = {node.name.lower() for nodes in tried for node in nodes.of(exp.Anonymous)}
    assert names == set(ANONYMOUS)


def test_every_line_is_one_that_the_kernel_can_run(tmp_path: Path) -> None:
    write_facts(tmp_path / "facts.parquet")
    found = in_kernel(tmp_path / "facts.parquet", *lines("agree.txt"))
    assert {len(values) for values in found} == {ROWS}


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("b.PRICE * 2", "decimal"),
        ("b.N + 1", "integer"),
        ("b.N / 2", "double"),
        ("coalesce(b.DAY, b.UNTIL)", "date"),
        ("CASE WHEN b.FLAG THEN NULL ELSE b.TEXT END", "text"),
        ("b.N > 3", "truth"),
        ("nullif(b.SEEN, b.LEFT)", "moment"),
        ("b._row", "integer"),
        ("NULL", None),
    ],
)
def test_kinds_of_values(expression: str, kind: str | None) -> None:
    nodes = parse(expression)
    (test,) = [node for node in nodes.of(exp.Is) if node.parent is not None][:1]
    assert Kinds(nodes, "facts", COLUMNS).of(test.this) == kind


def test_a_quote_that_comes_twice_is_one(tmp_path: Path) -> None:
    write_facts(tmp_path / "facts.parquet")
    (found,) = in_kernel(tmp_path / "facts.parquet", "'O''Brien' = b.TEXT")
    assert True in found
