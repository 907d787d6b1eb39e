"""Reading files written by a test: what bronze rows they make, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from lgdp.config import Limits
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.finding import Finding
from lgdp.intake.reading import read_files
from lgdp.intake.sent_file import look_at
from tests.unit.contracts.small_conf import care

SUBMISSION, COUNCIL = "0" * 32, "S12000047"
LIMITS = Limits(
    field_bytes=1 << 20,
    columns=50,
    xml_depth=16,
    sheet_bytes=1 << 26,
    compression_ratio=100,
    check_memory="1GB",
    failures_per_rule=1000,
)


@dataclass(frozen=True)
class Read:
    """Bronze rows by table as they are in the file, findings in order, encodings by file."""

    tables: dict[str, list[dict[str, Any]]]
    findings: tuple[Finding, ...]
    encodings: dict[str, str]

    @property
    def codes(self) -> list[str]:
        """Codes of the findings."""
        return [finding.code for finding in self.findings]

    @property
    def refusals(self) -> list[tuple[str, str, int | None]]:
        """Code, message and row of what was refused."""
        return [
            (finding.code, finding.message, finding.row)
            for finding in self.findings
            if finding.severity == "critical"
        ]

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Rows of a table by record number, with those columns."""
        rows = sorted(self.tables.get(table, ()), key=lambda row: row["_row"])
        return [tuple(row[name] for name in columns) for row in rows]


def read(folder: Path, files: Mapping[str, bytes | str], **bend: Any) -> Read:
    """Write files and read them as a delivery of `care` for 2020-21.

    `contract` is another contract, `period` another period; other arguments are limits.
    """
    contract = bend.pop("contract", None) or care(folder / "conf")
    ruleset = contract.ruleset(contract.read_period(bend.pop("period", "2020-21")))
    sent = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        sent.append(look_at(path))
    out = folder / "out"
    out.mkdir(exist_ok=True)
    sink = BronzeSink(out, SUBMISSION, COUNCIL)
    limits = LIMITS.model_copy(update=bend)
    formats = contract.statutory_return.formats
    reading = read_files(sent, ruleset, formats, limits, sink)
    tables = {}
    for name, path in reading.paths.items():
        tables[name] = pq.read_table(path).to_pylist()
        assert len(tables[name]) == reading.rows[name]
    return Read(tables, reading.findings, reading.encodings)
