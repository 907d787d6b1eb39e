"""Reference tables: facts that rules look up beside what a council sends, one CSV file each."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from lgdp.contracts.csv_rows import read_rows
from lgdp.contracts.reference_value import PARSERS, Value, decimal_parser, is_type
from lgdp.contracts.strict import Strict, validated
from lgdp.contracts.yaml_text import read_yaml
from lgdp.errors import ConfigurationError, Problem

PREFIX = "reference_"
INDEX = "reference/index.yaml"
NAME = re.compile(r"[a-z][a-z0-9_]*")
MENTIONED = re.compile(rf"\b{PREFIX}([a-z0-9_]+)", re.I)
SUFFIXES = (".csv", ".csv.gz")


class ReferenceShape(Strict):
    """What a ruleset says of a reference table: its columns with their types, and its content.

    `digest` is 64 hex digits of the file's text and the columns; a change of either is another
    ruleset.
    """

    columns: dict[str, str]
    digest: str


class ReferenceEntry(Strict):
    """A table's entry in `index.yaml`.

    `status` is `official` for facts as published, `illustrative` where the real ones are not
    public, `generated` for made-up rows that serve fabricated returns. `version` is the edition or
    date of the source. `key` names the columns that no two rows share. Types are string, integer,
    decimal(p,s), date (yyyy-MM-dd) and yes_no (Y, N). `file` is the path in `conf` of a table that
    is not `reference/<name>.csv` or `.csv.gz`.
    """

    status: Literal["official", "illustrative", "generated"]
    version: str = Field(min_length=1)
    source: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    note: str = ""
    key: tuple[str, ...] = Field(min_length=1)
    columns: dict[str, str] = Field(min_length=1)
    file: str | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> ReferenceEntry:
        wrong = [f"{name} can't name a column" for name in self.columns if not name.isidentifier()]
        wrong += [
            f"'{kind}' is no type of a reference table"
            for kind in self.columns.values()
            if not is_type(kind)
        ]
        wrong += [
            f"key names {name}, which is no column" for name in self.key if name not in self.columns
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


@dataclass(frozen=True)
class Reference:
    """One reference table: its entry, and where its rows are."""

    name: str
    entry: ReferenceEntry
    path: Path

    @property
    def shown(self) -> str:
        """The file, as problems name it."""
        return f"conf/{self.entry.file or f'reference/{self.path.name}'}"

    @cached_property
    def shape(self) -> ReferenceShape:
        """What rulesets hold of it."""
        content = self.path.read_bytes()
        if self.path.suffix == ".gz":
            content = gzip.decompress(content)
        declared = repr(list(self.entry.columns.items())).encode()
        digest = hashlib.sha256(declared + b"\n" + content).hexdigest()
        return ReferenceShape(columns=self.entry.columns, digest=digest)

    def read(self) -> dict[str, list[Value]]:
        """Values by column, in file order; ConfigurationError names every line that is wrong."""
        problems: list[Problem] = []
        lines: list[int] = []
        rows: list[dict[str, str]] = []
        for line, row in read_rows(self.path, list(self.entry.columns), self.shown, problems):
            lines.append(line)
            rows.append(row)
        columns = {
            name: self._parsed(name, kind, rows, lines, problems)
            for name, kind in self.entry.columns.items()
        }
        keys: set[tuple[Value, ...]] = set()
        parts = (columns[name] for name in self.entry.key)
        for line, key in zip(lines, zip(*parts, strict=True), strict=True):
            if None in key or key in keys:
                what = "has a blank key" if None in key else "has the key of another line"
                problems.append(Problem(self.shown, f"line {line}", what))
            keys.add(key)
        if problems:
            raise ConfigurationError(problems)
        return columns

    def _parsed(
        self,
        name: str,
        kind: str,
        rows: Sequence[Mapping[str, str]],
        lines: Sequence[int],
        problems: list[Problem],
    ) -> list[Value]:
        parse = PARSERS[kind] if kind in PARSERS else decimal_parser(kind)
        values: list[Value] = []
        for line, row in zip(lines, rows, strict=True):
            text = row[name]
            try:
                values.append(parse(text) if text else None)
            except ValueError as error:
                values.append(text)
                problems.append(Problem(self.shown, f"line {line}", f"{name}: {error}"))
        return values


def load_references(folder: Path, problems: list[Problem]) -> dict[str, Reference]:
    """Every table that `index.yaml` describes; none if there is no folder.

    What is wrong with the index is added to `problems`. Rows are read by `Reference.read`.
    """
    if not folder.is_dir():
        return {}
    raw = read_yaml(folder / "index.yaml", f"conf/{INDEX}", problems) or {}
    files = {path.name.partition(".")[0]: path for path in _files(folder)}
    references = {}
    for name, item in raw.items():
        entry = _entry(name, item, problems)
        path = files.pop(str(name), None)
        if entry is not None and entry.file is not None:
            path = folder.parent / entry.file
        if path is None or not path.is_file():
            message = f"there is no file {name}.csv or {name}.csv.gz in conf/reference"
            problems.append(Problem(f"conf/{INDEX}", str(name), message))
        elif entry is not None:
            references[str(name)] = Reference(str(name), entry, path)
    for path in files.values():
        message = f"is not described in conf/{INDEX}"
        problems.append(Problem(f"conf/reference/{path.name}", "", message))
    return references


def mentioned(text: str) -> set[str]:
    """Names of the reference tables that a query may be about."""
    return {name.lower() for name in MENTIONED.findall(text)}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIXES))


def _entry(name: object, item: object, problems: list[Problem]) -> ReferenceEntry | None:
    if not (isinstance(name, str) and NAME.fullmatch(name)):
        message = "can't name a table; it is lower snake case"
        problems.append(Problem(f"conf/{INDEX}", str(name), message))
        return None
    if not isinstance(item, dict):
        problems.append(Problem(f"conf/{INDEX}", name, "is not a mapping of keys"))
        return None
    return validated(ReferenceEntry, item, f"conf/{INDEX}", name, problems)
