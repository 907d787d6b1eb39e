"""XML, JSON, workbooks and archives, through the pre-check (31 to 39)."""
# ruff: noqa: E501  (one case a line)

from __future__ import annotations

import gzip
import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.catalogue.answers import VISIT, answer
from tests.unit.intake.made_files import ole, packed, xls
from tests.unit.intake.test_workbooks import VISIT as HEADINGS
from tests.unit.intake.test_workbooks import workbook

DOC = "<Care><Child><Id>A1</Id><Born>01/02/2010</Born></Child></Care>"
ROW = ("A1", "01/06/2020", "Y", 5, "n")
TEXT = VISIT + "A1,01/06/2020,Y,5,n\n"


def test_c31_a_billion_laughs_are_refused_at_once(tmp_path: Path) -> None:
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
    )
    quadratic = f'<!ENTITY a "{"x" * 100_000}">'
    for inside, used in ((entities, "&j;"), (quadratic, "&a;" * 10_000)):
        text = f"<!DOCTYPE Care [{inside}]>" + DOC.replace("A1", used)
        started = time.process_time()
        got = answer(tmp_path, {"care.xml": text})
        assert time.process_time() - started < 5
        assert (got.verdict, got.told) == ("rejected", [("DTD_FORBIDDEN", None)])


def test_c32_nothing_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        where = f"http://127.0.0.1:{server.getsockname()[1]}/a"
        for declared in (
            f'[<!ENTITY a SYSTEM "{secret.as_uri()}">]',
            f'[<!ENTITY a SYSTEM "{where}">]',
            f'SYSTEM "{where}"',
        ):
            text = f"<!DOCTYPE Care {declared}>" + DOC.replace(
                "A1", "&a;" if "ENTITY" in declared else "A1"
            )
            got = answer(tmp_path, {"care.xml": text})
            assert (got.verdict, got.told) == ("rejected", [("DTD_FORBIDDEN", None)])
        included = DOC.replace(
            "<Child>",
            f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{where}"/><Child>',
        )
        got = answer(tmp_path, {"care.xml": included})
        assert got.tables["child"] == (1, 1, 0)
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (DOC[:30], "NOT_WELL_FORMED", "line 1, column 31"),
        ("<Care>\n<Child></Care>", "NOT_WELL_FORMED", "line 2, column 15"),
        ("\n<Other/>", "WRONG_ROOT", "at line 2, is Other; expected Care"),
    ],
)
def test_c33_xml_that_is_cut_or_another_s_is_refused_with_its_place(
    text: str, code: str, said: str, tmp_path: Path
) -> None:
    got = answer(tmp_path, {"care.xml": text})
    assert (got.verdict, got.told) == ("rejected", [(code, None)])
    assert said in got.message(code)


@pytest.mark.parametrize("form", ["array", "pretty", "lines", "tables", "mark"])
def test_c34_json_is_read_in_every_form(form: str, tmp_path: Path) -> None:
    rows = [dict(zip(HEADINGS, ROW, strict=True)) for _ in range(2)]
    texts = {
        "array": json.dumps(rows),
        "pretty": json.dumps(rows, indent=2),
        "lines": "\n".join(map(json.dumps, rows)),
        "tables": json.dumps({"visit": rows}),
        "mark": "\ufeff" + json.dumps(rows),
    }
    got = answer(tmp_path, {"visit.json": texts[form]})
    assert (got.verdict, got.failures, got.tables) == ("clean", [], {"visit": (2, 2, 0)})


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ('{"ID": "A1", "SEEN": "01/06/2020", "NOTE": "a", "NOTE": "b"}', "DUPLICATE_KEY"),
        ('{"ID": "A1", "SEEN": "01/06/2020", "NOTE": "a", "note": "b"}', "DUPLICATE_KEY"),
        ('{"ID": "A1", "SEEN": "01/06/2020", "MINUTES": NaN}', "NOT_A_NUMBER"),
        ('{"ID": "A1", "SEEN": "01/06/2020", "MINUTES": "many"}', "TYPE"),
        ('{"ID": "A1", "SEEN": "01/06/2020", "MINUTES": [5]}', "NESTED_VALUE"),
    ],
)  # fmt: skip
def test_c35_json_records_that_can_t_be_trusted_are_kept_out(
    record: str, code: str, tmp_path: Path
) -> None:
    got = answer(tmp_path, {"visit.json": f'[{{"ID": "A0", "SEEN": "01/06/2020"}}, {record}]'})
    assert (got.verdict, got.told, got.tables["visit"]) == ("has errors", [(code, 2)], (2, 1, 1))


def test_c35_json_that_is_2000_deep_is_refused(tmp_path: Path) -> None:
    text = '[{"ID": "A1", "SEEN": ' + "[" * 2000 + "]" * 2000 + "}]"
    got = answer(tmp_path, {"visit.json": text})
    assert (got.verdict, got.told) == ("rejected", [("TOO_DEEP", None)])


def finished(finish: Any) -> bytes:
    return workbook({"visit": [HEADINGS, ROW]}, lambda book, sheet: finish(book, sheet))


