"""CSV files of the configuration, read strictly: a known header, every row as long as it."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path

from lgdp.errors import Problem


def read_rows(
    path: Path, header: Sequence[str], shown: str, problems: list[Problem]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and row of every line below the header; what is wrong goes to `problems`.

    A file named `.gz` is unpacked.
    """
    if not path.is_file():
        problems.append(Problem(shown, "", "is missing"))
        return
    line = 1
    try:
        # A spreadsheet puts a byte-order mark in front.
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            found = next(reader, [])
            if found != list(header):
                message = f"expected {','.join(header)}, found {','.join(found)}"
                problems.append(Problem(shown, "header", message))
                return
            for row in reader:
                line = reader.line_num
                if len(row) == len(header):
                    yield line, dict(zip(header, row, strict=True))
                elif row:
                    message = f"has {len(row)} fields; expected {len(header)}"
                    problems.append(Problem(shown, f"line {line}", message))
    except UnicodeDecodeError:
        problems.append(Problem(shown, "", "is not text in UTF-8"))
    except (gzip.BadGzipFile, EOFError):
        problems.append(Problem(shown, "", "is not a whole gzip file"))
    except csv.Error as error:
        problems.append(Problem(shown, f"after line {line}", f"is not CSV: {error}"))
