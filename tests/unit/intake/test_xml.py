"""XML returns: cut into tables with parent keys, streamed, and nothing of them dropped."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.contracts.small_conf import SPEC, care
from tests.unit.intake.sent import read

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


def test_xml_is_refused_where_it_is_not_declared(tmp_path: Path) -> None:
    spec = SPEC.replace("xml: {root: Care, units: [Child]}\n", "")
    spec = spec[: spec.index("    xml: {unit")] + spec[spec.index("  visit:") :]
    contract = care(tmp_path / "plain", specs={"2020-21": spec[: spec.index("    xml:\n")]})
    got = read(tmp_path, {"care.xml": ONE}, contract=contract)
    assert got.refusals == [("NOT_EXPECTED_XML", "care is not sent as XML.", None)]


MEASURED = """
import resource, sys
from pathlib import Path
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.sent_file import look_at
from lgdp.intake.xml import read_xml
from tests.unit.contracts.small_conf import care
from tests.unit.intake.sent import LIMITS
folder = Path(sys.argv[1])
contract = care(folder / "conf")
ruleset = contract.ruleset(contract.read_period("2020-21"))
sink = BronzeSink(folder, "0" * 32, "S12000047")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
got = read_xml(look_at(folder / "care.xml"), ruleset, LIMITS, sink)
print(sink.close(), [item.message for item in got.findings])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_large_file_is_streamed(tmp_path: Path) -> None:
    junk = "<Junk>" + "j" * 1000 + "</Junk>"
    child = "<Child><Id>A</Id><Visits><Visit><Seen>x</Seen></Visit></Visits></Child>\n"
    with (tmp_path / "care.xml").open("w") as stream:
        stream.write("<Care>")
        stream.writelines(junk + child for _ in range(50_000))
        stream.write("</Care>")
    ended = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    said, grown = ended.stdout.splitlines()
    assert said == (
        "{'child': 50000, 'visit': 50000} "
        "['Junk is not part of the return; it was left out (50,000 times).']"
    )
    # The file has 55 MB; what waits for a row group is 100,000 small rows.
    assert int(grown) >> 10 < 50
