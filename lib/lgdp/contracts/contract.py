"""The contract of one return, loaded whole: return, specs of all years, code lists and suites."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import ValidationError

from lgdp.config import ConfigLocation
from lgdp.contracts.codelist import CodeList
from lgdp.contracts.period import Period, period_before, read_period
from lgdp.contracts.ruleset import Collection, Ruleset
from lgdp.contracts.spec import DiffSpec, FullSpec, Raw, Spec, apply_change
from lgdp.contracts.statutory_return import StatutoryReturn
from lgdp.contracts.suite import Suite, load_suite, problems_of
from lgdp.errors import ChangeDoesNotFit, Problem, UnknownPeriod, UnknownReturn

YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Contract:
    """A return with its specs. `specs` maps each spec's `(first, term)` to what it makes, oldest first."""

    def __init__(
        self,
        name: str,
        statutory_return: StatutoryReturn,
        specs: Mapping[tuple[Period, str | None], Spec],
        codes: Mapping[str, CodeList],
        suites: Mapping[str, Suite],
    ) -> None:
        self.name = name
        self.statutory_return = statutory_return
        self.specs = dict(specs)
        self.codes = dict(codes)
        self.suites = dict(suites)
        self._rulesets: dict[tuple[str, int], Ruleset] = {}

    def read_period(self, text: str) -> Period:
        """The period of that text; UnknownPeriod when it is malformed or before the first spec."""
        ret = self.statutory_return
        period = read_period(text, ret.frequency, ret.first_day)
        if self._spec_at(period) is None:
            first = min(start for start, _ in self.specs)
            raise UnknownPeriod(f"{self.name} has no spec for {period}; its first is for {first}")
        return period

    def collection(self, period: Period) -> Collection:
        """The collection of a period, as rules see it."""
        ret = self.statutory_return
        previous = period_before(period, ret.frequency, ret.first_day)
        return Collection(
            return_name=self.name,
            period=period.text,
            start=period.start,
            end=period.end,
            previous=previous,
        )

    def ruleset(self, period: Period, spec_period: Period | None = None) -> Ruleset:
        """What a submission of `period` is judged by; `spec_period` judges it by another year's rules."""
        judged_as = spec_period or period
        spec = self._spec_at(judged_as)
        if spec is None:
            raise UnknownPeriod(f"{self.name} has no spec for {judged_as}")
        kept = self._rulesets.get((spec.first, judged_as.collection_year))
        if kept is not None and kept.spec is spec:
            return kept
        used = {column.codes for table in spec.tables for column in table.columns if column.codes}
        year = judged_as.collection_year
        made = Ruleset(
            return_name=self.name,
            spec=spec,
            codes={name: self.codes[name].valid_in(year) for name in sorted(used)},
            suites={
                table.name: self.suites[table.name]
                for table in spec.tables
                if table.name in self.suites
            },
        )
        self._rulesets[(spec.first, judged_as.collection_year)] = made
        return made

    def all_columns(self, table: str) -> dict[str, str]:
        """Name to type of every column that any year gives this table, oldest first."""
        columns: dict[str, str] = {}
        for spec in self.specs.values():
            for item in spec.tables:
                if item.name == table:
                    columns.update({column.name: column.type for column in item.columns})
        return columns

    @property
    def table_names(self) -> tuple[str, ...]:
        """Every table of any year."""
        return tuple(
            dict.fromkeys(table.name for spec in self.specs.values() for table in spec.tables)
        )

    def _spec_at(self, period: Period) -> Spec | None:
        fitting = [
            spec
            for (first, term), spec in self.specs.items()
            if first.start <= period.start and term in (None, period.term)
        ]
        return fitting[-1] if fitting else None


def _read_yaml(path: Path, shown: str, problems: list[Problem]) -> Raw | None:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)  # noqa: S506 (a safe loader)
    except yaml.YAMLError as error:
        problems.append(Problem(shown, "", f"is not YAML: {' '.join(str(error).split())}"))
        return None
    if not isinstance(raw, dict):
        problems.append(Problem(shown, "", "is not a mapping of keys"))
        return None
    return raw


def _make_spec(
    state: Raw, shown: str, codes: Mapping[str, CodeList], problems: list[Problem]
) -> Spec | None:
    """Build the typed spec from the merged YAML, adding everything that is wrong to `problems`."""
    raw = copy.deepcopy(state)
    defaults = raw.pop("defaults", {})
    unknown_defaults = set(defaults) - {"date_formats", "datetime_formats", "null_tokens"}
    problems.extend(
        Problem(shown, f"defaults.{key}", "is not a key that is known here")
        for key in unknown_defaults
    )
    for table_name, table in raw["tables"].items():
        columns = table.get("columns")
        if not isinstance(columns, dict) or not columns:
            problems.append(Problem(shown, f"tables.{table_name}.columns", "is missing or empty"))
            return None
        for name, column in columns.items():
            shape = dict(column or {})
            if shape.get("type") in ("date", "datetime"):
                shape.setdefault("formats", defaults.get(f"{shape['type']}_formats", ()))
            shape.setdefault("null_tokens", defaults.get("null_tokens", ()))
            if shape.get("codes") and shape["codes"] not in codes:
                key = f"tables.{table_name}.columns.{name}.codes"
                problems.append(
                    Problem(shown, key, f"there is no code list '{shape['codes']}' in conf/codes")
                )
            columns[name] = {"name": name, **shape}
        table["name"] = table_name
    return _validated(raw, shown, problems)


