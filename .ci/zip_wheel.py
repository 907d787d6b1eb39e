"""Turn the wheel into the zip that `spark-submit --py-files` ships: python zip_wheel.py WHEEL ZIP.

A wheel works on the driver and not on executors, hence a zip with the package at its root. The same
wheel gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

OLDEST = (1980, 1, 1, 0, 0, 0)


def zip_wheel(wheel: Path, target: Path) -> None:
    """Write the wheel's package, without its metadata, sorted and undated, to `target`."""
    with ZipFile(wheel) as source, ZipFile(target, "w", ZIP_DEFLATED) as out:
        for name in sorted(source.namelist()):
            if ".dist-info/" in name or name.endswith("/"):
                continue
            entry = ZipInfo(name, OLDEST)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            out.writestr(entry, source.read(name))


if __name__ == "__main__":
    zip_wheel(Path(sys.argv[1]), Path(sys.argv[2]))
