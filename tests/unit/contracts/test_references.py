"""Reference tables: read strictly, part of the rulesets whose rules read them and of no other."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lgdp.config import locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.contracts.contract import Contract
from lgdp.demo.reference_tables import write_reference_tables
from lgdp.errors import ConfigurationError
from tests.unit.contracts.small_conf import SPEC, query, write_conf

ENTRY = """\
place:
  status: generated
  version: "1"
  source: this test
  licence: none
  key: [CODE]
  columns: {CODE: string, SIZE: integer, PRICE: "decimal(5,2)", SINCE: date, OPEN: yes_no}
"""
PLACES = "CODE,SIZE,PRICE,SINCE,OPEN\nA,12,1.50,2020-02-29,Y\nB,-3,,,N\nC,,,,\n"
READS = query(
    "SELECT b.* FROM {batch} b JOIN reference_place p ON p.CODE = b.NOTE WHERE p.SIZE > 0"
)
ALONE = query("SELECT b.* FROM {batch} b WHERE b.MINUTES > 3", "R2")


def conf(
    root: Path, files: Mapping[str, str | bytes] | None = None, entry: str = ENTRY
) -> tuple[Path, Path]:
    location = write_conf(root, suites={"visit": [READS], "child": [query(SQL_OF_CHILD)]})
    folder = location.conf / "reference"
    folder.mkdir(exist_ok=True)
    for name, text in {"index.yaml": entry, **(files or {"place.csv": PLACES})}.items():
        content = text.encode() if isinstance(text, str) else text
        (folder / name).write_bytes(content)
    return location.conf, location.expectations


SQL_OF_CHILD = "SELECT b.* FROM {batch} b WHERE b.WEIGHT > 3"


def contract(root: Path) -> Contract:
    return load_catalogue(locate(root / "conf")).contract("care")


def id_of(root: Path) -> str:
    made = contract(root)
    return made.ruleset(made.read_period("2020-21")).id


def problems(root: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_catalogue(locate(root / "conf"))
    return [str(problem) for problem in caught.value.problems]


def test_values_are_typed_and_blank_is_null(tmp_path: Path) -> None:
    conf(tmp_path)
    place = load_catalogue(locate(tmp_path / "conf")).references["place"]
    assert place.read() == {
        "CODE": ["A", "B", "C"],
        "SIZE": [12, -3, None],
        "PRICE": [Decimal("1.50"), None, None],
        "SINCE": [date(2020, 2, 29), None, None],
        "OPEN": [True, False, None],
    }


def test_a_packed_table_is_the_same_table(tmp_path: Path) -> None:
    conf(tmp_path / "a")
    conf(tmp_path / "b", {"place.csv.gz": gzip.compress(PLACES.encode())})
    assert id_of(tmp_path / "a") == id_of(tmp_path / "b")


@pytest.mark.parametrize(
    ("before", "after"),
    [("A,12", "A,13"), ("SIZE: integer", "SIZE: string")],
    ids=["value", "type"],
)
def test_a_change_of_a_table_that_is_read_changes_the_ruleset(
    before: str, after: str, tmp_path: Path
) -> None:
    conf(tmp_path)
    first = id_of(tmp_path)
    conf(tmp_path, {"place.csv": PLACES.replace(before, after)}, ENTRY.replace(before, after))
    assert id_of(tmp_path) != first


def test_a_change_of_a_table_that_is_not_read_changes_nothing(tmp_path: Path) -> None:
    conf(tmp_path)
    location = write_conf(tmp_path, suites={"visit": [ALONE]})
    first = id_of(tmp_path)
    text = (location.conf / "reference/place.csv").read_text(encoding="utf-8")
    (location.conf / "reference/place.csv").write_text(text.replace("A,12", "A,13"))
    assert id_of(tmp_path) == first
    assert contract(tmp_path).used_references() == set()


def test_every_line_that_is_wrong_is_named(tmp_path: Path) -> None:
    rows = "A,1.5,100000,2020-02-30,yes\nA,,,,\n,,,20200101,\nD,1\n"
    conf(tmp_path, {"place.csv": "CODE,SIZE,PRICE,SINCE,OPEN\n" + rows})
    place = "conf/reference/place.csv"
    assert problems(tmp_path) == [
        f"{place}: line 2: OPEN: 'yes' is not Y or N",
        f"{place}: line 2: PRICE: '100000' is not a number of type decimal(5,2)",
        f"{place}: line 2: SINCE: '2020-02-30' is not a date written yyyy-MM-dd",
        f"{place}: line 2: SIZE: '1.5' is not a whole number",
        f"{place}: line 3: has the key of another line",
        f"{place}: line 4: SINCE: '20200101' is not a date written yyyy-MM-dd",
        f"{place}: line 4: has a blank key",
        f"{place}: line 5: has 2 fields; expected 5",
    ]


def test_index_and_files_have_to_name_the_same_tables(tmp_path: Path) -> None:
    entry = ENTRY + ENTRY.replace("place:", "town:").replace("[CODE]", "[NAME]")
    entry += ENTRY.replace("place:", "Big Town:") + ENTRY.replace("place:", "hamlet:").replace(
        "integer", "number"
    )
    conf(tmp_path, {"place.csv": PLACES, "street.csv": PLACES}, entry)
    index = "conf/reference/index.yaml"
    assert problems(tmp_path) == [
        f"{index}: Big Town: can't name a table; it is lower snake case",
        f"{index}: Big Town: there is no file Big Town.csv or Big Town.csv.gz in conf/reference",
        f"{index}: hamlet: 'number' is no type of a reference table",
        f"{index}: hamlet: there is no file hamlet.csv or hamlet.csv.gz in conf/reference",
        f"{index}: town: key names NAME, which is no column",
        f"{index}: town: there is no file town.csv or town.csv.gz in conf/reference",
        "conf/reference/street.csv: is not described in conf/reference/index.yaml",
    ]


def test_a_broken_package_is_told_as_that(tmp_path: Path) -> None:
    conf(tmp_path, {"place.csv.gz": gzip.compress(PLACES.encode())[:-12]})
    assert problems(tmp_path)[0] == "conf/reference/place.csv.gz: is not a whole gzip file"


def test_a_table_of_a_return_has_no_name_of_a_reference_table(tmp_path: Path) -> None:
    write_conf(tmp_path, specs={"2020-21": SPEC.replace("  visit:", "  reference_visit:")})
    (problem,) = problems(tmp_path)
    assert problem == (
        "conf/returns/care/2020-21.yaml: tables.reference_visit: reference_ begins the name of a "
        "reference table; name the table otherwise"
    )


def test_the_projects_own_tables_can_be_read(tmp_path: Path) -> None:
    references = load_catalogue(locate()).references
    rows = {name: table.read() for name, table in references.items()}
    zones = rows["data_zone"]
    assert sorted(map(int, zones["simd_rank"])) == list(range(1, 6977))  # type: ignore[call-overload]
    assert set(zones["council"]) | {"EX0000975"} <= set(rows["council"]["code"])
    assert len({code for code in zones["council"] if str(code).startswith("S12")}) == 32
    assert set(rows["school"]["council"]) < set(rows["council"]["code"])


def test_the_generated_tables_are_what_their_script_makes(tmp_path: Path) -> None:
    write_reference_tables(tmp_path)
    made = {path.name: path for path in tmp_path.iterdir()}
    assert set(made) == {"postcode_sector.csv.gz", "ssda903_provider.csv", "school.csv"}
    for name, path in made.items():
        kept = locate().conf / "reference" / name
        unpack = gzip.decompress if name.endswith(".gz") else bytes
        assert unpack(path.read_bytes()) == unpack(kept.read_bytes()), name


def test_the_tables_together_are_small() -> None:
    assert sum(path.stat().st_size for path in (locate().conf / "reference").iterdir()) < 2_000_000
