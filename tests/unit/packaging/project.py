"""The files of the project, as the packaging tests read them."""

from __future__ import annotations

import importlib.util
import re
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

PROJECT = Path(__file__).resolve().parents[3]


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def locked_versions() -> dict[str, set[str]]:
    """Versions by distribution in requirements.txt; two where they differ by version of Python."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9.-]+)==([^ ;]+)", text("requirements.txt"), re.M):
        versions.setdefault(name, set()).add(version)
    return versions


def script(name: str) -> ModuleType:
    """A script of the project as a module, whatever it is called."""
    loader = SourceFileLoader(Path(name).stem, str(PROJECT / name))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = module  # dataclasses look their module up
    loader.exec_module(module)
    return module
