"""The register of councils: codes old and new, numeric schemes, and known spellings."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from lgdp.errors import Problem, UnknownCouncil

HEADER = [
    "code",
    "name",
    "official_name",
    "kind",
    "sg_code",
    "phs_code",
    "former_codes",
    "spellings",
]
KINDS = ("scotland", "example")
NAMING = ("code", "name", "official_name", "sg_code", "phs_code")


@dataclass(frozen=True)
class Council:
    """One authority. `kind` is `scotland`, or `example` for the senders of fabricated English returns."""

    code: str
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
        """The council of a current code, exactly as written in the lake."""
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
    if not path.is_file():
        problems.append(Problem(path.name, "", "is missing"))
        return Councils((), {})
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if reader.fieldnames != HEADER:
            problems.append(Problem(path.name, "header", f"expected {','.join(HEADER)}"))
            return Councils((), {})
        for row in reader:
            council = Council(row["code"], row["name"], row["official_name"], row["kind"])
            councils.append(council)
            if council.kind not in KINDS:
                problems.append(
                    Problem(path.name, council.code, f"kind must be one of {', '.join(KINDS)}")
                )
            lists = [*row["former_codes"].split("|"), *row["spellings"].split("|")]
            for text in [*(row[key] for key in HEADER if key in NAMING), *lists]:
                other = spellings.setdefault(fold_name(text), council) if text else council
                if other is not council:
                    problems.append(
                        Problem(path.name, council.code, f"'{text}' already names {other.name}")
                    )
    return Councils(tuple(councils), spellings)
