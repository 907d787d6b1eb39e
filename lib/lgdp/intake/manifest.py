"""A manifest: a small file in a delivery's folder that says what the delivery is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ConfigDict, Field

from lgdp.contracts.strict import Strict, validated
from lgdp.errors import ConfigurationError, Problem

MANIFEST_NAMES = ("manifest.yaml", "manifest.yml", "manifest.json")


class ManifestFile(Strict):
    """A file that must be there; digest, size and rows are checked when they are given.

    `rows` is how many records are in it, the header not counted.
    """

    name: str
    sha256: str | None = Field(default=None, pattern="^[0-9a-fA-F]{64}$")
    bytes: int | None = Field(default=None, ge=0)
    rows: int | None = Field(default=None, ge=0)


class Manifest(Strict):
    """Whose delivery this is.

    `nil` says that there is nothing to report for the collection. `version` is the sender's
    number of it, greater for a later one; without it, the order of receipt counts. When `files`
    are named, there are no others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)

    return_: str = Field(alias="return")
    period: str
    council: str
    by: str = "manifest"
    nil: bool = False
    version: int | None = Field(default=None, ge=1)
    files: tuple[ManifestFile, ...] = ()

    @property
    def totals(self) -> dict[str, int]:
        """How many rows the files have of which that is said, by name."""
        return {file.name: file.rows for file in self.files if file.rows is not None}


def read_manifest(path: Path, name: str | None = None) -> Manifest:
    """Read a manifest (YAML or JSON). ConfigurationError lists what is wrong with it, by `name`."""
    name = name or path.name
    try:
        # Every value as the text it is: a council 06 is no number, a period 2025-09-17 no date.
        raw = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError([Problem(name, "", "is not YAML or JSON")]) from error
    raw = _without_nulls(raw)
    if not isinstance(raw, dict):
        raise ConfigurationError([Problem(name, "", "is not a mapping of keys")])
    problems: list[Problem] = []
    manifest = validated(Manifest, raw, name, "", problems)
    if manifest is None:
        raise ConfigurationError(problems)
    return manifest


def _without_nulls(raw: Any) -> Any:
    if isinstance(raw, list):
        return [_without_nulls(item) for item in raw]
    if not isinstance(raw, dict):
        return raw
    nulls = ("", "~", "null")
    return {key: _without_nulls(value) for key, value in raw.items() if value not in nulls}
