"""Where records and columns are in the files of a delivery, as a person sees them.

Checks number the records without the header. Here a file is looked at once more, to say in which
line of it, or row of which sheet, a record is, and under which letter a column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from lgdp.config import Limits
from lgdp.contracts.ruleset import Ruleset
from lgdp.errors import FileRejected
from lgdp.intake.archive import ARCHIVES, unpack
from lgdp.intake.sent_file import SentFile
from lgdp.reports.layout import Layout
from lgdp.reports.text_layout import text_layouts
from lgdp.reports.workbook_layout import workbook_layouts
from lgdp.scratch import scratch_folder

READERS = {
    "csv": text_layouts,
    "ods": workbook_layouts,
    "xls": workbook_layouts,
    "xlsx": workbook_layouts,
}


def layouts_by_file(
    files: Iterable[SentFile],
    ruleset: Ruleset,
    limits: Limits,
    records: Mapping[str, Collection[int]],
) -> dict[str, list[Layout]]:
    """By name of each file, and of each in an archive, its tables with the places of `records`.

    `records` are numbers by name of the file; a file of which nothing is asked is not looked at.
    """
    found: dict[str, list[Layout]] = {}
    for sent in files:
        if sent.media_type not in ARCHIVES:
            if sent.name in records:
                found[sent.name] = layouts_of(sent, ruleset, limits, records[sent.name])
        elif any(name.startswith(f"{sent.name}/") for name in records):
            found |= _in_archive(sent, ruleset, limits, records)
    return found


def _in_archive(
    sent: SentFile, ruleset: Ruleset, limits: Limits, records: Mapping[str, Collection[int]]
) -> dict[str, list[Layout]]:
    with scratch_folder("unpacked") as folder:
        try:
            return layouts_by_file(unpack(sent, limits, folder), ruleset, limits, records)
        except FileRejected:
            return {}


def layouts_of(
    sent: SentFile, ruleset: Ruleset, limits: Limits, records: Collection[int]
) -> list[Layout]:
    """The tables in a file, with the places of these records (of any of them).

    Empty for a file that can't be read, and for forms that have no lines or letters, such as XML.
    """
    reader = READERS.get(sent.media_type)
    if reader is None:
        return []
    try:
        return reader(sent, ruleset, limits, records)
    except FileRejected:
        # The report says why; there is no place to name.
        return []
