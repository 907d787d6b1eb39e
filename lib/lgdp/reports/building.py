"""From what the checks found to an error report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from lgdp.checks.failure_identity import failure_identity
from lgdp.checks.kernel import DEFECTS
from lgdp.checks.outcome import FAILURE_COLUMNS
from lgdp.config import Limits
from lgdp.contracts.column import Severity
from lgdp.reports.error_report import SECTIONS, ErrorReport, Item, RuleLine, TableLine
from lgdp.reports.explaining import Wording
from lgdp.reports.layout import Layout
from lgdp.reports.placing import layouts_by_file
from lgdp.reports.plain_text import visible
from lgdp.reports.subject import Subject
from lgdp.reports.wording import day_words, next_steps, verdict_paragraphs

PER_RULE = 1000
"""Failures of one rule that are listed; more of the same help nobody."""

Failure = dict[str, Any]


class _Rule(NamedTuple):
    severity: Severity
    table: str
    code: str
    column: str


def build_report(subject: Subject, limits: Limits, per_rule: int = PER_RULE) -> ErrorReport:
    """The report on a subject, with the first `per_rule` failures of each rule and the counts."""
    chosen, times = _first_of_each(subject, per_rule)
    order = {name: index for index, name in enumerate(SECTIONS)}
    tables = {table.name: index for index, table in enumerate(subject.ruleset.spec.tables)}
    # The first of each severity are about whole files: they have no table.
    chosen.sort(key=lambda row: (order[row["severity"]], tables.get(row["table"], -1)))
    places = _Places(subject, limits, chosen)
    wording = Wording(subject.ruleset)
    items = [_item(row, places, wording) for row in chosen]
    refusals = [
        f"{visible(row['file'])}: {row['message']}" if row["file"] else row["message"]
        for row in chosen
        if row["severity"] == "critical" and row["key"] is None and row["code"] not in DEFECTS
    ]
    return ErrorReport(
        title=f"{subject.return_title}, {subject.period}",
        facts=_facts(subject),
        verdict=subject.verdict,
        paragraphs=tuple(verdict_paragraphs(subject, refusals)),
        steps=tuple(next_steps(subject)),
        tables=tuple(_table_lines(subject)),
        totals={"critical": subject.errors, "warning": subject.queries, "info": subject.notes},
        rules=tuple(_rule_lines(subject, times, items)),
        items=items,
    )


def _first_of_each(subject: Subject, most: int) -> tuple[list[Failure], Counter[_Rule]]:
    """The failures to list, and how many of each rule there are to choose from."""
    rows, times = subject.failures.select(list(FAILURE_COLUMNS)), Counter[_Rule]()
    texts = [rows[name].to_pylist() for name in _Rule._fields]
    kept = []
    for index, (severity, *names) in enumerate(zip(*texts, strict=True)):
        rule = _Rule(severity, *(name or "" for name in names))
        times[rule] += 1
        if times[rule] <= most:
            kept.append(index)
    return rows.take(pa.array(kept, pa.int64())).to_pylist(), times


class _Places:
    """Finds records in the files as sent."""

    def __init__(self, subject: Subject, limits: Limits, chosen: Sequence[Failure]) -> None:
        causes = {cause[1] for cause in map(_cause, chosen) if cause is not None}
        records: dict[str, set[int]] = defaultdict(set)
        for row in chosen:
            records[row["file"] or ""] |= {row["row"]} - {None}
        # Which file a cause is in is not known.
        names = [*records, *(sent.name for sent in subject.files)] if causes else list(records)
        wanted = {name: frozenset(records[name] | causes) for name in names}
        self._by_file = layouts_by_file(subject.files, subject.ruleset, limits, wanted)

    def layout(self, file: str | None, table: str | None) -> Layout | None:
        """The layout of a table in a file; of the only table if none is named."""
        found = self._by_file.get(file or "", [])
        if table is None:
            return found[0] if len(found) == 1 else None
        return next((layout for layout in found if layout.table == table), None)

    def cause(self, row: Failure) -> tuple[str, int, bool] | None:
        """Table and row of what a failure follows from; whether the row is one of the file."""
        cause = _cause(row)
        if cause is None:
            return None
        table, record = cause
        holders = [item for each in self._by_file.values() for item in each if item.table == table]
        # Only where one file holds the table is it certain which record is meant.
        seen = holders[0].rows.get(record) if len(holders) == 1 else None
        return table, seen or record, seen is not None


def _cause(row: Failure) -> tuple[str, int] | None:
    table, separator, number = (row["consequence_of"] or "").rpartition(":")
    return (table, int(number)) if separator and number.isdecimal() else None


def _item(row: Failure, places: _Places, wording: Wording) -> Item:
    layout = places.layout(row["file"], row["table"])
    column = row["column"] or ""
    heading = layout.headings.get(column, "") if layout else ""
    wrong, expected = wording.of(row)
    return Item(
        reference=failure_identity(row),
        severity=row["severity"],
        code=row["code"],
        table=row["table"] or "",
        file=row["file"] or "",
        sheet=layout.sheet if layout else "",
        row=layout.rows.get(row["row"]) if layout else None,
        record=row["row"],
        letter=layout.letters.get(column, "") if layout else "",
        column=column,
        heading=heading if heading != column else "",
        meaning=wording.meaning(row),
        key=wording.key(row),
        value=row["value"] or "",
        wrong=wrong,
        expected=expected,
        because=wording.because(places.cause(row)),
    )


def _facts(subject: Subject) -> tuple[tuple[str, str], ...]:
    names = ", ".join(sent.name for sent in subject.files) or "none"
    facts = [
        ("Return", subject.return_title),
        ("Period", subject.period),
        ("Council", subject.council),
        ("Asked for by", subject.body),
        ("Files", names),
        ("Checked on", day_words(subject.today)),
    ]
    if subject.submission is None:
        facts.append(("Submission", "none: the files were checked and not sent"))
    else:
        facts.append(("Submission", subject.submission))
    return tuple(facts)


def _table_lines(subject: Subject) -> Iterator[TableLine]:
    for table in subject.ruleset.spec.tables:
        counts = subject.tables.get(table.name)
        if counts is not None:
            yield TableLine(table.name, table.title, counts.rows, counts.silver, counts.quarantine)


def _rule_lines(
    subject: Subject, times: Counter[_Rule], items: Sequence[Item]
) -> Iterator[RuleLine]:
    """Rules by severity, the commonest first.

    Failures that were counted and not kept belong to the rules of which most were kept: there is
    a limit for each rule, and only what reached it was cut.
    """
    listed: Counter[_Rule] = Counter()
    samples: dict[_Rule, str] = {}
    for item in items:
        rule = _Rule(item.severity, item.table, item.code, item.column)
        listed[rule] += 1
        samples.setdefault(rule, item.wrong)
    totals: dict[Severity, int] = {
        "critical": subject.errors,
        "warning": subject.queries,
        "info": subject.notes,
    }
    for severity in SECTIONS:
        found = {rule: count for rule, count in times.items() if rule.severity == severity}
        missing = totals[severity] - sum(found.values())
        most = max(found.values(), default=0)
        cut = [rule for rule, count in found.items() if count == most] if missing > 0 else []
        if len(cut) == 1:
            found[cut[0]] += missing
        for rule in sorted(found, key=lambda rule: (-found[rule], rule)):
            is_least = len(cut) > 1 and rule in cut
            yield RuleLine(*rule, found[rule], listed[rule], samples[rule], is_least)
