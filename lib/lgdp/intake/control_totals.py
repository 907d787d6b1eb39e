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

    A file that was refused already, or is the same as another, has no rows to be counted.
    """
    settled = {
        finding.file
        for finding in reading.findings
        if finding.severity == "critical" or finding.code in ("SAME_CONTENT", "LEFT_ASIDE")
    }
    left = {name: total for name, total in totals.items() if name not in settled}
    if not left:
        return
    found = _rows_by_file(reading, ruleset)
    for name, total in sorted(left.items()):
        # The files of an archive have names that begin with the archive's.
        rows = sum(
            count for file, count in found.items() if file == name or file.startswith(f"{name}/")
        )
        if rows != total:
            message = (
                f"The file has {rows:,} rows, the manifest says {total:,}; send the whole file, or "
                "a manifest with the right number."
            )
            yield Finding(name, "CONTROL_TOTAL", "critical", message)


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
