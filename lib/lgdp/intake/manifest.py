"""A manifest: a small file in a delivery's folder that says what the delivery is."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from lgdp.contracts.strict import Strict
from lgdp.contracts.suite import problems_of
from lgdp.errors import ConfigurationError, Problem

MANIFEST_NAMES = ("manifest.yaml", "manifest.yml", "manifest.json")


class ManifestFile(Strict):
    """A file that must be there; digest and size are checked when they are given."""

    name: str
    sha256: str | None = None
    bytes: int | None = None


class Manifest(Strict):
    """Whose delivery this is. `nil` says that there is nothing to report for the collection."""

    return_: str
    period: str
    council: str
    by: str = "manifest"
    nil: bool = False
    files: tuple[ManifestFile, ...] = ()


def find_manifest(folder: Path) -> Path | None:
    """The manifest of a folder, if it has one."""
    return next((folder / name for name in MANIFEST_NAMES if (folder / name).is_file()), None)


def read_manifest(path: Path) -> Manifest:
    """Read a manifest (YAML or JSON; the key is `return`). ConfigurationError lists what is wrong."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError([Problem(path.name, "", "is not YAML or JSON")]) from error
    if not isinstance(raw, dict):
        raise ConfigurationError([Problem(path.name, "", "is not a mapping of keys")])
    if "return" in raw:
        raw["return_"] = raw.pop("return")
    try:
        return Manifest.model_validate(raw)
    except ValidationError as error:
        raise ConfigurationError(problems_of(error, path.name)) from error
