"""Writing an error report to the kind of file that its name asks for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from lgdp.errors import UsageError
from lgdp.reports.error_report import ErrorReport

Writer = Callable[[ErrorReport, Path], None]
SUFFIXES = (".xlsx", ".csv", ".html")


def writer_for(path: Path) -> Writer:
    """What writes a file of this name; UsageError for a name that promises another kind."""
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        from lgdp.reports.xlsx import write_xlsx

        return write_xlsx
    if suffix == ".csv":
        from lgdp.reports.csv_file import write_csv

        return write_csv
    if suffix == ".html":
        from lgdp.reports.html_page import write_html

        return write_html
    raise UsageError(
        f"a report can't be written to '{path.name}'; end its name in {', '.join(SUFFIXES)}"
    )


def write_report(report: ErrorReport, path: Path) -> None:
    """Write a report; a reader sees the file of before or the new one, never a part of it.

    Raises UsageError when the folder is not there or can't be written to.
    """
    replace_file(path, lambda part: writer_for(path)(report, part))


def replace_file(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a file beside `path` and put it in its place."""
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".lgdp-") as folder:
            part = Path(folder) / path.name
            write(part)
            part.replace(path)
    except OSError as error:
        raise UsageError(f"'{path}' can't be written: {error.strerror or error}") from error
