"""For rows that a rule found only after others were kept out: which of those it was."""

from __future__ import annotations

from lgdp.checks.cast import raw
from lgdp.checks.compiled_rule import CompiledRule
from lgdp.checks.failure_book import CAUSE, HIT
from lgdp.checks.sql_text import literal, quoted
from lgdp.checks.workspace import Workspace


def cause_sql(rule: CompiledRule, space: Workspace) -> str:
    """SQL giving, for each hit (`_rid`), its `CAUSE`: `table:row` of a row kept out.

    The tie is the rule's own equality with the table it reads; where it states none, the key
    columns that both tables have; failing that, the first row kept out of a table it reads.
    """
    tied = " UNION ALL ".join(
        _tied(rule, other, links, space)
        for other in rule.reads
        if other in space.bronze and (links := _links(rule, other, space))
    )
    first = [_first_gone(other, space) for other in rule.reads if other in space.bronze]
    tied = tied or "SELECT _rid, NULL::VARCHAR AS cause FROM " + HIT
    return (
        f"SELECT h._rid, coalesce({', '.join(['min(t.cause)', *first])}) AS {CAUSE} FROM {HIT} h "
        f"LEFT JOIN ({tied}) t USING (_rid) GROUP BY h._rid"
    )


def _links(rule: CompiledRule, other: str, space: Workspace) -> list[tuple[str, str]]:
    links = [(mine, theirs) for mine, table, theirs in rule.links if table == other]
    if links:
        return links
    shared = set(space.ruleset.table(other).column_names)
    return [(name, name) for name in space.ruleset.table(rule.table).key if name in shared]


def _tied(rule: CompiledRule, other: str, links: list[tuple[str, str]], space: Workspace) -> str:
    on = " AND ".join(f"m.{raw(mine)} = o.{raw(theirs)}" for mine, theirs in links)
    if other == rule.table:
        on += " AND o._rid <> m._rid"
    return (
        f"SELECT h._rid, {literal(other + ':')} || min(o._row) AS cause FROM {HIT} h "
        f"JOIN {quoted(f'all:{rule.table}')} m ON m._rid = h._rid "
        f"JOIN {quoted(f'all:{other}')} o ON {on} "
        f"JOIN {quoted(f'gone:{other}')} g ON g._rid = o._rid GROUP BY h._rid"
    )


def _first_gone(other: str, space: Workspace) -> str:
    return (
        f"(SELECT {literal(other + ':')} || min(b._row) FROM {space.sent(other)} b "
        f"JOIN {quoted(f'gone:{other}')} g USING (_rid))"
    )
