"""Control totals: how many rows the sender says are in a file, against how many were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pyarrow.compute as pc
import pyarrow.dataset as ds

from lgdp.contracts.ruleset import Ruleset
from lgdp.intake.finding import Finding
from lgdp.intake.reading import Reading


def check_totals(
    totals: Mapping[str, int], reading: Reading, ruleset: Ruleset
) -> Iterator[Finding]:
    """A refusal for each file, in order of its name, of which another number of rows was read.

    The rows of an archive are those of the files in it. What was refused already, is left aside,
    or is the same as another file has no rows that could be counted.
    """
    left = {name: total for name, total in totals.items() if not _is_settled(name, reading)}
    if not left:
        return
    found = _rows_by_file(reading, ruleset)
    for name, total in sorted(left.items()):
        rows = sum(count for file, count in found.items() if _is_of(name, file))
        if rows != total:
            counted = f"{rows:,} row{'' if rows == 1 else 's'}"
            message = (
                f"The file has {counted}, the manifest says {total:,}; send the whole file, or "
                "a manifest with the right number."
            )
            yield Finding(name, "CONTROL_TOTAL", "critical", message)


def _is_settled(name: str, reading: Reading) -> bool:
    return any(
        (finding.file == name and finding.code == "LEFT_ASIDE")
        or (_is_of(name, finding.file) and finding.severity == "critical")
        or (_is_of(name, finding.file) and finding.code == "SAME_CONTENT")
        for finding in reading.findings
    )


def _is_of(name: str, file: str | None) -> bool:
    """Whether a file is the one of that name, or in the archive of that name."""
    return file is not None and (file == name or file.startswith(f"{name}/"))


def _rows_by_file(reading: Reading, ruleset: Ruleset) -> Counter[str]:
    """Records read, of all tables; a record of a wide table is one, however many rows it gave."""
    found: Counter[str] = Counter()
    for table, path in reading.paths.items():
        if ruleset.spec.table(table).layout == "wide":
            places = ds.dataset(path).to_table(["_file", "_row"]).to_pylist()
            found.update(file for file, _ in {(each["_file"], each["_row"]) for each in places})
            continue
        for batch in ds.dataset(path).to_batches(columns=["_file"]):
            for item in pc.value_counts(batch["_file"]).to_pylist():
                found[item["values"]] += item["counts"]
    return found
