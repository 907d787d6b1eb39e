"""The command line starts with no more than it needs: imports are most of a second."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from lgdp.config import locate
from tests.unit.contracts.small_conf import write_conf

HEAVY = {"duckdb", "pyarrow", "pandas", "sqlglot", "pyspark", "great_expectations", "lxml"}


def _modules(code: str, *arguments: str) -> set[str]:
    """Top-level modules that a fresh interpreter has imported after running some code."""
    shown = "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    script = f"import sys\n{code}\n{shown}"
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    return set(ended.stderr.split())


def test_the_command_line_starts_with_what_it_needs(tmp_path: Path) -> None:
    conf = write_conf(tmp_path).conf
    shutil.copy(locate().conf / "platform.yaml", conf)
    assert _modules("import lgdp.cli").isdisjoint(HEAVY)
    path = tmp_path / "child.csv"
    path.write_text("ID,BORN,EXTRA,WEIGHT\nA1,01/02/2010,x,\nA2\n")
    code = """
from pathlib import Path
from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.pipeline.precheck import precheck
location = locate(sys.argv[1])
limits = load_settings(location.conf / "platform.yaml").limits
result = precheck(load_catalogue(location), limits, [Path(sys.argv[2])], "care", "2020-21", "Fife")
assert result.as_json()["tables"] == {"child": {"rows": 2, "silver": 1, "quarantine": 1}}
"""
    loaded = _modules(code, str(conf), str(path))
    assert loaded >= {"duckdb", "pyarrow"}
    assert loaded.isdisjoint({"pandas", "pyspark", "great_expectations"})
