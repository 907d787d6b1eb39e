"""Malformed files of every family that public validators collect, made here, each with its code.

The families are those of csvlint and frictionless (CSV), JSONTestSuite (JSON), the W3C conformance
tests (XML), the corrupt workbooks of POI, openpyxl and calamine, and collections of odd ZIP files.
"""
# ruff: noqa: E501  (one case a line)

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from typing import NamedTuple

from tests.unit.intake.made_files import ods, ods_rows, ole, packed, xls
from tests.unit.intake.test_workbooks import VISIT, workbook

HEADER = "ID,SEEN,ALONE,MINUTES,NOTE\n"
ROW = "A1,01/02/2021,Y,5,n\n"
TEXT = HEADER + ROW


class Case(NamedTuple):
    """A file, and a code that has to be among those that are told."""

    name: str
    content: bytes
    code: str


def _csv() -> list[tuple[str, str | bytes, str]]:
    return [
        ("no header", ROW * 3, "UNRECOGNISED"),
        ("prose", "Please find the return attached.\nKind regards\n", "UNRECOGNISED"),
        ("empty", "", "EMPTY_FILE"),
        ("blank lines only", "\n\n\r\n", "EMPTY_FILE"),
        ("nul bytes only", b"\0" * 100, "EMPTY_FILE"),
        ("a mark only", b"\xef\xbb\xbf", "EMPTY_FILE"),
        ("too few fields", TEXT + "A2,02/02/2021\n", "TOO_FEW_FIELDS"),
        ("too many fields", TEXT + "A2,02/02/2021,Y,5,n,x,y\n", "TOO_MANY_FIELDS"),
        ("trailing comma in rows", HEADER + ROW.replace("\n", ",\n") * 2, "TOO_MANY_FIELDS"),
        ("trailing comma everywhere", TEXT.replace("\n", ",\n"), "UNKNOWN_COLUMN"),
        ("blank heading", TEXT.replace("NOTE", ""), "UNKNOWN_COLUMN"),
        ("blank line in the midst", TEXT + "\n" + ROW, "BLANK_ROWS"),
        ("row of delimiters", TEXT + ",,,,\n" + ROW, "BLANK_ROWS"),
        ("mixed line ends", HEADER.replace("\n", "\r\n") + ROW * 2, "LINE_ENDS"),
        ("carriage return in the midst", TEXT + "A2,02/02/2021,Y,5,a\rA3,,,,\n", "LINE_ENDS"),
        ("duplicate heading", "ID,SEEN,SEEN,NOTE\nA1,,,\n", "DUPLICATE_HEADER"),
        ("duplicate heading in other case", "ID,SEEN,seen ,NOTE\nA1,,,\n", "DUPLICATE_HEADER"),
        ("spaces in headings", TEXT.replace("SEEN", " SEEN "), "HEADING_SPACES"),
        ("space before a quote", TEXT + 'A2,02/02/2021,Y,5, "n"\n', "STRAY_QUOTE"),
        ("space behind a quote", TEXT + 'A2,02/02/2021,Y,"5" ,n\n', "STRAY_QUOTE"),
        ("stray quote", TEXT + 'A2,02/02/2021,Y,5,5" pipe\n', "STRAY_QUOTE"),
        ("text behind a quote", TEXT + 'A2,02/02/2021,Y,5,"a"b\n', "STRAY_QUOTE"),
        ("quote not closed", TEXT + 'A2,02/02/2021,Y,5,"n\n' + ROW * 5, "UNCLOSED_QUOTE"),
        ("quote not closed in the header", '"ID,SEEN,ALONE\n' + ROW * 5, "UNRECOGNISED"),
        ("quote opens the file", '"\n', "UNRECOGNISED"),
        ("escaped with backslash", TEXT + 'A2,02/02/2021,Y,5,"a \\"quoted\\" word"\n', "STRAY_QUOTE"),
        ("title rows", "Visits\n\n" + TEXT, "TITLE_ROWS"),
        ("titles of many", "a\n" * 30 + TEXT, "UNRECOGNISED"),
        ("totals row", TEXT + "Total,,,5,\n", "TOTALS_ROW"),
        ("column missing", "SEEN,NOTE,MINUTES\n01/02/2021,n,5\n", "MISSING_COLUMN"),
        ("column too many", "ID,SEEN,ALONE,MINUTES,NOTE,MORE\nA1,,,,,\n", "UNKNOWN_COLUMN"),
        ("column left out", "ID,SEEN,ALONE,MINUTES\nA1,,,\n", "ABSENT_COLUMN"),
        ("windows-1252", (TEXT + "A2,,,,£5\n").encode("cp1252"), "ENCODING"),
        ("utf-16", b"\xff\xfe" + TEXT.encode("utf-16-le"), "ENCODING"),
        ("utf-16 without a mark", TEXT.encode("utf-16-le"), "ENCODING"),
        ("utf-32", b"\xff\xfe\0\0" + TEXT.encode("utf-32-le"), "NUL_BYTE"),
        ("damaged utf-8", (TEXT + "A2,,,,é\n").encode() + b"A3,,,,\xff\n", "BAD_ENCODING"),
        ("overlong utf-8", (TEXT + "A2,,,,é\n").encode() + b"A3,,,,\xc0\x80\n", "BAD_ENCODING"),
        ("surrogate in utf-8", (TEXT + "A2,,,,é\n").encode() + b"A3,,,,\xed\xa0\x80\n", "BAD_ENCODING"),
        ("nul in a value", TEXT + "A2,,,,a\0b\n", "NUL_BYTE"),
        ("html", "<html><body><table><tr><td>ID</td></tr></table></body></html>", "WRONG_ROOT"),
        ("binary", bytes(range(256)) * 8, "TYPE_MISMATCH"),
        ("other delimiter in rows", HEADER + ROW.replace(",", ";") * 2, "TOO_FEW_FIELDS"),
        ("two tables one below the other", TEXT + "\nID,BORN,COLOUR,WEIGHT\nA1,01/02/2010,RED,5\n", "TOO_FEW_FIELDS"),
        ("very long value", TEXT + "A2,,,," + "x" * (1 << 21) + "\n", "VALUE_TOO_LONG"),
        ("very long line", TEXT + "x" * (5 << 20) + "\n" + ROW, "RECORD_TOO_LONG|TOO_FEW_FIELDS"),
        ("very many columns", ",".join(f"c{n}" for n in range(60)) + "\n", "TOO_MANY_COLUMNS"),
        ("json called csv", '[{"ID": "A1", "SEEN": "01/02/2021"}]', "MISNAMED"),
        ("archive called csv", packed({"visit.csv": TEXT}), "TYPE_MISMATCH"),
        ("workbook called csv", workbook({"visit": [VISIT, ("A1",)]}), "MISNAMED"),
    ]  # fmt: skip


