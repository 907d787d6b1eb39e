"""Read the files of one submission into bronze, whatever they are; one bad file never stops it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import FileRejected
from lgdp.intake.archive import ARCHIVES, unpack
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.diagnosis import further_defects
from lgdp.intake.finding import FileRead, Finding
from lgdp.intake.readers import find_reader
from lgdp.intake.sent_file import PACKED_NAMES, SentFile, is_data_name, is_misnamed
from lgdp.scratch import scratch_folder

NOT_OURS = ("UNRECOGNISED", "WRONG_ROOT", "NO_SHEET", "NOT_RECORDS", "NOT_EXPECTED_XML")
"""Refusals of a file that is not a table of the return at all."""


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
    """Read every file to the sink; archives are unpacked, and the files in them read.

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
        self._read_any = False
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
            if sent.media_type in ARCHIVES and _may_be_opened(sent.name):
                self._add_archive(sent)
                return
            read = self._read(sent)
        except FileRejected as error:
            self._read_any = True
            self.findings.append(
                Finding(sent.name, error.code, "critical", error.message, row=error.row)
            )
            self.findings += further_defects(sent, error.code)
        else:
            self.findings += read.findings
            if read.encoding:
                self.encodings[sent.name] = read.encoding

    def require_data(self) -> None:
        """Refuse a delivery of which everything was left aside."""
        if not self._read_any:
            message = (
                f"No file of the delivery holds data of {self._ruleset.return_name}. If there is "
                "nothing to report, say so: nil in a manifest, or a file with a header alone."
            )
            self.findings.append(Finding(None, "NO_DATA", "critical", message))

    def _add_archive(self, sent: SentFile) -> None:
        with scratch_folder("unpacked") as folder:
            for inside in unpack(sent, self._limits, folder):
                if _is_of_a_program(inside.name):
                    self.findings += _aside(inside).findings
                else:
                    self.add(inside)
                inside.path.unlink()

    def _read(self, sent: SentFile) -> FileRead:
        if is_data_name(sent.name):
            read = find_reader(sent, self._ruleset, self._formats)
        else:
            try:
                read = find_reader(sent, self._ruleset, self._formats)
            except FileRejected:
                return _aside(sent)
        try:
            done = read(sent, self._ruleset, self._limits, self._sink)
        except FileRejected as error:
            # A name that promises nothing: a licence, a note.
            if not is_data_name(sent.name) and error.code in NOT_OURS:
                return _aside(sent)
            raise
        self._read_any = True
        if is_misnamed(sent):
            suffix, kind = Path(sent.name).suffix, sent.media_type.upper()
            message = f"The file is called {suffix}, and is {kind}; it was read as what it is."
            note = Finding(sent.name, "MISNAMED", "info", message)
            return FileRead((note, *done.findings), done.encoding)
        return done


def _is_of_a_program(name: str) -> bool:
    """Whether a file in an archive is what programs put there for themselves."""
    parts = PurePosixPath(name).parts[1:]
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def _may_be_opened(name: str) -> bool:
    """Whether a name does not say that an archive is something else."""
    suffix = Path(name).suffix.lower()
    return not suffix or suffix in PACKED_NAMES


def _aside(sent: SentFile) -> FileRead:
    message = "The file does not look like data and was left aside."
    return FileRead((Finding(sent.name, "LEFT_ASIDE", "info", message),))
