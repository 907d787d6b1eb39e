"""XML returns: cut into tables with parent keys, nothing dropped, attacks refused (31 to 33)."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lgdp.intake.bronze import BronzeSink
from lgdp.intake.sent_file import look_at
from lgdp.intake.xml import read_xml
from tests.unit.contracts.small_conf import SPEC, care
from tests.unit.intake.sent import COUNCIL, LIMITS, SUBMISSION, read

ONE = """\
<?xml version="1.0"?>
<Care>
  <Child>
    <Id>A1</Id><Born>01/02/2010</Born><Weight>5.50</Weight>
    <Visits>
      <Visit><Seen>01/02/2021</Seen><Minutes>5</Minutes><Note>a &amp; <![CDATA[<b>]]><!-- c --> d</Note></Visit>
      <Visit><Seen>02/02/2021</Seen></Visit>
    </Visits>
  </Child>
  <Child><Id>A2</Id><Visits><Visit><Seen/></Visit></Visits></Child>
</Care>
"""


def test_records_become_rows_with_the_keys_of_their_parents(tmp_path: Path) -> None:
    got = read(tmp_path, {"care.xml": ONE})
    assert got.rows("child", "_row", "ID", "BORN", "COLOUR", "WEIGHT", "_extra") == [
        (1, "A1", "01/02/2010", None, "5.50", None),
        (2, "A2", None, None, None, None),
    ]
    assert got.rows("visit", "_row", "ID", "SEEN", "MINUTES", "NOTE", "_file") == [
        (1, "A1", "01/02/2021", "5", "a & <b> d", "care.xml"),
        (2, "A1", "02/02/2021", None, None, "care.xml"),
        (3, "A2", None, None, None, "care.xml"),
    ]
    assert got.findings == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_a_declared_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    text = ONE.replace('"1.0"', f'"1.0" encoding="{encoding.removesuffix("-sig")}"')
    got = read(tmp_path, {"care.xml": text.replace("A1", "é£").encode(encoding)})
    assert got.rows("child", "ID") == [("é£",), ("A2",)]
    assert got.encodings["care.xml"].lower() == encoding.removesuffix("-sig")


def test_namespaces_do_not_matter(tmp_path: Path) -> None:
    text = ONE.replace("<Care>", '<c:Care xmlns:c="urn:x" xmlns="urn:y">').replace(
        "</Care>", "</c:Care>"
    )
    got = read(tmp_path, {"care.xml": text})
    assert got.rows("visit", "ID", "SEEN")[0] == ("A1", "01/02/2021")


def test_what_no_column_is_read_from_is_kept(tmp_path: Path) -> None:
    text = """<Care>
      <Child kind="x">stray<Id nil="true">A1</Id>
        <Id>A9</Id>
        <More><Deep>one</Deep><Deep>two</Deep></More>
        <Visits><Visit ref="7"><Seen>01/02/2021</Seen> tail <Other>o</Other></Visit></Visits>
      </Child>
    </Care>"""
    got = read(tmp_path, {"care.xml": text})
    assert got.rows("child", "ID", "_extra") == [
        (
            "A1",
            [
                ("@kind", "x"),
                ("text()", "stray"),
                ("Id/@nil", "true"),
                ("Id", "A9"),
                ("More/Deep", "one"),
                ("More/Deep#2", "two"),
            ],
        )
    ]
    assert got.rows("visit", "ID", "_extra") == [
        ("A1", [("@ref", "7"), ("text()", "tail"), ("Other", "o")])
    ]
    assert got.findings == ()


def test_what_belongs_to_no_row_is_told(tmp_path: Path) -> None:
    text = "<Care><Header><Who>me</Who></Header><Header><Who>you</Who></Header><Child><Id>A1</Id></Child></Care>"
    got = read(tmp_path, {"care.xml": text})
    assert [(item.code, item.message) for item in got.findings] == [
        (
            "UNKNOWN_ELEMENT",
            "Header/Who is not part of the return; it was left out (2 times).",
        )
    ]


WHEN = """\
first: 2020-21
description: Rows on conditions, running numbers, and text of the element itself.
xml: {root: Care, units: [Group/Child]}
tables:
  plan:
    key: [ID, PLAN]
    columns:
      ID: {type: string}
      PLAN: {type: integer}
      START: {type: date}
      REASON: {type: string}
    xml:
      unit: Group/Child
      record: Plan
      columns: {ID: /Id, PLAN: "#Plan", START: Start, REASON: Why/Reason}
      when: {Status: open}
      when_any: [START, REASON]
  colour:
    key: [ID, COLOUR]
    columns: {ID: {type: string}, COLOUR: {type: string}}
    xml: {unit: Group/Child, record: Colours/Colour, columns: {ID: /Id, COLOUR: .}}