JSON_BROKEN = [
    "[1 true]", "[a\u00e5]", '["": 1]', '[""],', "[,1]", "[1,,2]", '["x",,]', '["x"]]', '["",]', '["x"', "[x", "[3[4]]", "[1:2]", "[,]", "[-]", "[   , \"\"]",
    "[1,]", "[1,,]", "[*]", '[""', "[1,\n1\n,1", "[1", "[{}", "[fals]", "[nul]", "[tru]", "[++1234]", "[+1]", "[-01]", "[-1.0.]", "[-2.]", "[.-1]", "[.2e-3]",
    "[0.1.2]", "[0.3e+]", "[0.3e]", "[0.e1]", "[0E+]", "[0E]", "[1.0e+]", "[1.0e-]", "[1.0e]", "[1 000.0]", "[1eE2]", "[2.e+3]", "[2.e-3]", "[2.e3]", "[9.e+]",
    "[1+2]", "[0x1]", "[0x42]", "[Inf]", "[-foo]", "[- 1]", "[-012]", "[-.123]", "[1ea]", "[1.]", "[\uff11]", "[012]", "[1.2a-3]", "[1.8011670033376514H-308]", "[1e\u00e5]",
    '["x", truth]', '{[: "x"}', '{"x", null}', '{"x"::"b"}', "{\U0001f1e8\U0001f1ed}", '{"a":"a" 123}', "{key: 'value'}", '{"a" b}', '{:"b"}', '{"a" "b"}', '{"a":', '{"a"',
    "{1:1}", "{9999E9999:1}", "{null:null,null:null}", '{"id":0,,,,,}', "{'a':0}", '{"id":0,}', '{"a":"b"}/**/', '{"a":"b"}/**//', '{"a":"b"}//', '{"a":"b"}/', '{"a":"b",,"c":"d"}',
    '{a: "b"}', '{"a":"a', '{ "foo" : "bar", "a" }', '{"a":"b"}#', " ", '["\\uD800\\"]', '["\\uD800\\u"]', '["\\uD800\\u1"]', '["\\uD800\\u1x"]', "[\u00e9]", '["\\x00"]', '["\\\\\\"]',
    '["\\\t"]', '["\\\U0001f300"]', '["\\"]', '["\\u00A"]', '["\\uD834\\uDd"]', '["\\a"]', '["\\uqqqq"]', "[\\u0020\"asd\"]", "[\\n]", "'", "['single quote']", "abc", '["\\', '["new\nline"]',
    '["\t"]', '"\\UA66D"', '""x', "<.>", "[<null>]", "[1]x", "[1]]", '["asd]', "a\u00e5", "[True]", '{"x": true,', '[][]', "]", "{]", "2@", "{}}", '{"":', "{\"a\":/*comment*/\"b\"}",
    '["a\x00a"]', "{,", "[,", '["a', "[{\"\":[{\"\":", '{"a', "{'a'", '["\\{["\\{["\\{["\\{', "\u00e9", "*", '{"a":"b"}#{}', "[\\u000A\"\"]", '[1', '{ "asd":"asd"', "\u2060[]", "",
]  # fmt: skip
"""The texts of JSONTestSuite's families of files that no parser may accept (`n_…`)."""


