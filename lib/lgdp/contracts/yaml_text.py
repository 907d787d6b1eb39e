"""YAML read strictly: a key that occurs twice is a problem, never the last one wins."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from lgdp.errors import Problem

Raw = dict[str, Any]
"""A mapping still as YAML gives it."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):  # type: ignore[valid-type, misc]
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key}' occurs twice", key_node.start_mark
                )
            seen.add(key) if isinstance(key, Hashable) else None
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def read_yaml(path: Path, shown: str, problems: list[Problem]) -> Raw | None:
    """The mapping in a YAML file; null when it is none, which is then among the `problems`."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 (safe)
    except UnicodeDecodeError:
        problems.append(Problem(shown, "", "is not text in UTF-8"))
        return None
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else ""
        problems.append(Problem(shown, line, f"is not YAML: {error.problem}"))
        return None
    except yaml.YAMLError as error:
        problems.append(Problem(shown, "", f"is not YAML: {' '.join(str(error).split())}"))
        return None
    if not isinstance(raw, dict):
        problems.append(Problem(shown, "", "is not a mapping of keys"))
        return None
    return raw