@pytest.mark.parametrize(
    ("content", "verdict", "codes"),
    [
        (ole({"EncryptionInfo": b"", "EncryptedPackage": b""}), "rejected", ["ENCRYPTED"]),
        (ole({"Workbook": b"", "_VBA_PROJECT": b""}), "rejected", ["TYPE_MISMATCH"]),
        (xls({"visit": [HEADINGS, ROW]}), "clean", ["MISNAMED", "OLD_WORKBOOK"]),
        (workbook({"visit": [HEADINGS, ROW]})[:3000], "rejected", ["TYPE_MISMATCH"]),
        (workbook({"visit": [HEADINGS, ROW], "Notes": [("x",)]}), "clean", ["OTHER_SHEET"]),
        (workbook({"Sheet1": [HEADINGS, ROW]}), "rejected", ["NO_SHEET"]),
        (workbook({"front": [], "visit": [HEADINGS, ROW]}, lambda book, sheet: sheet.name == "visit" and sheet.hide()), "clean", ["OTHER_SHEET", "HIDDEN_SHEET"]),
        (finished(lambda book, sheet: sheet.set_row(1, None, None, {"hidden": True})), "clean", ["HIDDEN_ROWS"]),
        (finished(lambda book, sheet: (sheet.write_string(2, 1, "02/06/2020"), sheet.merge_range(1, 0, 2, 0, "A1"))), "clean", ["MERGED_CELLS"]),
        (finished(lambda book, sheet: sheet.write_formula(1, 3, "=2+3", None, "")), "rejected", ["NO_CACHED_VALUE"]),
        (finished(lambda book, sheet: sheet.write_formula(1, 3, "=2+3", None, 5)), "clean", []),
        (finished(lambda book, sheet: sheet.write_formula(1, 3, "=A9", None, "#REF!")), "rejected", ["CELL_ERROR"]),
        (finished(lambda book, sheet: sheet.write_string(1, 3, "5")), "clean", []),
        (finished(lambda book, sheet: sheet.write(1, 1, 43983)), "has errors", ["FORMAT"]),
        (finished(lambda book, sheet: sheet.write(1, 1, 43983, book.add_format({"num_format": "dd/mm/yyyy"}))), "clean", []),
    ],
    ids=["password", "macros", "old", "cut", "more sheets", "no sheet", "hidden sheet", "hidden row", "merged", "no result", "result", "error", "text number", "serial", "date"],
)  # fmt: skip
def test_c36_workbooks_in_every_state(
    content: bytes, verdict: str, codes: list[str], tmp_path: Path
) -> None:
    got = answer(tmp_path, {"care.xlsx": content})
    assert got.verdict == verdict
    assert sorted(row["code"] for row in got.failures) == sorted(codes)


def test_c36_a_sheet_that_is_full_is_told(tmp_path: Path) -> None:
    rows = [("ID", "BORN")]
    content = workbook(
        {"child": rows}, lambda book, sheet: sheet.write_row(1_048_575, 0, ["A1", "01/02/2010"])
    )
    got = answer(tmp_path, {"care.xlsx": content})
    assert "FULL_SHEET" in got.notes


def test_c37_bombs_and_paths_that_lead_out_are_refused_before_unpacking(tmp_path: Path) -> None:
    files = {
        "bomb.zip": (packed({"visit.csv": VISIT + "A1,,,,\n" * 500_000}), "ARCHIVE_TOO_LARGE"),
        "slip.zip": (packed({"../visit.csv": TEXT}), "UNSAFE_PATH"),
        "nest.zip": (packed({"a.zip": packed({"visit.csv": TEXT})}), "NESTED_ARCHIVE"),
        "many.zip": (packed({f"{at}.csv": "" for at in range(1001)}), "TOO_MANY_ENTRIES"),
    }
    for name, (content, code) in files.items():
        got = answer(tmp_path / name, {name: content})
        assert (got.verdict, got.told, got.tables) == ("rejected", [(code, None)], {})
    assert not (tmp_path / "slip.zip" / "visit.csv").exists()


@pytest.mark.parametrize("keep", [0.5, 0.99])
def test_c38_a_cut_gzip_is_refused_whole(keep: float, tmp_path: Path) -> None:
    text = VISIT + "".join(f"A{at},01/06/2020,Y,5,{at * at}\n" for at in range(20_000))
    content = gzip.compress(text.encode())
    whole = answer(tmp_path, {"visit.csv.gz": content})
    assert (whole.verdict, whole.tables) == ("clean", {"visit": (20_000, 20_000, 0)})
    cut = answer(tmp_path / "cut", {"visit.csv.gz": content[: int(len(content) * keep)]})
    assert (cut.verdict, cut.told, cut.tables) == ("rejected", [("UNREADABLE", None)], {})


def test_c39_what_is_no_data_in_an_archive_is_left_aside_and_listed(tmp_path: Path) -> None:
    thumbs = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    files = {"visit.csv": TEXT, "letter.pdf": b"%PDF-1.7", "Thumbs.db": thumbs}
    got = answer(tmp_path, {"sent.zip": packed(files)})
    assert (got.verdict, got.tables) == ("clean", {"visit": (1, 1, 0)})
    assert [(row["file"], row["code"]) for row in got.failures] == [
        ("sent.zip/Thumbs.db", "LEFT_ASIDE"),
        ("sent.zip/letter.pdf", "LEFT_ASIDE"),
    ]
