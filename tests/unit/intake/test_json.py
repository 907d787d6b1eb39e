"""JSON: arrays, lines, a key for each table, nested objects; and what is refused or set aside."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lgdp.contracts.contract import Contract
from lgdp.errors import FileRejected
from lgdp.intake.json_window import JsonWindow
from tests.unit.contracts.small_conf import RETURN, care
from tests.unit.intake.sent import Read, read

JSON = RETURN.replace("[csv, xml, xlsx]", "[csv, json]")
VISIT = {"id": "A1", "Seen": "01/02/2021", "ALONE": True, "MINUTES": 5, "NOTE": None}
PLACE = ("_row", "ID", "SEEN", "ALONE", "MINUTES", "NOTE", "_defect")
ROW = (1, "A1", "01/02/2021", "true", "5", None, None)

NESTED = """\
first: 2020-21
description: Nested.
tables:
  family:
    key: [NUMBER]
    columns: {NUMBER: {type: integer}, NAME: {type: string}, TOWN: {type: string}}
    json: {unit: data/families, columns: {NUMBER: "#families", NAME: name, TOWN: address/town}}
  child:
    key: [NAME, FAMILY]
    columns: {FAMILY: {type: string}, NAME: {type: string}, BORN: {type: date}}
    json: {unit: data/families, record: children, columns: {FAMILY: /name, NAME: name, BORN: born}}
  toy:
    key: [CHILD, TOY]
    columns: {FAMILY: {type: string}, CHILD: {type: string}, TOY: {type: string}}
    json: {unit: data/families, record: children/toys, columns: {FAMILY: ../../name, CHILD: ../name, TOY: .}}
