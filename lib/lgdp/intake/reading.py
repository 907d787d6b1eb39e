"""Read the files of one submission into bronze, whatever they are; one bad file never stops it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import FileRejected
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.delimited import read_delimited
from lgdp.intake.finding import FileRead, Finding
from lgdp.intake.sent_file import SentFile, is_data_name
from lgdp.intake.workbook import read_workbook
from lgdp.intake.xml import read_xml

Reader = Callable[[SentFile, Ruleset, Limits, BronzeSink], FileRead]
READERS: dict[str, Reader] = {"csv": read_delimited, "xml": read_xml, "xlsx": read_workbook}
WORDS = {
    "ole": "an old Excel workbook, or one with a password; save it as .xlsx without one",
    "gzip": "a gzip archive; send the file inside it",
    "zip": "a ZIP archive; send the files inside it",
    "pdf": "a PDF document; send the data itself",
    "parquet": "a Parquet file",
    "image": "a picture; send the data itself",
    "binary": "not text, XML or a workbook",
}


@dataclass(frozen=True)
class Reading:
    """What reading a submission gave: bronze files and rows by table, and what there is to say."""

    paths: dict[str, Path]
    rows: dict[str, int]
    findings: tuple[Finding, ...]
    encodings: dict[str, str]

    @property
    def rejected(self) -> bool:
        """Whether any file was refused."""
        return any(finding.severity == "critical" for finding in self.findings)


def read_files(
    files: Sequence[SentFile],
    ruleset: Ruleset,
    formats: Sequence[str],
    limits: Limits,
    sink: BronzeSink,
) -> Reading:
    """Read every file to the sink. Files that promise no data by name or bytes are left aside."""
    findings: list[Finding] = []
    encodings: dict[str, str] = {}
    for sent in files:
        try:
            read = _read_one(sent, ruleset, formats, limits, sink)
            findings += read.findings
            if read.encoding:
                encodings[sent.name] = read.encoding
        except FileRejected as error:
            findings.append(
                Finding(sent.name, error.code, "critical", error.message, row=error.row)
            )
    rows = sink.close()
    return Reading({name: sink.path(name) for name in rows}, rows, tuple(findings), encodings)


def _read_one(
    sent: SentFile, ruleset: Ruleset, formats: Sequence[str], limits: Limits, sink: BronzeSink
) -> FileRead:
    if sent.media_type == "empty":
        raise FileRejected("EMPTY_FILE", "The file is empty, not even a header is in it.")
    if not is_data_name(sent.name) and sent.media_type not in ("xml", "xlsx"):
        message = "The file does not look like data and was left aside."
        return FileRead((Finding(sent.name, "LEFT_ASIDE", "info", message),))
    if sent.media_type not in READERS:
        what = WORDS[sent.media_type]
        raise FileRejected(
            "TYPE_MISMATCH", f"The file is {what}. Expected {' or '.join(formats).upper()}."
        )
    if sent.media_type not in formats:
        raise FileRejected(
            "FORMAT_NOT_ACCEPTED",
            f"The file is {sent.media_type.upper()}; {ruleset.return_name} is sent as "
            f"{' or '.join(formats).upper()}.",
        )
    return READERS[sent.media_type](sent, ruleset, limits, sink)
