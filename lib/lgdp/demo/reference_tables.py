"""Made-up reference tables for made-up returns: postcode sectors, care providers and schools.

    python -m lgdp.demo.reference_tables conf/reference

The same seed gives the same bytes. Nothing here is a real place, provider or school.
"""

from __future__ import annotations

import csv
import gzip
import io
import string
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from lgdp.demo.drafting import PUPILS
from lgdp.demo.pupil_life import make_schools
from lgdp.demo.sender import INDEX, PEOPLE, SENDERS

SEED = 903
HOME, AWAY = "E", "W"
"""First letters of the postcodes that fabricated returns give to homes and to placements."""

DISTRICTS, SECTORS = range(1, 31), range(1, 10)
NOWHERE = ("ZZ993", "E99000001", "E99000001", 400_000, 3_000_000)
"""A sector so far off that no distance to it can be right; real lists have ZZ99 for no address."""

UNKNOWN = 0.03
"""Share of the sectors that the directory does not know, so that some postcodes are unknown."""

SENDER = "EX0000975"
NEIGHBOURS = ("E99000001", "E99000002", "E99000003")
COUNTRIES = {"S": ("S99000001", "SCO"), "W": ("W99000001", "WAL"), "N": ("N99000001", "NIR")}
COUNTRY_OF = {"WS": "S", "WW": "W", "WN": "N"}
"""Areas of placements that lie outside England."""

SPREAD = 60_000
"""Metres between the centres of two areas that follow each other in the alphabet, at most."""

PLACES = ("K1", "K2", "K3", "R3", "S1", "U1", "U4", "T0", "A3", "Z1")
PROVIDERS = ("PR1", "PR2", "PR3", "PR4", "PR5")
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
"""Letters that the last two places of a postcode may have."""

Rows = Sequence[Sequence[str | int]]


def postcode_sectors(rng: Random) -> Iterator[tuple[str, str, str, int, int]]:
    """Sector without spaces, its authority, that as a placement's authority, and its centre (m)."""
    for first in (HOME, AWAY):
        for place, second in enumerate(string.ascii_uppercase):
            area = first + second
            authority, shown = _authority(area, rng)
            east = 400_000 + rng.randint(-SPREAD, SPREAD)
            # The further down the alphabet, the further north, up to the whole length of the land.
            north = 150_000 + place * (4_000 if first == HOME else 30_000)
            for district in DISTRICTS:
                for sector in SECTORS:
                    at = east + 700 * district + rng.randint(0, 300), north + 500 * sector
                    if rng.random() >= UNKNOWN:
                        yield f"{area}{district}{sector}", authority, shown, *at
    yield NOWHERE


def _authority(area: str, rng: Random) -> tuple[str, str]:
    if area in COUNTRY_OF:
        return COUNTRIES[COUNTRY_OF[area]]
    code = SENDER if area[0] == HOME or rng.random() < 0.4 else rng.choice(NEIGHBOURS)
    return code, code


def providers(
    rng: Random, sectors: Sequence[tuple[str, str, str, int, int]]
) -> Iterator[tuple[str, str, str, str, str, str]]:
    """URN, placement and provider codes (comma lists), end of registration, postcode, authority."""
    away = [row for row in sectors if row[0].startswith(AWAY)]
    for number in range(600):
        sector, authority, *_ = rng.choice(away)
        places = sorted(rng.sample(PLACES, rng.randint(1, 3)))
        kinds = sorted(rng.sample(PROVIDERS, rng.randint(1, 2)))
        ended = date(2015, 4, 1) + timedelta(days=rng.randint(0, 3_000))
        yield (
            f"{9_000_000 + number * 7}",
            "" if number % 97 == 5 else ",".join(places),
            "" if number % 89 == 5 else ",".join(kinds),
            ended.isoformat() if rng.random() < 0.2 else "",
            sector + rng.choice(LETTERS) + rng.choice(LETTERS),
            "" if number % 83 == 5 else authority,
        )


def schools() -> Iterator[tuple[str, str, str, str]]:
    """Number, name, sector and council of the schools that the demo has pupils in."""
    for sender in SENDERS:
        pupils = round(PUPILS * sender.people / PEOPLE)
        for school in make_schools(INDEX[sender.code], pupils):
            yield school.seed_code, school.name, school.sector, sender.code


def write_reference_tables(folder: Path, seed: int = SEED) -> None:
    """Write the three tables as files of `conf/reference`."""
    sectors = list(postcode_sectors(Random(seed)))  # noqa: S311 (nothing secret)
    header = ("sector", "authority", "placement_authority", "easting", "northing")
    _write(folder / "postcode_sector.csv.gz", header, sectors)
    header_of_providers = (
        "urn",
        "place_codes",
        "provider_codes",
        "registration_end",
        "postcode",
        "authority",
    )
    listed = list(providers(Random(seed + 1), sectors))  # noqa: S311 (nothing secret)
    _write(folder / "ssda903_provider.csv", header_of_providers, listed)
    _write(folder / "school.csv", ("seed_code", "name", "sector", "council"), list(schools()))


def _write(path: Path, header: Sequence[str], rows: Rows) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    content = text.getvalue().encode()
    if path.suffix == ".gz":
        # Without the time and the file's name, which would make the same rows other bytes.
        content = gzip.compress(content, compresslevel=9, mtime=0)
    path.write_bytes(content)


if __name__ == "__main__":
    write_reference_tables(Path(sys.argv[1]))
