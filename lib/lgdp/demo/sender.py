"""The councils of the demo: how big they are, where their pupils live and how they write files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Form:
    """How a council writes its files. Whatever it does not say is plain: commas, UTF-8, ISO dates.

    `named` writes the council's name in the data and in the inbox, and not its code. `spoken` uses
    other headings that the contract knows. `remarks` adds a column that no contract declares.
    """

    kind: Literal["csv", "xml", "xlsx"] = "csv"
    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\n"
    shuffled: bool = False
    spoken: bool = False
    day_first: bool = False
    remarks: bool = False


@dataclass(frozen=True)
class Sender:
    """A council. `people` is its population in thousands, mid-2023, rounded (National Records of
    Scotland); `areas` are the postcode areas of its pupils; `called` how it names itself."""

    code: str
    people: int
    areas: tuple[str, ...]
    called: str = ""
    looked_after: Form = Form()
    pupil_census: Form = Form()

    def form(self, return_name: str) -> Form:
        """How its files of that return are written."""
        return self.looked_after if return_name == "looked_after" else self.pupil_census


_WINDOWS = Form(encoding="cp1252", line_end="\r\n", day_first=True, remarks=True)
_SEMICOLON = Form(delimiter=";", shuffled=True, day_first=True)
_UTF16 = Form(delimiter="\t", encoding="utf-16", line_end="\r\n")
_MARK = Form(encoding="utf-8-sig", line_end="\r\n", shuffled=True)
_SPOKEN = Form(delimiter="|", spoken=True, day_first=True)

SENDERS = (
    Sender("S12000005", 52, ("FK",)),
    Sender("S12000006", 146, ("DG",), looked_after=_WINDOWS, pupil_census=_WINDOWS),
    Sender("S12000008", 121, ("KA",)),
    Sender("S12000010", 113, ("EH",)),
    Sender("S12000011", 98, ("G",)),
    Sender("S12000013", 26, ("HS",), called="Comhairle nan Eilean Siar"),
    Sender("S12000014", 159, ("FK",)),
    Sender("S12000017", 236, ("IV", "KW", "PH")),
    Sender("S12000018", 79, ("PA",)),
    Sender("S12000019", 98, ("EH",)),
    Sender("S12000020", 95, ("IV", "AB"), looked_after=_MARK, pupil_census=_MARK),
    Sender("S12000021", 134, ("KA",)),
    Sender("S12000023", 22, ("KW",)),
    Sender("S12000026", 117, ("TD",)),
    Sender("S12000027", 23, ("ZE",)),
    Sender("S12000028", 112, ("KA",), looked_after=_SEMICOLON, pupil_census=_SEMICOLON),
    Sender("S12000029", 331, ("G", "ML")),
    Sender("S12000030", 93, ("FK",), pupil_census=Form(kind="xlsx")),
    Sender("S12000033", 227, ("AB",)),
    Sender("S12000034", 264, ("AB",), looked_after=_SPOKEN, pupil_census=_SPOKEN),
    Sender("S12000035", 88, ("PA",)),
    Sender("S12000036", 524, ("EH",), called="City of Edinburgh"),
    Sender("S12000038", 187, ("PA",)),
    Sender("S12000039", 89, ("G",)),
    Sender("S12000040", 184, ("EH",), looked_after=Form(kind="xml")),
    Sender("S12000041", 115, ("DD",)),
    Sender("S12000042", 149, ("DD",)),
    Sender("S12000045", 109, ("G",)),
    Sender("S12000047", 373, ("KY",)),
    Sender("S12000048", 153, ("PH",), looked_after=_UTF16, pupil_census=_UTF16),
    Sender("S12000049", 632, ("G",), called="S12000046"),  # its code until 2019
    Sender("S12000050", 341, ("ML",)),
)
PEOPLE = sum(sender.people for sender in SENDERS)
INDEX = {sender.code: index for index, sender in enumerate(SENDERS, start=1)}
