"""Compiled rules kept between commands: a ruleset is compiled, and tried, once on a machine.

Reference tables are kept beside them, as the files that the kernel reads.

Kept in `LGDP_CACHE`, or `lgdp` in the user's cache folder, by a digest of the ruleset and of the
code that compiles it. Losing the folder costs a second; it holds no data of anyone.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from lgdp.checks.compiled_rule import CompiledRules
from lgdp.contracts.reference import Reference
from lgdp.contracts.ruleset import Collection, Ruleset


def ready_rules(ruleset: Ruleset, collection: Collection) -> CompiledRules:
    """The rules of a ruleset, compiled and planned by DuckDB over empty tables.

    Raises ConfigurationError listing every rule that is wrong, with suite and code.
    """
    kept = _folder() / f"{ruleset.id}-{_compiler()}.json"
    try:
        return CompiledRules.model_validate_json(kept.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        pass
    # Imported on a miss alone: reading SQL takes a quarter of a second to import.
    from lgdp.checks.compiled import compile_rules
    from lgdp.checks.trial import bind_rules

    rules = compile_rules(ruleset)
    bind_rules(ruleset, rules, collection)
    _keep(kept, rules)
    return rules


def ready_reference(reference: Reference, scratch: Path) -> Path:
    """A reference table as a Parquet file: the one that is kept, else made now.

    `scratch` is where it is made if nothing can be kept. Raises ConfigurationError if a line of
    the table is wrong.
    """
    kept = _folder() / f"{reference.name}-{reference.shape.digest[:16]}.parquet"
    if kept.is_file():
        return kept
    from lgdp.checks.reference_file import write_reference

    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            made = Path(folder) / kept.name
            write_reference(reference, made)
            made.replace(kept)
    except OSError:
        kept = scratch / kept.name
        write_reference(reference, kept)
    return kept


def _folder() -> Path:
    named = os.environ.get("LGDP_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lgdp"


@cache
def _compiler() -> str:
    """A digest of the code that compiles: after a change of it nothing kept is used again."""
    digest = hashlib.sha256()
    for source in sorted(files("lgdp.checks").iterdir(), key=lambda item: item.name):
        if source.name.endswith(".py"):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _keep(path: Path, rules: CompiledRules) -> None:
    """Write atomically; a folder that can't be written to is no reason to fail."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, encoding="utf-8", delete=False
        ) as stream:
            stream.write(rules.as_json)
        Path(stream.name).replace(path)
    except OSError:
        return
