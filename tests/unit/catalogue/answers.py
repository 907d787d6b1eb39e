"""What a council is told of files, and where their rows went: the path of `lgdp precheck`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lgdp.contracts.catalogue import Catalogue
from lgdp.pipeline.precheck import Precheck, precheck
from tests.unit.contracts.small_conf import RETURN, load
from tests.unit.intake.sent import LIMITS

EVERY_FORM = RETURN.replace("[csv, xml, xlsx]", "[csv, xml, xlsx, xls, ods, json]")
VISIT = "ID,SEEN,ALONE,MINUTES,NOTE\n"
CHILD = "ID,BORN,COLOUR,WEIGHT\n"


@dataclass(frozen=True)
class Answer:
    """The verdict, and every failure in order."""

    verdict: str
    failures: list[dict[str, Any]]
    tables: dict[str, tuple[int, int, int]]
    """Rows as sent, accepted and kept out, by table."""

    @property
    def told(self) -> list[tuple[str, int | None]]:
        """Code and row of what has to be mended or explained."""
        return [(row["code"], row["row"]) for row in self.failures if row["severity"] != "info"]

    @property
    def notes(self) -> list[str]:
        """Codes of the notes."""
        return [row["code"] for row in self.failures if row["severity"] == "info"]

    def message(self, code: str) -> str:
        """The text of the one failure with that code."""
        (found,) = (row["message"] for row in self.failures if row["code"] == code)
        return str(found)


def configured(folder: Path, **conf: Any) -> Catalogue:
    """The small configuration, which takes every form of file; `conf` as `write_conf` takes it."""
    return load(folder / "conf", **{"ret": EVERY_FORM, **conf})


def answer(folder: Path, files: Mapping[str, bytes | str], **conf: Any) -> Answer:
    """Pre-check files of one delivery of Fife for 2020-21; `limits` are bent by that argument."""
    limits = LIMITS.model_copy(update=conf.pop("limits", {}))
    catalogue = configured(folder, **conf)
    paths = []
    for name, content in files.items():
        path = folder / "sent" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(path)
    return as_answer(precheck(catalogue, limits, paths, "care", "2020-21", "Fife"))


def as_answer(found: Precheck) -> Answer:
    """A pre-check as tests look at it. Its rows add up, whatever was sent."""
    tables = {
        name: (counts.rows, counts.silver, counts.quarantine)
        for name, counts in found.outcome.tables.items()
    }
    assert all(rows == silver + kept_out for rows, silver, kept_out in tables.values())
    return Answer(found.outcome.verdict, found.failures.to_pylist(), tables)