def _json() -> list[tuple[str, str | bytes, str]]:
    return [
        *((f"broken {text[:20]!a} {number}", text, "NOT_WELL_FORMED|NOT_RECORDS|EMPTY_FILE") for number, text in enumerate(JSON_BROKEN)),
        ("open arrays", "[" * 100_000, "TOO_DEEP"),
        ("open objects", '{"a":' * 50_000, "TOO_DEEP"),
        ("open arrays of objects", '[{"":' * 50_000, "TOO_DEEP"),
        ("a mark and nothing", b"\xef\xbb\xbf{", "NOT_WELL_FORMED"),
        ("cut mark", b"\xef\xbb{}", "NOT_WELL_FORMED|NOT_RECORDS|EMPTY_FILE"),
        ("invalid utf-8", b'[{"ID": "\xe5", "SEEN": "\xff\xc3\xa9"}]', "BAD_ENCODING"),
        ("utf-16 without a mark", '[{"ID": "A", "SEEN": 1}]'.encode("utf-16-le"), "ENCODING"),
        ("nan", '[{"ID": "A1", "SEEN": NaN}]', "NOT_A_NUMBER"),
        ("infinity", '[{"ID": "A1", "SEEN": -Infinity}]', "NOT_A_NUMBER"),
        ("key twice", '[{"ID": "A1", "SEEN": 1, "SEEN": 2}]', "DUPLICATE_KEY"),
        ("key in two cases", '[{"ID": "A1", "SEEN": 1, "seen": 2}]', "DUPLICATE_KEY"),
        ("object in a column", '[{"ID": "A1", "SEEN": {"y": 1}}]', "NESTED_VALUE"),
        ("lone surrogate", '[{"ID": "\\ud800", "SEEN": 1}]', "BAD_ENCODING"),
        ("numbers", "[1, 2]", "NOT_RECORDS"),
        ("arrays", "[[], []]", "NOT_RECORDS"),
        ("a number", "12", "NOT_RECORDS"),
        ("nothing", "null", "NOT_RECORDS"),
        ("an empty object", "{}", "UNRECOGNISED"),
        ("trailing line", '{"ID": "A1", "SEEN": 1}\nnot json\n', "NOT_WELL_FORMED"),
    ]  # fmt: skip


DOC = "<Care><Child><Id>A1</Id><Born>01/02/2010</Born></Child></Care>"


