"""A delivery of several files: what is read, left aside, or refused."""

from __future__ import annotations

from pathlib import Path

from tests.unit.contracts.small_conf import RETURN, care
from tests.unit.intake.sent import read

CHILD = "ID,BORN,COLOUR,WEIGHT\nA1,01/02/2010,,\n"
VISIT = "ID,SEEN,ALONE,MINUTES,NOTE\nA1,01/02/2021,,,\n"
ASIDE = "The file does not look like data and was left aside."
XML = "<Care><Child><Id>A1</Id></Child></Care>"


def test_what_promises_no_data_and_is_none_is_left_aside(tmp_path: Path) -> None:
    files = {
        "LICENSE": "You may, if you like.\n",
        "README.md": "ID of nothing\n",
        "index.html": "<html><p>hello</html>",
        "photo.jpg": b"\xff\xd8\xff\xe0",
        "letter.docx": b"PK\x03\x04",
        "Thumbs.db": b"",
        "child.csv": CHILD,
    }
    got = read(tmp_path, files)
    assert [(item.file, item.code, item.severity, item.message) for item in got.findings] == [
        (name, "LEFT_ASIDE", "info", ASIDE) for name in list(files)[:-1]
    ]
    assert got.rows("child", "ID") == [("A1",)]


def test_data_under_any_name_is_data(tmp_path: Path) -> None:
    files = {"child.bak": CHILD, "care": XML.replace("A1", "A2"), "visit (1).CSV": VISIT}
    got = read(tmp_path, files)
    assert got.findings == ()
    assert sorted(row["ID"] for row in got.tables["child"]) == ["A1", "A2"]
    assert got.rows("visit", "ID") == [("A1",)]


def test_data_under_any_name_is_refused_if_it_is_broken(tmp_path: Path) -> None:
    got = read(tmp_path, {"care.old": XML[:-3], "visit.old": VISIT + 'A2,"\n'})
    assert [code for code, _, _ in got.refusals] == ["NOT_WELL_FORMED", "UNCLOSED_QUOTE"]


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    got = read(tmp_path, {"a.csv": "", "child.csv": CHILD, "z.csv": b"%PDF-"})
    assert [code for code, _, _ in got.refusals] == ["EMPTY_FILE", "TYPE_MISMATCH"]
    assert got.rows("child", "ID") == [("A1",)]


def test_a_form_that_the_return_does_not_take_is_refused(tmp_path: Path) -> None:
    contract = care(tmp_path / "csv", ret=RETURN.replace("[csv, xml, xlsx]", "[csv]"))
    got = read(tmp_path, {"care.xml": XML, "child.csv": CHILD}, contract=contract)
    message = "The file is XML; care is sent as CSV."
    assert got.refusals == [("FORMAT_NOT_ACCEPTED", message, None)]


def test_a_delivery_without_data_is_refused_not_nil(tmp_path: Path) -> None:
    got = read(tmp_path, {"README.txt.md": "hello\n"})
    message = (
        "No file of the delivery holds data of care. If there is nothing to report, say so: nil in "
        "a manifest, or a file with a header alone."
    )
    assert got.codes == ["LEFT_ASIDE", "NO_DATA"]
    assert got.refusals == [("NO_DATA", message, None)]
    assert got.findings[1].file is None


def test_no_files_are_nothing_to_say(tmp_path: Path) -> None:
    assert read(tmp_path, {}).findings == ()


def test_the_same_content_is_read_once(tmp_path: Path) -> None:
    got = read(tmp_path, {"child.csv": CHILD, "child copy.csv": CHILD})
    assert got.rows("child", "ID") == [("A1",)]
    (finding,) = got.findings
    assert (finding.file, finding.code, finding.severity) == (
        "child copy.csv",
        "SAME_CONTENT",
        "info",
    )
    assert finding.message == "The file has the same content as child.csv; it was read once."


def test_two_files_of_one_table_are_both_read(tmp_path: Path) -> None:
    got = read(tmp_path, {"child1.csv": CHILD, "child2.csv": CHILD.replace("A1", "A2")})
    rows = [(row["_file"], row["_row"], row["ID"]) for row in got.tables["child"]]
    assert rows == [("child1.csv", 1, "A1"), ("child2.csv", 1, "A2")]