"""


def flat(root: Path) -> Contract:
    return care(root / "flat", ret=JSON)


def read_flat(folder: Path, content: bytes | str, **limits: int) -> Read:
    return read(folder, {"visit.json": content}, contract=flat(folder), **limits)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([VISIT]),
        json.dumps([VISIT], indent=2),
        "\ufeff" + json.dumps([VISIT]),
        json.dumps(VISIT),
        json.dumps(VISIT) + "\n",
        "\n " + json.dumps(VISIT) + " \n\n",
        json.dumps({"visit": [VISIT]}),
        json.dumps({"VISIT": VISIT}),
    ],
    ids=["array", "pretty", "mark", "object", "line", "blank lines", "table", "one of a table"],
)
def test_c34_a_record_is_read_in_every_form(text: str, tmp_path: Path) -> None:
    got = read_flat(tmp_path, text)
    assert got.rows("visit", *PLACE) == [ROW]
    assert got.findings == ()


def test_c34_lines_are_records(tmp_path: Path) -> None:
    lines = "\r\n".join(json.dumps({**VISIT, "id": f"A{number}"}) for number in (1, 2, 3))
    got = read_flat(tmp_path, lines)
    assert got.rows("visit", "_row", "ID") == [(1, "A1"), (2, "A2"), (3, "A3")]


def test_c34_an_object_may_have_a_key_for_each_table(tmp_path: Path) -> None:
    text = {
        "made by": "a program",
        "child": [{"ID": "A1", "born": "01/02/2010"}],
        "visit": [VISIT, VISIT],
        "other": [1],
    }
    got = read_flat(tmp_path, json.dumps(text))
    assert got.rows("child", "_row", "ID", "BORN") == [(1, "A1", "01/02/2010")]
    assert got.rows("visit", "_row") == [(1,), (2,)]
    assert sorted(got.codes) == ["ABSENT_COLUMN"] * 2 + ["UNKNOWN_ELEMENT"] * 2
    assert "made by is not part of the return; it was left out (1 times)." in [
        item.message for item in got.findings
    ]


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    rows = '[{"ID": 7, "SEEN": "", "MINUTES": 1.50, "NOTE": 12345678901234567890.10, "x": 1e3}]'
    got = read_flat(tmp_path, rows)
    assert got.rows("visit", "ID", "SEEN", "MINUTES", "NOTE", "_extra") == [
        ("7", None, "1.50", "12345678901234567890.10", [("x", "1e3")])
    ]
    assert [(item.code, item.column) for item in got.findings] == [
        ("ABSENT_COLUMN", "ALONE"),
        ("UNKNOWN_COLUMN", "x"),
    ]


@pytest.mark.parametrize(
    ("record", "defect"),
    [
        ('{"ID": "A1", "SEEN": "x", "ID": "A2"}', "DUPLICATE_KEY"),
        ('{"ID": "A1", "SEEN": "x", "id": "A2"}', "DUPLICATE_KEY"),
        ('{"ID": "A1", "SEEN": "x", "o": {"a": 1, "a": 2}}', "DUPLICATE_KEY"),
        ('{"ID": "A1", "SEEN": NaN}', "NOT_A_NUMBER"),
        ('{"ID": "A1", "SEEN": "x", "y": -Infinity}', "NOT_A_NUMBER"),
        ('{"ID": {"a": "A1"}, "SEEN": "x"}', "NESTED_VALUE"),
        ('{"ID": ["A1"], "SEEN": "x"}', "NESTED_VALUE"),
        ('{"ID": "A\\u0000", "SEEN": "x"}', "NUL_BYTE"),
    ],
)  # fmt: skip
def test_c35_a_record_that_can_t_be_trusted_is_set_aside(
    record: str, defect: str, tmp_path: Path
) -> None:
    got = read_flat(tmp_path, f"[{json.dumps(VISIT)}, {record}, {json.dumps(VISIT)}]")
    assert got.rows("visit", "_row", "_defect") == [(1, None), (2, defect), (3, None)]
    if defect != "NUL_BYTE":
        assert got.rows("visit", "_raw")[1] == (record,)


def test_c35_damaged_bytes_set_a_record_aside(tmp_path: Path) -> None:
    text = '[{"ID": "é", "SEEN": "x"}, '.encode() + b'{"ID": "A\xff", "SEEN": "x"}]'
    got = read_flat(tmp_path, text)
    assert got.rows("visit", "ID", "_defect") == [("é", None), ("A�", "BAD_ENCODING")]
    assert "DAMAGED_BYTES" in got.codes


PLAIN = "The file is not well-formed JSON at line {}, column {}: {}."


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ('[{"ID": 1,}]', "NOT_WELL_FORMED", PLAIN.format(1, 11, "Expecting property name enclosed in double quotes")),
        ('[{"ID": 1},\n]', "NOT_WELL_FORMED", PLAIN.format(2, 1, "Expecting value")),
        ('[{"ID": 1}\n {"ID": 2}]', "NOT_WELL_FORMED", PLAIN.format(2, 2, "Expecting ',' or ']'")),
        ('[{"ID": 1}', "NOT_WELL_FORMED", PLAIN.format(1, 11, "Expecting ',' or ']'")),
        ('[{"ID": "A1', "NOT_WELL_FORMED", PLAIN.format(1, 9, "Unterminated string")),
        ('[{"ID": 1}]]', "NOT_WELL_FORMED", PLAIN.format(1, 12, "Extra data")),
        ('[{"ID": 01}]', "NOT_WELL_FORMED", PLAIN.format(1, 10, "Expecting ',' delimiter")),
        ("[{'ID': 1}]", "NOT_WELL_FORMED", PLAIN.format(1, 3, "Expecting property name enclosed in double quotes")),
        ('{"ID": 1}\n{"ID": }', "NOT_WELL_FORMED", PLAIN.format(2, 8, "Expecting value")),
        ('{"ID": 1},{"ID": 2}', "NOT_WELL_FORMED", PLAIN.format(1, 10, "Expecting value")),
        ('{"visit": [{"ID": 1}], "visit": []}', "DUPLICATE_KEY", "The key 'visit' occurs twice in one object, at line 1. Name each once, so that it is certain which values count."),
        ('[1, 2]', "NOT_RECORDS", "There is a text or number at line 1 where an object with the columns of a row was expected."),
        ('[[1], [2]]', "NOT_RECORDS", "There is an array at line 1 where an object with the columns of a row was expected."),
        ('[\n{"ID": 1, "SEEN": 2}, null]', "NOT_RECORDS", "There is nothing (null) at line 2 where an object with the columns of a row was expected."),
        ('"text"', "NOT_RECORDS", "The document holds a text or number at line 1 where an object was expected."),
        ("hello", "NOT_WELL_FORMED", PLAIN.format(1, 1, "Expecting value")),
        ('[{"colour": "red"}]', "UNRECOGNISED", "The first row is not the header"),
        ('[{"NOTE": "n", "ALONE": 1}]', "MISSING_COLUMN", "Table visit needs the columns ID, SEEN"),
        ("[" * 100_000, "TOO_DEEP", "Values are nested far too deep in the record at line 1."),
        ('{"a":' * 100_000, "TOO_DEEP", "Values are nested far too deep in the record at line 1."),
        ('[{"ID": ' + "[" * 17 + "]" * 17 + "}]", "TOO_DEEP", "Values are nested deeper than 16 in the record at line 1."),
        ('[{"ID": "' + "x" * 2_000_000 + '", "SEEN": 1}]', "VALUE_TOO_LONG", "The value of ID in record 1 is 2,000,000 bytes; at most 1,048,576 are read."),
    ],
)  # fmt: skip
def test_c35_what_is_no_json_of_records_is_refused_with_its_place(
    text: str, code: str, message: str, tmp_path: Path
) -> None:
    ((found, said, _),) = read_flat(tmp_path, text).refusals
    assert (found, said[: len(message)]) == (code, message)


def test_nested_objects_become_rows_with_the_keys_of_those_around_them(tmp_path: Path) -> None:
    contract = care(tmp_path / "nested", ret=JSON, specs={"2020-21": NESTED})
    families = [
        {"name": "Ba", "address": {"town": "Cupar", "street": "High"}, "children": [
            {"name": "Al", "born": "2020-01-02", "toys": ["ball", "top"]}, {"name": "Bo", "toys": [], "age": 3}]},
        {"name": "Cy", "note": {"a": [1]}},
    ]  # fmt: skip
    text = json.dumps({"version": 2, "data": {"families": families}})
    got = read(tmp_path, {"x.json": text}, contract=contract)
    assert got.rows("family", "_row", "NUMBER", "NAME", "TOWN", "_extra") == [
        (1, "1", "Ba", "Cupar", [("address/street", "High")]),
        (2, "2", "Cy", None, [("note", '{"a": ["1"]}')]),
    ]
    assert got.rows("child", "_row", "FAMILY", "NAME", "BORN", "_extra") == [
        (1, "Ba", "Al", "2020-01-02", None),
        (2, "Ba", "Bo", None, [("age", "3")]),
    ]
    assert got.rows("toy", "FAMILY", "CHILD", "TOY") == [("Ba", "Al", "ball"), ("Ba", "Al", "top")]
    assert [(item.code, item.message) for item in got.findings] == [
        ("UNKNOWN_ELEMENT", "version is not part of the return; it was left out (1 times).")
    ]
    array = read(tmp_path, {"x.json": json.dumps(families)}, contract=contract)
    assert array.refusals == [
        ("NOT_RECORDS", "The document is an array; expected an object with data/families.", None)
    ]


def test_a_file_of_many_megabytes_is_read_in_pieces(tmp_path: Path) -> None:
    rows = [{**VISIT, "id": f"A{number}", "NOTE": "x" * 990} for number in range(3000)]
    got = read_flat(tmp_path, json.dumps(rows, indent=1) + " ")
    assert got.rows("visit", "_row", "ID") == [(number + 1, f"A{number}") for number in range(3000)]
    broken = json.dumps(rows[:2900], indent=1)[:-1].rstrip() + ",\n{,}]"
    ((code, message, _),) = read_flat(tmp_path, broken).refusals
    assert (code, message) == (
        "NOT_WELL_FORMED",
        PLAIN.format(f"{2900 * 7 + 2:,}", 2, "Expecting property name enclosed in double quotes"),
    )


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(st.lists(VALUES, max_size=5), st.integers(1, 9), st.sampled_from([None, 1]))
def test_values_are_the_same_in_whatever_pieces_they_come(
    values: list[object], size: int, indent: int | None
) -> None:
    text = json.dumps(values, indent=indent)
    pieces = iter([text[start : start + size] for start in range(0, len(text), size)])
    window = JsonWindow(lambda _: next(pieces, ""))
    assert window.take("[")
    decoded = [window.decode().value for _ in window.items()]
    assert decoded == json.loads(text, parse_int=str)
    assert window.peek() == ""


@settings(deadline=None, max_examples=100)
@given(st.text('[]{}:,"\\ \n1e.-tfn', max_size=12), st.integers(1, 4))
def test_any_text_is_values_or_refused_as_the_decoder_does(text: str, size: int) -> None:
    pieces = iter([text[start : start + size] for start in range(0, len(text), size)])
    window = JsonWindow(lambda _: next(pieces, ""))
    try:
        expected = json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError:
        expected = FileRejected
    try:
        got = window.decode().value
        if window.peek():
            got = FileRejected
    except FileRejected:
        got = FileRejected
    assert got == expected
