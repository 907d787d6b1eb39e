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
    "ole": "an old or binary Excel workbook, or one with a password; save it as .xlsx without one",
    "macros": "a workbook with macros; save it as .xlsx, which has none",
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
    """Read every file to the sink.

    Files that are no data, by name and content, are left aside; a file with the same content as
    one before it is not read twice. If no file at all is data, that is a refusal.
    """
    reading = _SubmissionReading(ruleset, formats, limits, sink)
    for sent in files:
        reading.add(sent)
    if files:
        reading.require_data()
    rows = sink.close()
    return Reading(
        {name: sink.path(name) for name in rows}, rows, tuple(reading.findings), reading.encodings
    )


class _SubmissionReading:
    def __init__(
        self, ruleset: Ruleset, formats: Sequence[str], limits: Limits, sink: BronzeSink
    ) -> None:
        self._ruleset, self._formats = ruleset, formats
        self._limits, self._sink = limits, sink
        self._names: dict[str, str] = {}
        self.findings: list[Finding] = []
        self.encodings: dict[str, str] = {}

    def add(self, sent: SentFile) -> None:
        if sent.digest in self._names:
            first = self._names[sent.digest]
            message = f"The file has the same content as {first}; it was read once."
            self.findings.append(Finding(sent.name, "SAME_CONTENT", "info", message))
            return
        self._names[sent.digest] = sent.name
        try:
            read = self._read(sent)
        except FileRejected as error:
            self.findings.append(
                Finding(sent.name, error.code, "critical", error.message, row=error.row)
            )
        else:
            self.findings += read.findings
            if read.encoding:
                self.encodings[sent.name] = read.encoding

    def require_data(self) -> None:
        """Refuse a delivery of which everything was left aside."""
        aside = [finding for finding in self.findings if finding.code == "LEFT_ASIDE"]
        if len(aside) == len(self._names):
            message = (
                f"No file of the delivery holds data of {self._ruleset.return_name}. If there is "
                "nothing to report, say so: nil in a manifest, or a file with a header alone."
            )
            self.findings.append(Finding(None, "NO_DATA", "critical", message))

    def _read(self, sent: SentFile) -> FileRead:
        if not is_data_name(sent.name):
            return self._read_if_data(sent)
        self._check_format(sent)
        return READERS[sent.media_type](sent, self._ruleset, self._limits, self._sink)

    def _read_if_data(self, sent: SentFile) -> FileRead:
        """A file whose name promises nothing is read if its content is a table of the return."""
        aside = Finding(
            sent.name, "LEFT_ASIDE", "info", "The file does not look like data and was left aside."
        )
        if sent.media_type not in self._formats or sent.media_type not in READERS:
            return FileRead((aside,))
        try:
            return READERS[sent.media_type](sent, self._ruleset, self._limits, self._sink)
        except FileRejected as error:
            if error.code in ("UNRECOGNISED", "WRONG_ROOT", "NO_SHEET"):
                return FileRead((aside,))
            raise

    def _check_format(self, sent: SentFile) -> None:
        wanted = " or ".join(name.upper() for name in self._formats)
        if sent.media_type == "empty":
            raise FileRejected("EMPTY_FILE", "The file is empty, not even a header is in it.")
        if sent.media_type not in READERS:
            what = WORDS[sent.media_type]
            raise FileRejected("TYPE_MISMATCH", f"The file is {what}. Expected {wanted}.")
        if sent.media_type not in self._formats:
            raise FileRejected(
                "FORMAT_NOT_ACCEPTED",
                f"The file is {sent.media_type.upper()}; {self._ruleset.return_name} is sent as "
                f"{wanted}.",
            )
