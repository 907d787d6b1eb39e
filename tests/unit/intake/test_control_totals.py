"""Rows that a sender says are in a file, counted in every form in which they come."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from lgdp.contracts.contract import Contract
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.control_totals import check_totals
from lgdp.intake.reading import read_files
from lgdp.intake.sent_file import look_at
from tests.unit.contracts.small_conf import care
from tests.unit.intake.sent import COUNCIL, LIMITS, SUBMISSION
from tests.unit.intake.test_wide import HEADER, indicators

CHILD = "ID,BORN,COLOUR,WEIGHT\n"
TWO = CHILD + "A1,01/02/2010,,\nA2,01/02/2010,,\n"


def packed(**files: str) -> bytes:
    """A ZIP of files, `_` in a name for its dot."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return written.getvalue()


def wrong(
    folder: Path,
    files: dict[str, str | bytes],
    totals: dict[str, int],
    contract: Contract | None = None,
) -> list[tuple[str | None, str]]:
    """File and first words of every total that does not agree."""
    contract = contract or care(folder / "conf")
    ruleset = contract.ruleset(contract.read_period("2020-21"))
    sent = []
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        sent.append(look_at(folder / name))
    (folder / "out").mkdir()
    sink = BronzeSink(folder / "out", SUBMISSION, COUNCIL)
    reading = read_files(sent, ruleset, contract.statutory_return.formats, LIMITS, sink)
    found = list(check_totals(totals, reading, ruleset))
    assert {(each.code, each.severity) for each in found} <= {("CONTROL_TOTAL", "critical")}
    return [(each.file, each.message.partition(";")[0]) for each in found]


@pytest.mark.parametrize(("said", "agrees"), [(2, True), (1, False), (3, False), (0, False)])
def test_records_are_counted_without_the_header(said: int, agrees: bool, tmp_path: Path) -> None:
    text = f"The file has 2 rows, the manifest says {said}"
    found = wrong(tmp_path, {"child.csv": TWO}, {"child.csv": said})
    assert found == ([] if agrees else [("child.csv", text)])


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert wrong(tmp_path, {"child.csv": CHILD}, {"child.csv": 0}) == []


def test_each_file_has_its_own_total(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.csv": TWO, "b.csv": CHILD + "A3,01/02/2010,,\n"}
    assert wrong(tmp_path, files, {"b.csv": 2, "a.csv": 1}) == [
        ("a.csv", "The file has 2 rows, the manifest says 1"),
        ("b.csv", "The file has 1 row, the manifest says 2"),
    ]


def test_rows_of_all_tables_of_a_file_are_added_up(tmp_path: Path) -> None:
    visits = "<Visits><Visit><Seen>2020-06-01</Seen></Visit></Visits>"
    child = f"<Child><Id>A1</Id><Born>2010-02-01</Born>{visits}</Child>"
    files: dict[str, str | bytes] = {"care.xml": f"<Care>{child}{child}</Care>"}
    assert wrong(tmp_path, files, {"care.xml": 2}) == [
        ("care.xml", "The file has 4 rows, the manifest says 2")
    ]


def test_rows_of_an_archive_are_those_of_the_files_in_it(tmp_path: Path) -> None:
    more = CHILD + "A3,01/02/2010,,\n"
    files: dict[str, str | bytes] = {"all.zip": packed(a_csv=TWO, b_csv=more, readme_md="Hello")}
    assert wrong(tmp_path, files, {"all.zip": 2}) == [
        ("all.zip", "The file has 3 rows, the manifest says 2")
    ]


def test_a_record_of_a_wide_table_is_one(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"indicator.csv": HEADER + "C1,Cost,1,2,3,4\nC2,Size,5,,,\n"}
    contract = indicators(tmp_path)
    assert wrong(tmp_path, files, {"indicator.csv": 3}, contract) == [
        ("indicator.csv", "The file has 2 rows, the manifest says 3")
    ]


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"a.csv": TWO, "b.csv": TWO}, "b.csv"),
        ({"a.csv": TWO, "b.zip": packed(b_csv=TWO)}, "b.zip"),
        ({"a.csv": TWO, "licence.md": "Free to use"}, "licence.md"),
        ({"a.csv": TWO, "b.csv": "nothing\nknown\n"}, "b.csv"),
    ],
)
def test_what_was_not_read_is_not_counted(
    files: dict[str, str | bytes], name: str, tmp_path: Path
) -> None:
    assert wrong(tmp_path, files, {name: 7}) == []
