"""Stage two: check landed submissions into silver, quarantine and failures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lgdp.checks.task import FileNote
from lgdp.contracts.ruleset import Ruleset
from lgdp.ledger.event import EventKind, Key
from lgdp.ledger.ledger_state import LedgerState
from lgdp.ledger.standing import Standing
from lgdp.ledger.state import State
from lgdp.pipeline.assignment import Checked, CheckWork
from lgdp.pipeline.landing import Progress
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.publishing import standing_event
from lgdp.pipeline.reference_files import ReferenceFiles
from lgdp.pipeline.rule_cache import ready_rules
from lgdp.pipeline.scheduler import Scheduler
from lgdp.pipeline.storing import Addition, add_files
from lgdp.pipeline.tiny import check_tiny_ones


@dataclass
class CheckReport:
    """Submissions checked now, and those that the platform failed at."""

    checked: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def ruleset_of(platform: Platform, standing: Standing) -> Ruleset:
    """What a submission is judged by today."""
    contract = platform.catalogue.contract(standing.return_)
    return contract.ruleset(contract.read_period(standing.period))


def check_all(
    platform: Platform,
    scheduler: Scheduler,
    progress: Progress | None = None,
    only: Sequence[str] | None = None,
) -> CheckReport:
    """Check every landed submission, or `only` these, whatever their state; repeatable."""
    report = CheckReport()
    state = platform.ledger.state()
    todo = {
        standing.submission: standing
        for standing in state.standings.values()
        if (standing.state is State.LANDED if only is None else standing.submission in only)
    }
    references = ReferenceFiles(platform)
    works = {key: _work(platform, state, item, references) for key, item in todo.items()}
    checked = check_tiny_ones(works, _bronze_rows(todo), scheduler)
    count = len(checked)
    done_with = {item.submission for item in checked}
    tasks = {key: work.model_dump_json() for key, work in works.items() if key not in done_with}
    for done in scheduler.run("check", tasks):
        if done.result is None:
            report.failed[done.key] = str(done.error)
        else:
            checked.append(Checked.model_validate_json(done.result))
        count += 1
        if progress is not None:
            progress(count, len(works))
    checked.sort(key=lambda item: item.submission)
    refused = _keep(platform, todo, works, checked)
    report.failed |= refused
    report.checked += [item.submission for item in checked if item.submission not in refused]
    return report


def _bronze_rows(standings: Mapping[str, Standing]) -> dict[str, int]:
    """By submission, the rows that were landed."""
    return {
        name: sum(table["rows"] for table in each.landed.get("bronze", {}).values())
        for name, each in standings.items()
    }


def _work(
    platform: Platform, state: LedgerState, standing: Standing, references: ReferenceFiles
) -> CheckWork:
    contract = platform.catalogue.contract(standing.return_)
    period = contract.read_period(standing.period)
    ruleset = contract.ruleset(period)
    rules = ready_rules(ruleset, contract.collection(period))
    compared = rules.previous_tables | ruleset.spec.drifting
    landed = standing.landed
    earlier = contract.collection(period).previous
    before = state.current.get(Key(standing.return_, earlier or "", standing.council))
    return CheckWork(
        lake=platform.door.uri,
        submission=standing.submission,
        council=standing.council,
        council_names=platform.catalogue.councils.names_of(standing.council),
        collection=contract.collection(period),
        ruleset=ruleset.as_json,
        rules=rules.as_json,
        bronze={
            table: f"bronze/{standing.return_}/{table}/{item['path']}"
            for table, item in landed.get("bronze", {}).items()
        },
        previous=_silver_files(state, standing.return_, before, compared),
        reference=references.of(ruleset),
        compared_with=before,
        notes=tuple(FileNote.model_validate(note) for note in landed.get("notes", ())),
        nil=bool(standing.landed.get("nil")),
        nil_allowed=contract.statutory_return.policy.nil == "allowed",
        limits=platform.settings.limits,
    )


def _silver_files(
    state: LedgerState, return_name: str, pair: tuple[str, str] | None, tables: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Silver files (paths in the lake) of a submission under a ruleset."""
    check = state.standings[pair[0]].checks.get(pair[1]) if pair else None
    files = check.silver_files if check else {}
    return {
        table: (f"silver/{return_name}/{table}/{files[table]}",)
        for table in tables
        if table in files
    }


def _keep(
    platform: Platform,
    todo: dict[str, Standing],
    works: dict[str, CheckWork],
    checked: Sequence[Checked],
) -> dict[str, str]:
    """Add files to tables, then events to the ledger; the checks that it refuses, with why."""
    additions: dict[str, list[Addition]] = defaultdict(list)
    for item in checked:
        standing = todo[item.submission]
        additions[standing.return_] += _additions(standing, item)
    for name, items in sorted(additions.items()):
        add_files(platform, platform.catalogue.contract(name), items)
    events = []
    for item in checked:
        standing = todo[item.submission]
        kinds = [EventKind.CHECKED]
        if item.outcome.nil:
            kinds = [EventKind.NIL]
        elif item.outcome.verdict == "rejected":
            kinds = [EventKind.CHECKED, EventKind.REJECTED]
        before = works[item.submission].compared_with
        detail = {**_detail(item), "compared_with": list(before) if before else None}
        events += [standing_event(platform, standing, kind, detail) for kind in kinds]
    recorded = platform.ledger.record(events)
    return {
        refusal.event.submission: f"the ledger refuses the check: {refusal.reason}"
        for refusal in recorded.refused
        if refusal.event.event is EventKind.CHECKED
    }


def _additions(standing: Standing, item: Checked) -> list[Addition]:
    name = standing.return_
    places = [
        *((f"silver/{name}/{table}", written) for table, written in item.silver.items()),
        *((f"quarantine/{name}/{table}", written) for table, written in item.quarantine.items()),
    ]
    if item.failures.rows:
        places.append(("quality/failures", item.failures))
    return [
        Addition(table, written, standing.period, standing.submission, standing.council)
        for table, written in places
    ]


def _detail(item: Checked) -> dict[str, Any]:
    silver = {table: written.path for table, written in item.silver.items()}
    return {**item.outcome.summary(), "silver_files": silver}