"""


def test_conditions_numbers_and_an_element_s_own_text(tmp_path: Path) -> None:
    contract = care(tmp_path / "when", specs={"2020-21": WHEN})
    text = """<Care><Group>
      <Child><Id>A1</Id><Status>open</Status>
        <Plan><Start>1</Start></Plan><Plan><Start> </Start></Plan><Plan><Why><Reason>r</Reason></Why></Plan>
        <Colours><Colour>red</Colour><Colour>blue</Colour></Colours></Child>
      <Child><Id>A2</Id><Status>shut</Status><Plan><Start>3</Start></Plan></Child>
      <Child><Id>A3</Id><Status>open</Status><Plan><Start>4</Start></Plan></Child>
    </Group></Care>"""
    got = read(tmp_path, {"care.xml": text}, contract=contract)
    assert got.rows("plan", "_row", "ID", "PLAN", "START", "REASON") == [
        (1, "A1", "1", "1", None),
        (2, "A1", "3", None, "r"),
        (3, "A3", "5", "4", None),
    ]
    assert got.rows("colour", "ID", "COLOUR") == [("A1", "red"), ("A1", "blue")]
    # The plan of a child whose status is shut makes no row, and is told.
    assert [item.message for item in got.findings] == [
        f"Group/Child/{path} is not part of the return; it was left out (1 times)."
        for path in ("Id", "Status", "Plan/Start")
    ]


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
        ("<Kare/>", "WRONG_ROOT", "The root element is Kare; expected Care."),
        ("<html><p>not <b>xml</p></html>", "WRONG_ROOT", "The root element is html; expected Care."),
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
    assert read(tmp_path, {"care.xml": text}).refusals == [(code, message, None)]


def test_c33_units_before_the_break_are_kept(tmp_path: Path) -> None:
    got = read(tmp_path, {"care.xml": "<Care><Child><Id>A1</Id></Child>" * 1 + "<Child>"})
    assert got.refusals[0][0] == "NOT_WELL_FORMED"


def test_c20_a_long_value_is_refused(tmp_path: Path) -> None:
    text = f"<Care><Child><Id>{'é' * 600}</Id></Child></Care>"
    got = read(tmp_path, {"care.xml": text}, field_bytes=1199)
    message = "The value of ID in record 1 is 1,200 bytes; at most 1,199 are read."
    assert got.refusals == [("VALUE_TOO_LONG", message, 1)]


def test_xml_is_refused_where_it_is_not_declared(tmp_path: Path) -> None:
    spec = SPEC.replace("xml: {root: Care, units: [Child]}\n", "")
    spec = spec[: spec.index("    xml: {unit")] + spec[spec.index("  visit:") :]
    contract = care(tmp_path / "plain", specs={"2020-21": spec[: spec.index("    xml:\n")]})
    got = read(tmp_path, {"care.xml": ONE}, contract=contract)
    assert got.refusals == [("NOT_EXPECTED_XML", "care is not sent as XML.", None)]


def _children(count: int) -> Iterator[str]:
    junk = "<Junk>" + "j" * 1000 + "</Junk>"
    yield "<Care>"
    for number in range(count):
        yield f"{junk}<Child><Id>A{number}</Id><Visits><Visit><Seen>x</Seen></Visit></Visits></Child>\n"
    yield "</Care>"


def test_a_large_file_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "care.xml"
    with path.open("w") as stream:
        stream.writelines(_children(100_000))
    assert path.stat().st_size > 100 << 20
    contract = care(tmp_path / "conf")
    ruleset = contract.ruleset(contract.read_period("2020-21"))
    sink = BronzeSink(tmp_path, SUBMISSION, COUNCIL)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    got = read_xml(look_at(path), ruleset, LIMITS, sink)
    assert sink.close() == {"child": 100_000, "visit": 100_000}
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    assert grown < 100, f"{grown} MB more for a file of {path.stat().st_size >> 20} MB"
    message = "Junk is not part of the return; it was left out (100,000 times)."
    assert [item.message for item in got.findings] == [message]
