"""XML that is an attack, damaged, or not the return's (catalogue 31 to 33)."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.unit.contracts.small_conf import SPEC, care
from tests.unit.intake.sent import read

LAUGHS = """<?xml version="1.0"?><!DOCTYPE Care [<!ENTITY a "ha">{}]><Care><Child><Id>&{};</Id></Child></Care>"""


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS.format(
            "".join(
                f'<!ENTITY {chr(98 + level)} "{f"&{chr(97 + level)};" * 10}">' for level in range(9)
            ),
            "j",
        ),
        '<!DOCTYPE Care [<!ENTITY a SYSTEM "file:///etc/passwd">]><Care><Child><Id>&a;</Id></Child></Care>',
        '<!DOCTYPE Care SYSTEM "http://127.0.0.1:9/care.dtd"><Care/>',
        "<!DOCTYPE Care><Care/>",
    ],
    ids=["billion laughs", "file entity", "external dtd", "doctype"],
)
def test_c31_c32_a_document_type_is_refused_at_once(text: str, tmp_path: Path) -> None:
    began = time.process_time()
    got = read(tmp_path, {"care.xml": text})
    assert time.process_time() - began < 1
    message = "The file declares a document type (DOCTYPE), which is never read. Remove it."
    assert got.refusals == [("DTD_FORBIDDEN", message, None)]
    assert got.tables == {}


def test_c32_an_inclusion_is_not_followed(tmp_path: Path) -> None:
    text = (
        '<Care xmlns:xi="http://www.w3.org/2001/XInclude"><Child><Id>A1</Id>'
        '<xi:include href="file:///etc/passwd" parse="text"/></Child></Care>'
    )
    got = read(tmp_path, {"care.xml": text})
    assert got.rows("child", "ID", "_extra") == [
        ("A1", [("include/@href", "file:///etc/passwd"), ("include/@parse", "text")])
    ]


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("<Kare/>", "WRONG_ROOT", "The root element, at line 1, is Kare; expected Care."),
        ("<html><p>not <b>xml</p></html>", "WRONG_ROOT", "The root element, at line 1, is html; expected Care."),
        ("<Care><Child><Id>A1</Id>\n</Child><Chi", "NOT_WELL_FORMED", "The file is not well-formed XML at line 2, column 13: Couldn't find end of Start Tag Chi."),
        ("<Care>\n<Child></Kid></Care>", "NOT_WELL_FORMED", "The file is not well-formed XML at line 2, column 14: Opening and ending tag mismatch: Child line 2 and Kid."),
        ("<Care>&nbsp;</Care>", "NOT_WELL_FORMED", "The file is not well-formed XML at line 1, column 13: Entity 'nbsp' not defined."),
        ("<Care>" + "<a>" * 20, "TOO_DEEP", "Elements are nested deeper than 16."),
        ("<", "NOT_WELL_FORMED", "The file is not well-formed XML at line 1, column 2: StartTag: invalid element name."),
    ],
)  # fmt: skip
def test_c33_what_cannot_be_read_is_told_with_its_place(
    text: str, code: str, message: str, tmp_path: Path
) -> None:
    assert read(tmp_path, {"care.xml": text}).refusals[0] == (code, message, None)


def test_c33_units_before_the_break_are_kept(tmp_path: Path) -> None:
    got = read(tmp_path, {"care.xml": "<Care><Child><Id>A1</Id></Child>" * 1 + "<Child>"})
    assert got.refusals[0][0] == "NOT_WELL_FORMED"


def test_c20_a_long_value_is_refused(tmp_path: Path) -> None:
    text = f"<Care><Child><Id>{'é' * 600}</Id></Child></Care>"
    got = read(tmp_path, {"care.xml": text}, field_bytes=1199)
    message = "The value of ID in record 1 is 1,200 bytes; at most 1,199 are read."
    assert got.refusals == [("VALUE_TOO_LONG", message, 1)]


NAMED = "<Care xmlns='urn:a'><Child><Id>A1</Id></Child></Care>"


@pytest.mark.parametrize(
    ("declared", "text", "message"),
    [
        ("urn:b", NAMED, "The root element, at line 1, is in the namespace 'urn:a'; expected the namespace 'urn:b'."),
        ("''", NAMED, "The root element, at line 1, is in the namespace 'urn:a'; expected no namespace."),
        ("urn:b", "\n<Care/>", "The root element, at line 2, is in no namespace; expected the namespace 'urn:b'."),
    ],
)  # fmt: skip
def test_c33_a_wrong_namespace_is_refused_where_one_is_declared(
    declared: str, text: str, message: str, tmp_path: Path
) -> None:
    spec = SPEC.replace("{root: Care,", f"{{root: Care, namespace: {declared},")
    contract = care(tmp_path / "named", specs={"2020-21": spec})
    got = read(tmp_path, {"care.xml": text}, contract=contract)
    assert got.refusals == [("WRONG_NAMESPACE", message, None)]


def test_c33_any_namespace_is_read_and_told_where_none_is_declared(tmp_path: Path) -> None:
    got = read(tmp_path, {"care.xml": NAMED})
    assert got.rows("child", "ID") == [("A1",)]
    assert [(item.code, item.message) for item in got.findings] == [
        ("NAMESPACE", "The elements are in the namespace 'urn:a'; any is read.")
    ]
