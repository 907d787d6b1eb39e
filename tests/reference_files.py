"""Reference tables of a configuration as the files that a check task carries."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from lgdp.checks.reference_file import write_reference
from lgdp.contracts.reference import Reference
from lgdp.contracts.ruleset import Ruleset

_folder = tempfile.TemporaryDirectory(prefix="lgdp-test-reference-")


def reference_files(ruleset: Ruleset, references: Mapping[str, Reference]) -> dict[str, Path]:
    """Each table that the ruleset names, written once in this process."""
    files = {}
    for name, shape in ruleset.reference.items():
        path = Path(_folder.name) / f"{shape.digest}.parquet"
        if not path.exists():
            write_reference(references[name], path)
        files[name] = path
    return files
