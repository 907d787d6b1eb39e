"""Databases of checks: each its own, in an instance that is kept for small ones."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from lgdp.checks.engine import KEPT_UP_TO, Engine


def tables(engine: Engine) -> list[str]:
    return [row[0] for row in engine.db.execute("SHOW TABLES").fetchall()]


@pytest.mark.parametrize("size", [0, KEPT_UP_TO + 1], ids=["kept", "own"])
def test_one_check_sees_nothing_of_another(size: int, tmp_path: Path) -> None:
    first = Engine(size, "100MB", tmp_path / "spill")
    second = Engine(size, "100MB", tmp_path / "spill")
    first.db.execute("CREATE TABLE one AS SELECT 1 AS a")
    first.db.execute("CREATE TEMP TABLE two AS SELECT 2 AS a")
    assert sorted(tables(first)) == ["one", "two"]
    assert tables(second) == []
    with pytest.raises(duckdb.CatalogException):
        second.db.execute("SELECT * FROM two")
    first.close()
    third = Engine(size, "100MB", tmp_path / "spill")
    assert tables(third) == []
    second.close()
    third.close()


def test_only_small_ones_share_an_instance(tmp_path: Path) -> None:
    def memory(engine: Engine) -> str:
        return str(engine.db.execute("SELECT current_setting('memory_limit')").fetchall()[0][0])

    small = Engine(KEPT_UP_TO, "100MB", tmp_path / "spill")
    large = Engine(KEPT_UP_TO + 1, "300MB", tmp_path / "spill")
    assert (memory(small), memory(large)) == ("95.3 MiB", "286.1 MiB")
    other = Engine(KEPT_UP_TO, "200MB", tmp_path / "spill")
    assert memory(small) == memory(other) == "190.7 MiB"
    settings = "SELECT current_setting('TimeZone'), current_setting('threads')"
    for engine in (small, large, other):
        assert engine.db.execute(settings).fetchall() == [("UTC", 1)]
        engine.close()
    assert not (tmp_path / "spill").exists()


def test_what_is_closed_is_gone_even_if_it_failed(tmp_path: Path) -> None:
    engine = Engine(0, "100MB", tmp_path / "spill")
    with pytest.raises(duckdb.BinderException):
        engine.db.execute("SELECT nope FROM (SELECT 1)")
    engine.close()
    with pytest.raises(duckdb.ConnectionException):
        engine.db.execute("SELECT 1")
