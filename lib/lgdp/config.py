"""Where the configuration is, and the platform's own settings."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lgdp.errors import ConfigurationError, Problem, UsageError

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class ConfigLocation:
    """The folders that hold contracts (`conf`) and suites (`expectations`)."""

    conf: Path
    expectations: Path


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Section):
    """What one file may be before it is refused, and what one check may use."""

    field_bytes: int = Field(gt=0)
    columns: int = Field(gt=0)
    xml_depth: int = Field(gt=0)
    sheet_bytes: int = Field(gt=0)
    compression_ratio: int = Field(gt=0)
    check_memory: str
    failures_per_rule: int = Field(gt=0)


class LeaseSettings(_Section):
    """Seconds a lease lasts without renewal, and seconds a second writer waits for it."""

    seconds: int = Field(gt=0)
    wait_seconds: int = Field(ge=0)


class InboxSettings(_Section):
    """When a file of an inbox is done, and how large one may be that is fetched.

    A file written to within `recent_seconds` is looked at twice, `wait_seconds` apart; there is
    one wait for the whole inbox. An unfinished copy is given up after `stalled_hours`.
    """

    recent_seconds: float = Field(ge=0)
    wait_seconds: float = Field(ge=0, le=10)
    stalled_hours: int = Field(gt=0)
    fetch_bytes: int = Field(gt=0)


HOST = r"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]+)?$"


class PullSettings(_Section):
    """Which hosts may be asked for a delivery, and within what limits.

    `hosts` are names in small letters, with a port where it is not the usual one. `http` lets one
    be asked without encryption, `private` lets it be in a private network.
    """

    hosts: dict[Annotated[str, Field(pattern=HOST)], tuple[Literal["http", "private"], ...]]
    connect_seconds: float = Field(gt=0)
    read_seconds: float = Field(gt=0)
    total_seconds: float = Field(gt=0)
    attempts: int = Field(gt=0, le=10)
    file_bytes: int = Field(gt=0)


class Settings(_Section):
    """`platform.yaml`, or `cluster.yaml`: no key has a default, so what runs is what is written."""

    scheduler: Literal["processes", "spark"]
    workers: int = Field(ge=0, description="processes on this machine; 0 means one per core")
    limits: Limits
    inbox: InboxSettings
    pull: PullSettings
    lease: LeaseSettings
    spark: dict[str, str]


def locate(conf: str | os.PathLike[str] | None = None) -> ConfigLocation:
    """The configuration folders: `conf`, else `LGDP_CONF`, the working folder, or the project.

    The path may be the `conf` folder itself or a folder that holds `conf/` and `expectations/`;
    suites that are not beside it are taken from the project. Raises UsageError if there is none.
    """
    named = conf or os.environ.get("LGDP_CONF")
    candidates = [Path(named)] if named else [Path.cwd(), PROJECT]
    for root in candidates:
        for folder in (root, root / "conf"):
            if (folder / "returns").is_dir():
                beside = [
                    folder / "expectations",
                    folder.parent / "expectations",
                    PROJECT / "expectations",
                ]
                expectations = next((path for path in beside if path.is_dir()), beside[1])
                return ConfigLocation(folder.resolve(), expectations.resolve())
    where = named or f"{Path.cwd()} or {PROJECT}"
    raise UsageError(
        f"no configuration in {where}: expected a folder with returns/ in it; "
        "say --conf or LGDP_CONF"
    )


def load_settings(path: Path) -> Settings:
    """Read a settings file; all that is wrong with it is raised at once as ConfigurationError."""
    try:
        return Settings.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ConfigurationError([Problem(path.name, "", "is missing")]) from error
    except yaml.YAMLError as error:
        raise ConfigurationError([Problem(path.name, "", f"is not YAML: {error}")]) from error
    except ValidationError as error:
        problems = [
            Problem(path.name, ".".join(str(part) for part in item["loc"]), item["msg"])
            for item in error.errors()
        ]
        raise ConfigurationError(problems) from error
