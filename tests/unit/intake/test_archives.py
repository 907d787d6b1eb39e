"""Archives: measured and looked through before anything in them is read."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path

import pytest

from tests.unit.intake.made_files import packed
from tests.unit.intake.sent import read
from tests.unit.intake.test_workbooks import VISIT, workbook

HEADER = "ID,SEEN,ALONE,MINUTES,NOTE\n"
TEXT = HEADER + "A1,01/02/2021,Y,5,n\n"


def test_c37_c39_files_in_an_archive_are_read_and_the_rest_is_left_aside(tmp_path: Path) -> None:
    content = packed(
        {
            "data/visit.csv": TEXT,
            "book.xlsx": workbook({"visit": [VISIT, ("A2",)]}),
            "data/": b"",
            "letter.pdf": b"%PDF-1.7",
            "Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "__MACOSX/data/._visit.csv": bytes(range(256)),
        }
    )
    got = read(tmp_path, {"sent.zip": content})
    assert sorted(got.rows("visit", "_file", "_row", "ID")) == [
        ("sent.zip/book.xlsx", 1, "A2"),
        ("sent.zip/data/visit.csv", 1, "A1"),
    ]
    assert [(item.file, item.code) for item in got.findings] == [
        ("sent.zip/letter.pdf", "LEFT_ASIDE"),
        ("sent.zip/Thumbs.db", "LEFT_ASIDE"),
        ("sent.zip/__MACOSX/data/._visit.csv", "LEFT_ASIDE"),
    ]
    assert got.encodings == {"sent.zip/data/visit.csv": "utf-8"}


def test_a_file_in_gzip_is_read_under_its_own_name(tmp_path: Path) -> None:
    got = read(tmp_path, {"visit.csv.gz": gzip.compress(TEXT.encode())})
    assert got.rows("visit", "_file", "ID") == [("visit.csv.gz/visit.csv", "A1")]
    assert got.findings == ()


def test_the_same_file_in_and_beside_an_archive_is_read_once(tmp_path: Path) -> None:
    got = read(tmp_path, {"a.csv": TEXT, "b.zip": packed({"visit.csv": TEXT})})
    assert got.rows("visit", "_file") == [("a.csv",)]
    assert got.codes == ["SAME_CONTENT"]


def entry(name: str, attributes: int = 0, flags: int = 0) -> bytes:
    stream = io.BytesIO()
    info = zipfile.ZipInfo(name)
    info.external_attr = attributes << 16
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(info, TEXT)
    content = bytearray(stream.getvalue())
    for at, offset in ((content.index(b"PK\x03\x04"), 6), (content.index(b"PK\x01\x02"), 8)):
        (before,) = struct.unpack_from("<H", content, at + offset)
        struct.pack_into("<H", content, at + offset, before | flags)
    return bytes(content)


def twice() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", TEXT)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.csv", TEXT + "A2,,,,\n")
    return stream.getvalue()


def overlapping() -> bytes:
    """Two directory entries that name the same bytes."""
    content = packed({"a.csv": TEXT, "b.csv": TEXT})
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    changed = bytearray(content)
    struct.pack_into("<I", changed, second + 42, 0)
    return bytes(changed)


def wrong_sum() -> bytes:
    content = packed({"a.csv": TEXT}, zipfile.ZIP_STORED)
    return content.replace(b"A1,01", b"A2,01")


LEADS_OUT = "The archive holds names that lead out of it, or links, for example {}. Pack the files anew, without folders."
DAMAGED = "The archive is damaged and can't be unpacked; pack it again."


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (entry("../visit.csv"), "UNSAFE_PATH", LEADS_OUT.format("'../visit.csv'")),
        (entry("a/../../visit.csv"), "UNSAFE_PATH", LEADS_OUT.format("'a/../../visit.csv'")),
        (entry("/etc/visit.csv"), "UNSAFE_PATH", LEADS_OUT.format("'/etc/visit.csv'")),
        (entry("C:\\visit.csv"), "UNSAFE_PATH", LEADS_OUT.format(r"'C:\\visit.csv'")),
        (entry("..\\visit.csv"), "UNSAFE_PATH", LEADS_OUT.format(r"'..\\visit.csv'")),
        (entry("visit.csv", 0o120777), "UNSAFE_PATH", LEADS_OUT.format("'visit.csv'")),
        (twice(), "UNSAFE_PATH", "The archive holds two files of one name: a.csv."),
        (overlapping(), "UNREADABLE", DAMAGED),
        (entry("visit.csv", flags=1), "ENCRYPTED", "The archive has a password; pack the files without one and send it again."),
        (packed({"in.zip": packed({"a.csv": TEXT})}), "NESTED_ARCHIVE", "The archive holds another one, in.zip. Pack the files themselves into one."),
        (packed({"a.csv.gz": gzip.compress(b"x")}), "NESTED_ARCHIVE", "The archive holds another one, a.csv.gz. Pack the files themselves into one."),
        (packed({f"{number}.csv": "" for number in range(1001)}), "TOO_MANY_ENTRIES", "The archive holds 1,001 files; at most 1,000 are read."),
        (packed({"a.csv": TEXT})[:-40], "UNREADABLE", DAMAGED),
        (packed({"a.csv": TEXT})[:60], "UNREADABLE", DAMAGED),
        (wrong_sum(), "UNREADABLE", DAMAGED),
        (b"PK\x03\x04", "UNREADABLE", DAMAGED),
        (packed({}), "NO_DATA", "No file of the delivery holds data of care. If there is nothing to report, say so: nil in a manifest, or a file with a header alone."),
    ],
    ids=["up", "up in the midst", "absolute", "drive", "up with backslash", "link", "twice", "overlapping", "password", "zip in zip", "gzip in zip", "many", "no directory", "cut", "wrong sum", "start only", "empty"],
)  # fmt: skip
def test_c37_an_archive_that_can_t_be_trusted_is_refused(
    content: bytes, code: str, message: str, tmp_path: Path
) -> None:
    got = read(tmp_path, {"sent.zip": content})
    assert got.refusals == [(code, message, None)]
    assert got.tables == {}


def test_c37_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    for name, content in {
        "bomb.zip": packed({"visit.csv": HEADER + "A1,,,,\n" * (1 << 18)}),
        "visit.csv.gz": gzip.compress((HEADER + "A1,,,,\n" * (1 << 18)).encode()),
    }.items():
        got = read(tmp_path, {name: content})
        ((code, message, _),) = got.refusals
        assert code == "ARCHIVE_TOO_LARGE"
        assert message.startswith(f"The archive unpacks to more than {len(content) * 100:,} bytes")


@pytest.mark.parametrize("keep", [3, 20, -1, -9])
def test_c38_a_cut_gzip_is_refused_whole(keep: int, tmp_path: Path) -> None:
    text = HEADER + "".join(f"A{number},,,,{number * number}\n" for number in range(9999))
    got = read(tmp_path, {"visit.csv.gz": gzip.compress(text.encode())[:keep]})
    assert got.refusals == [("UNREADABLE", DAMAGED, None)]
    assert got.tables == {}


def test_c38_a_gzip_that_is_none_is_read_as_what_it_is(tmp_path: Path) -> None:
    got = read(tmp_path, {"visit.csv.gz": TEXT})
    assert got.rows("visit", "ID") == [("A1",)]
