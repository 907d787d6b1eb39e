"""Which reader reads a file: one for each form that files come in, all with one interface."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import FileRejected
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.delimited import read_delimited
from lgdp.intake.finding import FileRead
from lgdp.intake.fixed_width import read_fixed
from lgdp.intake.json_file import read_json
from lgdp.intake.refusal import encrypted
from lgdp.intake.sent_file import SentFile
from lgdp.intake.workbook import read_workbook
from lgdp.intake.xml import read_xml

Reader = Callable[[SentFile, Ruleset, Limits, BronzeSink], FileRead]
"""Writes the rows of a file to the sink and says what there is to say; raises FileRejected."""

READERS: dict[str, Reader] = {
    "csv": read_delimited,
    "fixed": read_fixed,
    "json": read_json,
    "ods": read_workbook,
    "xls": read_workbook,
    "xlsx": read_workbook,
    "xml": read_xml,
}
WORDS = {
    "ole": "an old Office document that is no workbook; save the table as .xlsx",
    "office": "a text document or presentation; send the data itself",
    "xlsb": "a binary Excel workbook; save it as .xlsx",
    "macros": "a workbook with macros; save it as .xlsx, which has none",
    "zip": "a ZIP archive under another name; call it .zip, or send the files in it",
    "gzip": "a gzip archive under another name; call it .gz, or send the file in it",
    "tar": "a tar archive; send the files in it, or a ZIP archive",
    "pdf": "a PDF document; send the data itself",
    "rtf": "a text document; send the data itself",
    "parquet": "a Parquet file",
    "image": "a picture; send the data itself",
    "binary": "not text, XML or a workbook",
}
FIXED_NAMES = (".fwf", ".dat", ".txt")
NAMES = {"fixed": "text of fixed width"}


def find_reader(sent: SentFile, ruleset: Ruleset, formats: Sequence[str]) -> Reader:
    """The reader of a file, by what its bytes are.

    Text is read by its place if the return takes fixed width and not delimited text, or the file's
    name says so. Raises FileRejected: EMPTY_FILE, ENCRYPTED, TYPE_MISMATCH, FORMAT_NOT_ACCEPTED.
    """
    kind, wanted = sent.media_type, " or ".join(NAMES.get(name, name.upper()) for name in formats)
    if kind == "empty":
        raise FileRejected("EMPTY_FILE", "The file is empty, not even a header is in it.")
    if kind == "encrypted":
        raise encrypted()
    if kind in WORDS:
        raise FileRejected("TYPE_MISMATCH", f"The file is {WORDS[kind]}. Expected {wanted}.")
    if kind == "csv" and "fixed" in formats and not _is_delimited(sent.name, formats):
        kind = "fixed"
    if kind not in formats:
        raise FileRejected(
            "FORMAT_NOT_ACCEPTED",
            f"The file is {kind.upper()}; {ruleset.return_name} is sent as {wanted}.",
        )
    return READERS[kind]


def _is_delimited(name: str, formats: Sequence[str]) -> bool:
    return "csv" in formats and Path(name).suffix.lower() not in FIXED_NAMES