def _xml() -> list[tuple[str, str | bytes, str]]:
    entity = '<!DOCTYPE Care [<!ENTITY a "aaaaaaaaaa">{}]>'
    laughs = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    return [
        ("not closed", "<Care><Child>", "NOT_WELL_FORMED"),
        ("closed wrongly", "<Care><Child></Care></Child>", "NOT_WELL_FORMED"),
        ("two roots", DOC + DOC, "NOT_WELL_FORMED"),
        ("text behind", DOC + "text", "NOT_WELL_FORMED"),
        ("text before", "text" + DOC, "UNRECOGNISED"),
        ("lone ampersand", DOC.replace("A1", "A & B"), "NOT_WELL_FORMED"),
        ("unknown entity", DOC.replace("A1", "&nbsp;"), "NOT_WELL_FORMED"),
        ("attribute without quotes", "<Care a=1/>", "NOT_WELL_FORMED"),
        ("attribute twice", '<Care a="1" a="2"/>', "NOT_WELL_FORMED"),
        ("less-than in an attribute", '<Care a="<"/>', "NOT_WELL_FORMED"),
        ("control character", DOC.replace("A1", "\x01"), "NOT_WELL_FORMED"),
        ("character that is none", DOC.replace("A1", "&#0;"), "NOT_WELL_FORMED"),
        ("name that is none", "<1Care/>", "NOT_WELL_FORMED"),
        ("comment with hyphens", DOC.replace("<Child>", "<!-- a -- b --><Child>"), "NOT_WELL_FORMED"),
        ("comment not closed", DOC + "<!-- ", "NOT_WELL_FORMED"),
        ("cdata not closed", "<Care><![CDATA[ x</Care>", "NOT_WELL_FORMED"),
        ("cdata end in text", DOC.replace("A1", "]]>"), "NOT_WELL_FORMED"),
        ("declaration in the midst", f'\n<?xml version="1.0"?>{DOC}', "NOT_WELL_FORMED"),
        ("declaration of nothing", f"<?xml?>{DOC}", "NOT_WELL_FORMED"),
        ("unknown encoding", f'<?xml version="1.0" encoding="nonsense"?>{DOC}', "NOT_WELL_FORMED"),
        ("wrong encoding", f'<?xml version="1.0" encoding="utf-16"?>{DOC}', "NOT_WELL_FORMED"),
        ("damaged utf-8", DOC.replace("A1", "é").encode("latin-1"), "NOT_WELL_FORMED"),
        ("prefix without a namespace", "<x:Care/>", "WRONG_ROOT"),
        ("wrong root", "<Caring/>", "WRONG_ROOT"),
        ("page", "<!DOCTYPE html><html></html>", "DTD_FORBIDDEN"),
        ("wrong namespace", DOC.replace("<Care>", '<Care xmlns="urn:other">'), "NAMESPACE"),
        ("document type", '<!DOCTYPE Care SYSTEM "care.dtd">' + DOC, "DTD_FORBIDDEN"),
        ("entity", entity.format("") + DOC.replace("A1", "&a;"), "DTD_FORBIDDEN"),
        ("external entity", '<!DOCTYPE Care [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + DOC.replace("A1", "&a;"), "DTD_FORBIDDEN"),
        ("parameter entity", '<!DOCTYPE Care [<!ENTITY % a SYSTEM "http://127.0.0.1/a"> %a;]>' + DOC, "DTD_FORBIDDEN"),
        ("billion laughs", entity.format(laughs) + DOC.replace("A1", "&j;"), "DTD_FORBIDDEN"),
        ("broken document type", "<!DOCTYPE Care [<!ELEMENT" + DOC, "NOT_WELL_FORMED"),
        ("very deep", "<Care>" + "<a>" * 300 + "</a>" * 300 + "</Care>", "TOO_DEEP"),
        ("open tags", "<Care>" + "<a>" * 100_000, "TOO_DEEP"),
        ("unknown elements", DOC.replace("</Care>", "<Pet>x</Pet></Care>"), "UNKNOWN_ELEMENT"),
        ("nothing but a declaration", '<?xml version="1.0"?>', "NOT_WELL_FORMED"),
        ("cut", DOC[:40], "NOT_WELL_FORMED"),
        ("very long value", DOC.replace("A1", "x" * (2 << 20)), "VALUE_TOO_LONG"),
        ("csv called xml", TEXT, "MISNAMED"),
    ]  # fmt: skip


def _rezipped(content: bytes, **changes: bytes | None) -> bytes:
    """A workbook with parts replaced or (null) left out; `sheet1` is any part with that in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            key = next((key for key in changes if key in name), None)
            part = changes[key] if key else old.read(name)
            if part is not None:
                new.writestr(name, part)
    return stream.getvalue()


def _workbooks() -> list[tuple[str, str | bytes, str]]:
    good = workbook({"visit": [VISIT, ("A1",)]})
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b'r="E2"', b'r="XFD1048576"').replace(b'r="A2"', b'r="XFD1048576"')
    return [
        ("cut", good[: len(good) // 2], "UNREADABLE|TYPE_MISMATCH"),
        ("cut at the end", good[:-10], "UNREADABLE|TYPE_MISMATCH"),
        ("no sheet part", _rezipped(good, sheet1=None), "UNREADABLE"),
        ("empty sheet part", _rezipped(good, sheet1=b""), "UNREADABLE|EMPTY_SHEET"),
        ("sheet that is no xml", _rezipped(good, sheet1=b"nonsense"), "UNREADABLE|EMPTY_SHEET"),
        ("sheet cut", _rezipped(good, sheet1=sheet[:-40]), "UNREADABLE"),
        ("no workbook part", _rezipped(good, workbook=None), "UNREADABLE|TYPE_MISMATCH"),
        ("workbook that is no xml", _rezipped(good, **{"xl/workbook.xml": b"<a"}), "UNREADABLE"),
        ("no relations", _rezipped(good, **{"workbook.xml.rels": None}), "UNREADABLE|NO_SHEET"),
        ("no shared strings", _rezipped(good, sharedStrings=None), "UNREADABLE|UNRECOGNISED"),
        ("shared strings that are none", _rezipped(good, sharedStrings=b"x"), "UNREADABLE|UNRECOGNISED"),
        ("string number that is none", _rezipped(good, sheet1=sheet.replace(b"<v>5</v>", b"<v>999</v>")), "UNREADABLE"),
        ("cells far apart", _rezipped(good, sheet1=far), "SHEET_TOO_LARGE|UNREADABLE"),
        ("document type", _rezipped(good, sheet1=b'<!DOCTYPE a [<!ENTITY b "c">]>' + sheet), "UNREADABLE|DTD_FORBIDDEN"),
        ("no sheets that are known", workbook({"Sheet1": [VISIT]}), "NO_SHEET"),
        ("no header", workbook({"visit": [("A1", "x")]}), "UNRECOGNISED"),
        ("header twice", workbook({"visit": [("ID", "SEEN", "ID"), ("A1",)]}), "DUPLICATE_HEADER"),
        ("with a password", ole({"EncryptionInfo": b"", "EncryptedPackage": b""}), "ENCRYPTED"),
        ("old and damaged", ole({"Workbook": b"\0"}), "UNREADABLE|NO_SHEET"),
        ("old and cut", xls({"visit": [VISIT]})[:1500], "UNREADABLE|TYPE_MISMATCH"),
        ("old with nothing", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "TYPE_MISMATCH"),
        ("old, header twice", xls({"visit": [("ID", "SEEN", "ID")]}), "DUPLICATE_HEADER"),
        ("open, cut", ods({"visit": ods_rows([VISIT])})[:-60], "UNREADABLE|TYPE_MISMATCH"),
        ("open, no xml", packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a"}), "UNREADABLE"),
        ("open, no content", packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "UNREADABLE"),
        ("open, repeated without end", ods({"visit": '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'}), "SHEET_TOO_LARGE"),
        ("open, repeated elsewhere", ods({"visit": ods_rows([VISIT]), "x": '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'}), "SHEET_TOO_LARGE"),
        ("text document", packed({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}), "TYPE_MISMATCH"),
    ]  # fmt: skip


def _zip_entry(name: str, mode: int = 0, **patch: int) -> bytes:
    """An archive of one entry, with numbers of its two headers changed: flags, method, size, sum."""
    stream = io.BytesIO()
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(info, TEXT)
    content = bytearray(stream.getvalue())
    places = {"flags": (6, 8, "<H"), "method": (8, 10, "<H"), "sum": (14, 16, "<I"), "size": (22, 24, "<I"), "packed": (18, 20, "<I")}  # fmt: skip
    local, central = content.index(b"PK\x03\x04"), content.index(b"PK\x01\x02")
    for key, value in patch.items():
        first, second, form = places[key]
        struct.pack_into(form, content, local + first, value)
        struct.pack_into(form, content, central + second, value)
    return bytes(content)


def _nameless() -> bytes:
    """An entry whose name has no character."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), TEXT)
    return stream.getvalue()


def _archives() -> list[tuple[str, str | bytes, str]]:
    good = packed({"visit.csv": TEXT})
    return [
        ("cut in the data", good[:50], "UNREADABLE"),
        ("cut in the directory", good[:-30], "UNREADABLE"),
        ("wrong sum", _zip_entry("visit.csv", sum=1), "UNREADABLE"),
        ("wrong size", _zip_entry("visit.csv", size=1), "UNREADABLE"),
        ("wrong packed size", _zip_entry("visit.csv", packed=1 << 30), "UNREADABLE|ARCHIVE_TOO_LARGE"),
        ("unknown method", _zip_entry("visit.csv", method=77), "UNREADABLE"),
        ("method that it is not", _zip_entry("visit.csv", method=8), "UNREADABLE"),
        ("password", _zip_entry("visit.csv", flags=1), "ENCRYPTED"),
        ("strong encryption", _zip_entry("visit.csv", flags=65), "ENCRYPTED|UNREADABLE"),
        ("up", _zip_entry("../../visit.csv"), "UNSAFE_PATH"),
        ("no name", _zip_entry("x").replace(b"\x01\0\0\0x", b"\0\0\0\0"), "UNSAFE_PATH|UNREADABLE"),
        ("nul in a name", _zip_entry("visitX.csv").replace(b"visitX", b"visit\0"), "UNSAFE_PATH"),
        ("name without length", _nameless(), "UNSAFE_PATH|UNREADABLE"),
        ("absolute", _zip_entry("/visit.csv"), "UNSAFE_PATH"),
        ("drive", _zip_entry("c:/visit.csv"), "UNSAFE_PATH"),
        ("link", _zip_entry("visit.csv", 0o120777), "UNSAFE_PATH"),
        ("device", _zip_entry("visit.csv", 0o020666), "UNSAFE_PATH"),
        ("archive in archive", packed({"a.zip": good}), "NESTED_ARCHIVE"),
        ("many", packed({f"{number}.csv": b"" for number in range(2000)}), "TOO_MANY_ENTRIES"),
        ("bomb", packed({"visit.csv": b"0" * (10 << 20)}), "ARCHIVE_TOO_LARGE"),
        ("nothing in it", packed({}), "NO_DATA"),
        ("nothing of use in it", packed({"readme": "hello"}), "NO_DATA"),
        ("an empty file in it", packed({"visit.csv": b""}), "EMPTY_FILE"),
        ("bytes before it", b"MZ" + b"\0" * 100 + good, "TYPE_MISMATCH|EMPTY_FILE|UNRECOGNISED"),
        ("bytes behind it", good + b"x" * 100, "UNREADABLE"),
        ("no entry where it should be", good.replace(b"PK\x03\x04", b"PK\x03\x05"), "UNREADABLE|TYPE_MISMATCH|UNRECOGNISED"),
        ("7z", b"7z\xbc\xaf\x27\x1c" + bytes(100), "TYPE_MISMATCH|UNRECOGNISED"),
        ("rar", b"Rar!\x1a\x07\0" + bytes(100), "TYPE_MISMATCH|UNRECOGNISED"),
    ]  # fmt: skip


def _gzips() -> list[tuple[str, str | bytes, str]]:
    good = gzip.compress(TEXT.encode())
    return [
        ("cut", good[:-12], "UNREADABLE"),
        ("head only", good[:10], "UNREADABLE"),
        ("wrong sum", good[:-8] + b"\0" * 8, "UNREADABLE"),
        ("rubbish behind", good + b"rubbish", "UNREADABLE"),
        ("wrong method", good[:2] + b"\x09" + good[3:], "UNREADABLE"),
        ("bomb", gzip.compress(b"0" * (10 << 20)), "ARCHIVE_TOO_LARGE"),
        ("nothing in it", gzip.compress(b""), "EMPTY_FILE"),
        ("gzip in gzip", gzip.compress(good), "NESTED_ARCHIVE"),
    ]


def cases() -> list[Case]:
    """Every malformed file, with a name that fits its family."""
    families = (("csv", _csv()), ("json", _json()), ("xml", _xml()), ("xlsx", _workbooks()), ("zip", _archives()), ("csv.gz", _gzips()))  # fmt: skip
    return [
        Case(f"{suffix}: {name}", text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text, code)
        for suffix, family in families
        for name, text, code in family
    ]  # fmt: skip
