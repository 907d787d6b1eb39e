"""What a Python worker of Spark does beside its task."""

from __future__ import annotations

import importlib
import sys
import zipfile
from pathlib import Path
from zipimport import zipimporter

import pytest

from lgdp.pipeline.spark_scheduler import forget_zip_finders


def test_modules_in_zips_are_found_again_after_their_finders_were_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "brought.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("brought_first.py", "VALUE = 1")
        zipped.writestr("brought_second/__init__.py", "VALUE = 2")
    monkeypatch.syspath_prepend(str(archive))
    assert importlib.import_module("brought_first").VALUE == 1
    assert isinstance(sys.path_importer_cache[str(archive)], zipimporter)

    forget_zip_finders()

    assert str(archive) not in sys.path_importer_cache
    assert importlib.import_module("brought_second").VALUE == 2
