"""The error report: one model of what an officer is told, whatever file it is written to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lgdp.contracts.column import Severity

SECTIONS: dict[Severity, str] = {"critical": "Must fix", "warning": "Explain", "info": "Notes"}
"""What each severity is called, in the order in which an officer works."""


@dataclass(frozen=True)
class TableLine:
    """Rows of one table: as received, kept, and kept out."""

    name: str
    title: str
    rows: int
    kept: int
    kept_out: int


@dataclass(frozen=True)
class RuleLine:
    """How often one rule failed, and how many of these failures the report lists.

    `is_least` says that `times` is the least it can be; `sample` is the message of one failure.
    """

    severity: Severity
    table: str
    code: str
    column: str
    times: int
    listed: int
    sample: str
    is_least: bool = False

    @property
    def counted(self) -> str:
        """The number of failures in words."""
        return f"{'at least ' if self.is_least else ''}{self.times:,}"

    @property
    def reference(self) -> str:
        """What an explanation of all failures of the rule is found again by."""
        return "|".join(("rule", self.table, self.code, self.column))

    @property
    def heading(self) -> str:
        """One line about all failures of the rule."""
        of = f" of {self.table}" if self.table else ""
        if self.listed < self.times:
            least = "at least " if self.is_least else ""
            more = f"{self.listed:,} listed, {least}{self.times - self.listed:,} more not listed"
            return f"Rule {self.code}{of}: {self.counted} times; {more}. Such as: {self.sample}"
        return f"Rule {self.code}{of}: {self.counted} times. Such as: {self.sample}"


@dataclass(frozen=True)
class Item:
    """One failure as an officer reads it; what is not known is empty.

    `row` counts the lines of the file, or the rows of the sheet, as a person sees them, `record`
    the records without the header. `heading` is the column as it was sent, where that is not its
    name. `because` says which other row kept this one out.
    """

    reference: str
    severity: Severity
    code: str
    table: str
    file: str
    sheet: str
    row: int | None
    record: int | None
    letter: str
    column: str
    heading: str
    meaning: str
    key: str
    value: str
    wrong: str
    expected: str
    because: str

    @property
    def place(self) -> str:
        """The file, and the sheet in it."""
        return f"{self.file} › {self.sheet}" if self.sheet else self.file

    @property
    def column_shown(self) -> str:
        """The column, its heading where that is another, and what it holds."""
        name = f"{self.column} (headed “{self.heading}”)" if self.heading else self.column
        return f"{name}: {self.meaning}" if self.meaning else name


@dataclass(frozen=True)
class ErrorReport:
    """Everything that the report says. Items are in order of severity, table, file and row.

    `facts` are pairs of a label and a text that say what was checked; `paragraphs` give the
    verdict in plain words, `steps` what to do next and by when.
    """

    title: str
    facts: Sequence[tuple[str, str]]
    verdict: str
    paragraphs: Sequence[str]
    steps: Sequence[str]
    tables: Sequence[TableLine]
    totals: dict[Severity, int]
    rules: Sequence[RuleLine]
    items: Sequence[Item]

    def lines(self, severity: Severity) -> Iterator[Item | RuleLine]:
        """The lines of one section.

        What must be fixed is in the order of the files, after a line for each rule of which not
        all is listed. The rest is rule by rule, the commonest first; a query that occurs more than
        once has a line of its own, so that all its failures can be explained at once.
        """
        items = [item for item in self.items if item.severity == severity]
        rules = [rule for rule in self.rules if rule.severity == severity]
        if severity == "critical":
            yield from (rule for rule in rules if rule.listed < rule.times)
            yield from items
            return
        by_rule: dict[tuple[str, str, str], list[Item]] = defaultdict(list)
        for item in items:
            by_rule[(item.table, item.code, item.column)].append(item)
        for rule in rules:
            if rule.times > (1 if severity == "warning" else rule.listed):
                yield rule
            yield from by_rule[(rule.table, rule.code, rule.column)]
