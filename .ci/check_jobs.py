"""Jobs are thin: they import what runs them, never a room's inside. python check_jobs.py FOLDER

import-linter holds the rule inside the package; jobs are scripts outside of it.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ALLOWED = ("lgdp.pipeline", "lgdp.config", "lgdp.errors")


def imported(node: ast.AST) -> list[str]:
    """The modules that a statement imports; `from lgdp import x` counts as `lgdp.x`."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module == "lgdp":
        return [f"lgdp.{alias.name}" for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "."]
    return []


def forbidden_imports(folder: Path) -> list[str]:
    """One line for each import of another room of lgdp: file, line, module."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
            for module in imported(node):
                ours = module == "lgdp" or module.startswith("lgdp.")
                if ours and not any(f"{module}.".startswith(f"{room}.") for room in ALLOWED):
                    found.append(f"{path}:{node.lineno}: imports {module}")  # type: ignore[attr-defined]
    return found


if __name__ == "__main__":
    problems = forbidden_imports(Path(sys.argv[1]))
    if problems:
        sys.exit("\n".join([*problems, f"jobs may import only {', '.join(ALLOWED)}"]))
