"""Text of fixed width: every column is at declared characters."""

from __future__ import annotations

from pathlib import Path

import pytest

from lgdp.errors import ConfigurationError
from tests.unit.contracts.small_conf import RETURN, care
from tests.unit.intake.sent import Read, read

SPEC = """\
first: 2020-21
description: Fixed width.
tables:
  child:
    key: [ID]
    columns: {ID: {type: string, required: true}, BORN: {type: date}, NAME: {type: string}}
    fixed: {columns: {ID: [1, 4], BORN: [5, 14], NAME: [16, 25]}}
"""


def read_lines(
    folder: Path,
    content: str | bytes,
    name: str = "child.dat",
    more: str = "",
    formats: str = "[fixed]",
) -> Read:
    spec = SPEC.replace("fixed: {", f"fixed: {{{more}")
    ret = RETURN.replace("[csv, xml, xlsx]", formats)
    contract = care(folder / "fixed", ret=ret, specs={"2020-21": spec})
    return read(folder, {name: content}, contract=contract)


def test_columns_are_cut_where_declared(tmp_path: Path) -> None:
    text = "A1  2010-02-01 Ann       \r\nA2             Zoé\n\nA3  2011-02-01\n"
    got = read_lines(tmp_path, text.encode("cp1252"))
    assert got.rows("child", "_row", "ID", "BORN", "NAME", "_defect") == [
        (1, "A1", "2010-02-01", "Ann", None),
        (2, "A2", None, "Zoé", None),
        (3, "A3", "2011-02-01", None, None),
    ]
    assert got.codes == ["ENCODING"]


def test_lines_that_do_not_fit_are_set_aside(tmp_path: Path) -> None:
    good = "A1  2010-02-01 Ann       "
    text = (
        f"Children of Fife\n{good}\n{good[:-1]}\n{good}  \n{good} x\n".encode()
        + b"A5  2010-02-01 \xff\xc3\xa9        \n"
    )
    got = read_lines(tmp_path, text, more="width: 25, header_lines: 1, ")
    assert got.rows("child", "_row", "ID", "_defect") == [
        (1, "A1", None),
        (2, None, "TOO_FEW_FIELDS"),
        (3, "A1", None),
        (4, None, "TOO_MANY_FIELDS"),
        (5, None, "BAD_ENCODING"),
    ]
    assert got.rows("child", "_raw")[1] == (good[:-1],)


def test_the_name_says_whether_text_is_delimited(tmp_path: Path) -> None:
    text = "A1  2010-02-01 Ann\n"
    both = "[csv, fixed]"
    assert read_lines(tmp_path, text, "child.txt", formats=both).rows("child", "ID") == [("A1",)]
    assert read_lines(tmp_path, "ID,BORN,NAME\nA1,,\n", "child.csv", formats=both).rows(
        "child", "ID"
    ) == [("A1",)]
    got = read_lines(tmp_path, text, "child.csv", formats=both)
    assert got.refusals[0][0] == "UNRECOGNISED"
    got = read_lines(tmp_path, "<a/>", "child.xml")
    assert got.refusals == [
        ("FORMAT_NOT_ACCEPTED", "The file is XML; care is sent as text of fixed width.", None)
    ]


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    ((code, message, row),) = read_lines(tmp_path, "A" * (1 << 16)).refusals
    assert (code, message, row) == ("RECORD_TOO_LONG", "Line 1 has more than 65,536 characters.", 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[5, 14]", "[4, 14]", "BORN begins before ID ends"),
        ("[5, 14]", "[14, 5]", "BORN is from character 14 to 5, which is nowhere"),
        ("fixed: {", "fixed: {width: 20, ", "NAME ends behind the width of 20"),
    ],
)
def test_positions_that_make_no_sense_are_refused(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        care(tmp_path, specs={"2020-21": SPEC.replace(old, new)})
    assert message in [problem.message for problem in caught.value.problems]