def _validated(raw: Raw, shown: str, problems: list[Problem]) -> Spec | None:
    tables = list(raw["tables"].values())
    names = [(table["name"], list(table["columns"])) for table in tables]
    for table in tables:
        table["columns"] = list(table["columns"].values())
    try:
        return Spec.model_validate({**raw, "tables": tables})
    except ValidationError as error:
        for problem in problems_of(error, shown):
            parts = problem.key.split(".")
            if len(parts) > 1 and parts[0] == "tables" and parts[1].isdigit():
                table_name, column_names = names[int(parts[1])]
                parts[1] = table_name
                if len(parts) > 3 and parts[2] == "columns" and parts[3].isdigit():
                    parts[3] = column_names[int(parts[3])]
            problems.append(Problem(shown, ".".join(parts), problem.message))
        return None


class _Builder:
    """Reads the spec files of one return, oldest first, and keeps what they make."""

    def __init__(
        self, ret: StatutoryReturn, codes: Mapping[str, CodeList], problems: list[Problem]
    ) -> None:
        self.ret, self.codes, self.problems = ret, codes, problems
        self.states: list[tuple[Period, str | None, Raw]] = []
        self.specs: dict[tuple[Period, str | None], Spec] = {}

    def add(self, raw: Raw, shown: str) -> None:
        is_diff = "tables" not in raw
        try:
            model = DiffSpec.model_validate(raw) if is_diff else FullSpec.model_validate(raw)
            first = read_period(model.first, self.ret.frequency, self.ret.first_day)
        except ValidationError as error:
            self.problems.extend(problems_of(error, shown))
            return
        except UnknownPeriod as error:
            self.problems.append(Problem(shown, "first", str(error)))
            return
        if isinstance(model, FullSpec):
            self._keep(first, None, model.model_dump(exclude={"description"}), shown)
        else:
            self._apply(model, first, shown)

    def _apply(self, diff: DiffSpec, first: Period, shown: str) -> None:
        bases = [state for _, term, state in self.states if term in (None, diff.term)]
        if not bases:
            self.problems.append(Problem(shown, "", "is a diff, but no full spec comes before it"))
            return
        state = copy.deepcopy(bases[-1])
        state["first"] = diff.first
        state["parameters"] = {**state["parameters"], **diff.parameters}
        for number, change in enumerate(diff.changes):
            try:
                apply_change(state["tables"], change)
            except ChangeDoesNotFit as error:
                self.problems.append(Problem(shown, f"changes.{number}", str(error)))
        self._keep(first, diff.term, state, shown)

    def _keep(self, first: Period, term: str | None, state: Raw, shown: str) -> None:
        self.states.append((first, term, state))
        spec = _make_spec(state, shown, self.codes, self.problems)
        if spec is not None:
            self.specs[(first, term)] = spec


def load_contract(
    name: str, location: ConfigLocation, codes: Mapping[str, CodeList], problems: list[Problem]
) -> Contract | None:
    """Load one return. Everything wrong is added to `problems`; null when nothing usable is left."""
    folder = location.conf / "returns" / name
    if not (folder / "return.yaml").is_file():
        known = sorted(path.parent.name for path in location.conf.glob("returns/*/return.yaml"))
        raise UnknownReturn(f"there is no return '{name}'; known are {', '.join(known)}")
    shown = f"conf/returns/{name}"
    raw = _read_yaml(folder / "return.yaml", f"{shown}/return.yaml", problems)
    try:
        ret = StatutoryReturn.model_validate(raw) if raw is not None else None
    except ValidationError as error:
        problems.extend(problems_of(error, f"{shown}/return.yaml"))
        ret = None
    if ret is None:
        return None
    builder = _Builder(ret, codes, problems)
    files = [path for path in sorted(folder.glob("*.yaml")) if path.name != "return.yaml"]
    raws = [(path, _read_yaml(path, f"{shown}/{path.name}", problems)) for path in files]
    for path, spec in sorted(raws, key=lambda item: str((item[1] or {}).get("first", ""))):
        if spec is not None:
            builder.add(spec, f"{shown}/{path.name}")
    if not files:
        problems.append(Problem(shown, "", "has no spec; the first year needs a full one"))
    contract = Contract(name, ret, builder.specs, codes, _load_suites(name, location, problems))
    _check_whole(contract, shown, problems)
    return contract


def _load_suites(name: str, location: ConfigLocation, problems: list[Problem]) -> dict[str, Suite]:
    folder = location.expectations / name
    suites = {}
    for path in sorted(folder.glob("*.json")):
        suite = load_suite(path, f"expectations/{name}/{path.name}", problems)
        if suite is not None:
            suites[path.stem] = suite
    return suites


def _check_whole(contract: Contract, shown: str, problems: list[Problem]) -> None:
    tables = set(contract.table_names)
    for table in contract.suites:
        if table not in tables and contract.specs:
            problems.append(
                Problem(f"expectations/{contract.name}/{table}.json", "", "there is no such table")
            )
    for table in tables:
        kinds: dict[str, str] = {}
        for spec in contract.specs.values():
            for item in spec.tables:
                if item.name != table:
                    continue
                for column in item.columns:
                    kind = "string" if column.type in ("code", "postcode") else column.type
                    if kinds.setdefault(column.name, kind) != kind:
                        message = f"changes type to {column.type}; a lake column keeps its type, so rename it"
                        problems.append(
                            Problem(shown, f"{table}.{column.name} from {spec.first}", message)
                        )
