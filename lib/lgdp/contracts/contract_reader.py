"""Reading the contract of one return from its folder, with all problems of all its files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import get_args

from lgdp.config import ConfigLocation
from lgdp.contracts.codelist import CodeList
from lgdp.contracts.contract import Contract
from lgdp.contracts.cross_check import CrossCheck
from lgdp.contracts.period import Frequency, Period, read_period
from lgdp.contracts.reference import Reference
from lgdp.contracts.spec_file import DiffSpec, FullSpec
from lgdp.contracts.spec_history import DatedSpec, SpecHistory
from lgdp.contracts.statutory_return import StatutoryReturn
from lgdp.contracts.strict import validated
from lgdp.contracts.suite import Suite, load_suite
from lgdp.contracts.yaml_text import Raw, read_yaml
from lgdp.errors import Problem, UnknownPeriod, UnknownReturn

RETURN_FILE = "return.yaml"
Dated = tuple[FullSpec | DiffSpec, Period, str]


def return_names(location: ConfigLocation) -> list[str]:
    """The returns that have a folder with a `return.yaml`, in order."""
    return sorted(path.parent.name for path in location.conf.glob(f"returns/*/{RETURN_FILE}"))


def load_contract(
    name: str,
    location: ConfigLocation,
    codes: Mapping[str, CodeList],
    references: Mapping[str, Reference],
    problems: list[Problem],
) -> Contract | None:
    """Load one return. Everything wrong is added to `problems`; null if there is no return then."""
    folder = location.conf / "returns" / name
    if not (folder / RETURN_FILE).is_file():
        known = ", ".join(return_names(location))
        raise UnknownReturn(f"there is no return '{name}'; known are {known}")
    shown = f"conf/returns/{name}"
    raw = read_yaml(folder / RETURN_FILE, f"{shown}/{RETURN_FILE}", problems)
    ret = (
        None
        if raw is None
        else validated(StatutoryReturn, raw, f"{shown}/{RETURN_FILE}", "", problems, mended=True)
    )
    suites = _load_suites(name, location, problems)
    specs = _load_specs(folder, shown, _Calendar(raw or {}), codes, problems)
    if ret is None:
        return None
    contract = Contract(name, ret, specs, codes, suites, references)
    CrossCheck(contract, specs, problems).run()
    return contract


class _Calendar:
    """How periods of a return are read; usable when other keys of the return are wrong."""

    def __init__(self, raw: Raw) -> None:
        starts = str(raw.get("year_starts", "04-01"))
        frequencies: tuple[Frequency, ...] = get_args(Frequency)
        known_as = [known for known in frequencies if known == raw.get("frequency")]
        self.frequency: Frequency = known_as[0] if known_as else "annual"
        self.is_known = bool(known_as)
        try:
            first = date.fromisoformat(f"2001-{starts}")
        except ValueError:
            first = date(2001, 4, 1)
        self.first_day = (first.month, first.day)

    def read(self, text: str) -> Period:
        return read_period(text, self.frequency, self.first_day)


def _load_specs(
    folder: Path,
    shown: str,
    calendar: _Calendar,
    codes: Mapping[str, CodeList],
    problems: list[Problem],
) -> list[DatedSpec]:
    files = [path for path in sorted(folder.glob("*.yaml")) if path.name != RETURN_FILE]
    if not files:
        problems.append(Problem(shown, "", "has no spec; the first year needs a full one"))
    read = [_read_spec(path, f"{shown}/{path.name}", calendar, problems) for path in files]
    dated = [item for item in read if item is not None]
    dated.sort(key=lambda item: item[1])
    history = SpecHistory(codes, problems)
    for model, first, file in dated:
        # With a file missing from the row, the diffs after it would seem wrong.
        if len(dated) == len(read) or isinstance(model, FullSpec):
            history.add(model, first, file)
    return history.specs


def _read_spec(
    path: Path, shown: str, calendar: _Calendar, problems: list[Problem]
) -> Dated | None:
    raw = read_yaml(path, shown, problems)
    if raw is None:
        return None
    model: FullSpec | DiffSpec | None
    if "tables" in raw:
        model = validated(FullSpec, raw, shown, "", problems)
    else:
        model = validated(DiffSpec, raw, shown, "", problems)
    if model is None or not calendar.is_known:
        return None
    try:
        return model, calendar.read(model.first), shown
    except UnknownPeriod as error:
        problems.append(Problem(shown, "first", str(error)))
        return None


def _load_suites(name: str, location: ConfigLocation, problems: list[Problem]) -> dict[str, Suite]:
    suites = {}
    for path in sorted((location.expectations / name).glob("*.json")):
        suite = load_suite(path, f"expectations/{name}/{path.name}", problems)
        if suite is not None:
            suites[path.stem] = suite
    return suites
