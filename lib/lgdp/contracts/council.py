"""The register of councils: codes old and new, numeric schemes, and known spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from lgdp.contracts.csv_rows import read_rows
from lgdp.errors import Problem, UnknownCouncil

HEADER = [
    "code",
    "short",
    "name",
    "official_name",
    "kind",
    "sg_code",
    "phs_code",
    "former_codes",
    "spellings",
]
OWN = HEADER[:5]
KINDS = ("scotland", "example")
NAMING = ("code", "short", "name", "official_name", "sg_code", "phs_code")


@dataclass(frozen=True)
class Council:
    """One authority; `short` is what a narrow table shows.

    `kind` is `scotland`, or `example` for senders of fabricated returns.
    """

    code: str
    short: str
    name: str
    official_name: str
    kind: str


def fold_name(text: str) -> str:
    """A code or spelling without case, accents, punctuation, `and`, or the word council."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    words = re.sub(r"[^a-z0-9]+", " ", plain.replace("&", " and ")).split()
    return " ".join(word for word in words if word not in ("and", "council", "the", "of"))


class Councils:
    """All councils, found by any code or spelling that names exactly one of them."""

    def __init__(self, councils: tuple[Council, ...], spellings: Mapping[str, Council]) -> None:
        self._all = councils
        self._spellings = dict(spellings)
        self._by_code = {council.code: council for council in councils}

    def __iter__(self) -> Iterator[Council]:
        return iter(self._all)

    def names_of(self, code: str) -> tuple[str, ...]:
        """Every code and spelling of a council, folded by `fold_name`."""
        return tuple(name for name, council in self._spellings.items() if council.code == code)

    def by_code(self, code: str) -> Council:
        """The council of a current code, exactly as written in the lake; else UnknownCouncil."""
        if code not in self._by_code:
            raise UnknownCouncil(f"'{code}' is not the current code of a council")
        return self._by_code[code]

    def owing(self, who: str | tuple[str, ...]) -> tuple[Council, ...]:
        """The councils that `owed_by` of a return means: a kind, or codes."""
        if isinstance(who, str):
            return tuple(council for council in self._all if council.kind == who)
        return tuple(self.resolve(code) for code in who)

    def resolve(self, text: str) -> Council:
        """The council named by a current or former code, a numeric code, or a spelling.

        Raises UnknownCouncil, with the nearest names, when none or more than one fits.
        """
        council = self._spellings.get(fold_name(text))
        if council is not None:
            return council
        near = get_close_matches(fold_name(text), list(self._spellings), n=3, cutoff=0.6)
        names = list(dict.fromkeys(self._spellings[word].name for word in near))
        hint = f"; did you mean {' or '.join(names)}?" if names else "; see conf/councils.csv"
        raise UnknownCouncil(f"'{text}' is not a council that is known{hint}")


def load_councils(path: Path, problems: list[Problem]) -> Councils:
    """Read `councils.csv`. A spelling that would name two councils is a problem."""
    councils: list[Council] = []
    spellings: dict[str, Council] = {}
    for line, row in read_rows(path, HEADER, path.name, problems):
        council = Council(*(row[key] for key in OWN))
        councils.append(council)
        place = council.code or f"line {line}"
        if council.kind not in KINDS:
            problems.append(Problem(path.name, place, f"kind must be one of {', '.join(KINDS)}"))
        for text in _spellings_of(row):
            other = spellings.setdefault(fold_name(text), council)
            if other is not council:
                problems.append(Problem(path.name, place, f"'{text}' already names {other.name}"))
        if not council.code or not council.name:
            problems.append(Problem(path.name, place, "has no code or no name"))
    return Councils(tuple(councils), spellings)


def _spellings_of(row: Mapping[str, str]) -> Iterator[str]:
    listed = [row[key] for key in NAMING]
    listed += [*row["former_codes"].split("|"), *row["spellings"].split("|")]
    return (text for text in listed if fold_name(text))
