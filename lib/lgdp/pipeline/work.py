"""The two kinds of work a worker does, as functions from JSON to JSON.

Both schedulers call `do`; a worker needs nothing but the text it is given and the lake it names.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from lgdp.checks.compiled_rule import CompiledRules
from lgdp.checks.kernel import check
from lgdp.checks.outcome import Outcome
from lgdp.checks.task import CheckTask
from lgdp.checks.together import check_together, is_tiny
from lgdp.contracts.ruleset import Ruleset
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.control_totals import check_totals
from lgdp.intake.reading import read_files
from lgdp.intake.sent_file import SentFile
from lgdp.lake.data_file import data_path
from lgdp.lake.door import Door
from lgdp.pipeline.assignment import (
    Checked,
    CheckWork,
    Landed,
    LandWork,
    TinyChecked,
    TinyWork,
    Written,
)
from lgdp.pipeline.precheck import file_note
from lgdp.scratch import scratch_folder

RULESETS_KEPT = 32


@lru_cache(maxsize=RULESETS_KEPT)
def _ruleset(text: str) -> Ruleset:
    return Ruleset.model_validate_json(text)


@lru_cache(maxsize=RULESETS_KEPT)
def _rules(text: str) -> CompiledRules:
    return CompiledRules.model_validate_json(text)


def land(work: LandWork) -> Landed:
    """Parse the files of one submission from the landing area into bronze files of the lake."""
    door = Door.open(work.lake)
    with scratch_folder("land") as scratch:
        sent = [
            SentFile(
                file.name,
                door.local_copy(file.landing, scratch),
                file.digest,
                file.size,
                file.media_type,
            )
            for file in work.files
        ]
        sink = BronzeSink(scratch, work.submission, work.council)
        ruleset = _ruleset(work.ruleset)
        reading = read_files(sent, ruleset, work.formats, work.limits, sink)
        wrong = tuple(check_totals(work.totals, reading, ruleset))
        written = {
            table: _put(
                door,
                path,
                f"bronze/{work.return_name}/{table}",
                {"period": work.period},
                (work.submission, table),
                reading.rows[table],
            )
            for table, path in reading.paths.items()
        }
        return Landed(
            submission=work.submission,
            bronze=written,
            notes=tuple(file_note(finding) for finding in (*reading.findings, *wrong)),
            encodings=reading.encodings,
        )


def check_submission(work: CheckWork) -> Checked:
    """Check one landed submission; silver, quarantine and failures become files of the lake."""
    door = Door.open(work.lake)
    with scratch_folder("check") as scratch:
        outcome = check(_task(work, door, scratch), scratch)
        return _checked(work, outcome, door)


def check_tiny(work: TinyWork) -> TinyChecked:
    """Check tiny submissions together, as far as they are clean; with the rows they have alone."""
    works = work.whole
    door = Door.open(works[0].lake)
    with scratch_folder("check") as scratch:
        tasks = [_task(each, door, scratch) for each in works]
        outcomes = check_together([task for task in tasks if is_tiny(task)], scratch)
        return TinyChecked(
            checked=tuple(
                _checked(each, outcomes[each.submission], door)
                for each in works
                if each.submission in outcomes
            )
        )


def _task(work: CheckWork, door: Door, scratch: Path) -> CheckTask:
    return CheckTask(
        submission=work.submission,
        council=work.council,
        council_names=work.council_names,
        ruleset=_ruleset(work.ruleset),
        rules=_rules(work.rules),
        collection=work.collection,
        bronze={table: door.local_copy(path, scratch) for table, path in work.bronze.items()},
        previous={
            table: tuple(door.local_copy(path, scratch) for path in paths)
            for table, paths in work.previous.items()
        },
        reference={name: door.local_copy(path, scratch) for name, path in work.reference.items()},
        notes=work.notes,
        nil=work.nil,
        nil_allowed=work.nil_allowed,
        limits=work.limits,
    )


def _checked(work: CheckWork, outcome: Outcome, door: Door) -> Checked:
    return_name, period = work.collection.return_name, work.collection.period
    counts = outcome.tables
    identity = (work.submission, outcome.ruleset)
    return Checked(
        submission=work.submission,
        outcome=outcome,
        silver={
            table: _put(
                door,
                path,
                f"silver/{return_name}/{table}",
                {"period": period},
                (*identity, table),
                counts[table].silver,
            )
            for table, path in outcome.silver.items()
        },
        quarantine={
            table: _put(
                door,
                path,
                f"quarantine/{return_name}/{table}",
                {"period": period},
                (*identity, table),
                counts[table].quarantine,
            )
            for table, path in outcome.quarantine.items()
        },
        failures=_put(
            door,
            outcome.failures,
            "quality/failures",
            {"return": return_name, "period": period},
            identity,
            outcome.failure_rows,
        ),
    )


def _put(
    door: Door,
    path: Path,
    table: str,
    partition: dict[str, str],
    identity: tuple[str, ...],
    rows: int,
) -> Written:
    """Move a finished file to the place that its identity gives it; one already there is kept."""
    place = data_path(partition, *identity)
    size = door.move(path, f"{table}/{place}")
    return Written(path=place, size=size, rows=rows)


WORK: dict[str, Callable[[str], str]] = {
    "land": lambda text: land(LandWork.model_validate_json(text)).model_dump_json(),
    "check": lambda text: check_submission(CheckWork.model_validate_json(text)).model_dump_json(),
    "check_tiny": lambda text: check_tiny(TinyWork.model_validate_json(text)).model_dump_json(),
}


def do(kind: str, text: str) -> str:
    """Do one piece of work; what it raises is the platform's failure, never the file's."""
    return WORK[kind](text)
