"""Whatever a table holds comes back exactly; whatever bytes are sent, they are rows or refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lgdp.contracts.ruleset import Ruleset
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.dialect import find_dialect
from lgdp.intake.encoding import scan_text
from lgdp.intake.reading import Reading, read_files
from lgdp.intake.records import RecordReader
from lgdp.intake.sent_file import look_at
from tests.unit.contracts.small_conf import care
from tests.unit.intake.sent import COUNCIL, LIMITS, SUBMISSION

COLUMNS = ("ID", "SEEN", "ALONE", "MINUTES", "NOTE")
SLOWLY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])

# Any text but lone surrogates and U+FFFD, which set a row aside by themselves, and controls, of
# which a small file full is no text.
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffd")
AWKWARD = st.text(alphabet="a\",;|\t\n\r é£’\u00a0\ufeff=+-@'\\", max_size=12)
FIELD = st.one_of(AWKWARD, st.text(CHARACTERS, max_size=12), st.just(""))
RECORD = st.lists(FIELD, min_size=5, max_size=5)
SHORT = st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=4)
LONG = st.lists(st.text("abc", min_size=1, max_size=3), min_size=6, max_size=8)


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    contract = care(tmp_path_factory.mktemp("care"))
    return contract.ruleset(contract.read_period("2020-21"))


@contextmanager
def read(content: bytes, name: str, ruleset: Ruleset) -> Iterator[Reading]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "sent")
        path.write_bytes(content)
        sink = BronzeSink(Path(folder), SUBMISSION, COUNCIL)
        formats = ("csv", "xml", "xlsx")
        yield read_files([look_at(path, name)], ruleset, formats, LIMITS, sink)


def written(records: list[list[str]], delimiter: str, ending: str) -> str:
    stream = io.StringIO(newline="")
    # With another line end than its own, the writer leaves a carriage return unquoted.
    quoting = csv.QUOTE_MINIMAL if ending == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    writer.writerow(COLUMNS)
    writer.writerows(records)
    return stream.getvalue()


def rows_of(reading: Reading) -> list[dict[str, object]]:
    if "visit" not in reading.paths:
        return []
    rows = pq.read_table(reading.paths["visit"]).to_pylist()
    return sorted(rows, key=lambda row: row["_row"])


@SLOWLY
@given(
    st.lists(RECORD, max_size=12),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_table_comes_back_exactly(
    ruleset: Ruleset, records: list[list[str]], delimiter: str, ending: str, encoding: str
) -> None:
    text = written(records, delimiter, ending)
    with read(text.encode(encoding), "visit.csv", ruleset) as reading:
        assert [item.code for item in reading.findings if item.severity == "critical"] == []
        got = [
            (row["_row"], [row[name] or "" for name in COLUMNS], row["_defect"])
            for row in rows_of(reading)
        ]
    assert got == [(number, record, None) for number, record in enumerate(records, start=1)]


@SLOWLY
@given(st.lists(st.one_of(RECORD, SHORT, LONG), max_size=30), st.integers(48, 400))
def test_every_record_has_its_number_whatever_the_blocks(
    ruleset: Ruleset, records: list[list[str]], block: int
) -> None:
    text = written(records, ",", "\r\n").encode()
    longest = max((len(written([item], ",", "\r\n").encode()) for item in records), default=0)
    with TemporaryDirectory() as folder:
        path = Path(folder, "visit.csv")
        path.write_bytes(text)
        sent, facts = look_at(path), scan_text(path)
        dialect = find_dialect(sent, facts, ruleset, LIMITS)
        sink = BronzeSink(Path(folder), SUBMISSION, COUNCIL)
        RecordReader(sent, facts, dialect, LIMITS, sink, block=max(block, 2 * longest)).run()
        sink.close()
        path = sink.path("visit")
        rows = pq.read_table(path).to_pylist() if records else []
    rows.sort(key=lambda row: row["_row"])
    expected = [
        (number, record, None) if len(record) == 5 else (number, None, ",".join(record))
        for number, record in enumerate(records, start=1)
    ]
    got = [
        (row["_row"], None if row["_raw"] else [row[name] or "" for name in COLUMNS], row["_raw"])
        for row in rows
    ]
    assert got == expected


STARTS = st.sampled_from(
    [
        b"",
        b"ID,SEEN,ALONE,MINUTES,NOTE\n",
        b"ID;SEEN;ALONE;MINUTES;NOTE\r",
        b"\xef\xbb\xbfID,SEEN,ALONE,MINUTES,NOTE\n",
        b"\xff\xfe" + "ID,SEEN,ALONE,MINUTES,NOTE\n".encode("utf-16-le"),
        b"\xfe\xff" + "ID,SEEN,ALONE,MINUTES,NOTE\n".encode("utf-16-be"),
        b"<Care><Child><Id>A1</Id>",
        b"<?xml version='1.0' encoding='utf-16'?><Care>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
        b"PK\x03\x04",
        b"\x1f\x8b",
    ]
)
BYTES = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from([b'"', b",", b"\n", b"\r", b"a", b"\0", b"\xe9", b"\xff"])).map(
        b"".join
    ),
    st.lists(st.sampled_from([b"<", b">", b"/", b"a", b"&", b"Child", b" ", b"'"])).map(b"".join),
)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(STARTS, BYTES, st.sampled_from(["visit.csv", "care.xml", "book.xlsx", "README"]))
def test_any_bytes_are_rows_or_refused(
    ruleset: Ruleset, start: bytes, rest: bytes, name: str
) -> None:
    with read(start + rest, name, ruleset) as reading:
        for table, path in reading.paths.items():
            rows = pq.read_table(path).to_pylist()
            assert len(rows) == reading.rows[table] > 0
            numbers = sorted(row["_row"] for row in rows)
            assert numbers == list(range(1, len(rows) + 1)) or reading.rejected
