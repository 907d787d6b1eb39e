"""The addresses at which councils publish a delivery for the platform to fetch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Literal
from urllib.parse import quote, urlsplit

from pydantic import Field, field_validator

from lgdp.contracts.catalogue import Catalogue
from lgdp.contracts.strict import Strict, validated
from lgdp.contracts.yaml_text import read_yaml
from lgdp.errors import ConfigurationError, LgdpError, Problem, UsageError

FILE = "sources.yaml"


class Authorisation(Strict):
    """A header of requests whose value is in an environment variable, and nowhere else.

    `prefix` is put before the value, such as `Bearer ` (the blank is part of it).
    """

    header: str = Field(pattern="^[A-Za-z][A-Za-z0-9-]*$")
    variable: str = Field(pattern="^[A-Za-z_][A-Za-z0-9_]*$")
    prefix: str = ""


class Source(Strict):
    """Where one council's delivery to one return is fetched.

    Several addresses in `url` are files of one submission. `{period}` in an address stands for the
    period, such as 2024-25.
    """

    name: str = Field(pattern="^[a-z][a-z0-9_-]*$")
    return_: str = Field(alias="return")
    council: str
    url: tuple[str, ...] = Field(min_length=1)
    format: Literal["csv", "json"]
    authorisation: Authorisation | None = None

    @field_validator("url", mode="before")
    @classmethod
    def _one_is_enough(cls, url: object) -> object:
        return (url,) if isinstance(url, str) else url

    @field_validator("url")
    @classmethod
    def _are_addresses(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        for url in urls:
            if wrong := _wrong_with(url):
                raise ValueError(f"{_shown(url)} {wrong}")
        if len(set(urls)) != len(urls):
            raise ValueError("names an address twice")
        return urls

    def addresses(self, period: str) -> Iterator[str]:
        """The addresses of the files of a period."""
        for url in self.url:
            yield url.replace("{period}", quote(period, safe=""))


def load_sources(conf: Path, catalogue: Catalogue) -> dict[str, Source]:
    """The sources of `sources.yaml` by name, in its order.

    UsageError if there is no such file, ConfigurationError with all that is wrong in it.
    """
    if not (conf / FILE).is_file():
        raise UsageError(
            f"there is nothing to pull from: conf/{FILE} is missing; see docs/routes.md"
        )
    problems: list[Problem] = []
    raw = read_yaml(conf / FILE, FILE, problems) or {}
    for key in sorted(set(raw) - {"sources"}):
        problems.append(Problem(FILE, str(key), "is not a key that is known here"))
    listed = raw.get("sources", [])
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        problems.append(Problem(FILE, "sources", "is not a list of sources"))
        listed = []
    made = (
        validated(Source, item, FILE, f"sources.{place}", problems)
        for place, item in enumerate(listed)
    )
    sources = [source for source in made if source is not None]
    problems += [problem for source in sources for problem in _unknown(source, catalogue)]
    for name, times in Counter(source.name for source in sources).items():
        if times > 1:
            problems.append(Problem(FILE, name, f"is the name of {times} sources"))
    if problems:
        raise ConfigurationError(problems)
    return {source.name: source for source in sources}


def _wrong_with(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        fields = {name for _, name, _, _ in Formatter().parse(url) if name is not None}
        port = parts.port
    except ValueError:
        return "is not an address"
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        return "is not an address: expected https://host/path"
    if parts.username is not None or parts.password is not None:
        return "holds credentials; name an environment variable in 'authorisation' instead"
    if parts.fragment:
        return "ends in a fragment (#), which is not sent"
    if fields - {"period"} or "{" in parts.netloc:
        return "may hold {period} after the host, and no other braces"
    return None


def _shown(url: str) -> str:
    """The address as far as it can't hold a password."""
    return url.rpartition("@")[2] if "@" in url else url


def _unknown(source: Source, catalogue: Catalogue) -> Iterator[Problem]:
    try:
        catalogue.contract(source.return_)
    except LgdpError as error:
        yield Problem(FILE, f"{source.name}.return", str(error))
    try:
        catalogue.councils.resolve(source.council)
    except LgdpError as error:
        yield Problem(FILE, f"{source.name}.council", str(error))
